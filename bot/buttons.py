"""What a pressed button says, in the words of today's domain."""

from __future__ import annotations

import json
import re

import orjson
from rasa.shared.core.domain import Domain

from bot.asked import QUESTION

_PRESSED = re.compile(r"/(\w+)\s*(\{.*\})?", re.DOTALL)


def known(payload: str, domain: Domain) -> tuple[str | None, str | None]:
    """The payload without what the domain knows no more, and the question that it stood under.

    The payload is None when its intent is gone, the question when it stood under none.

    A shopper may press a button that was sent before the bot changed. Rasa would then quote the
    whole payload in its log, an order number included.
    """
    pressed = _PRESSED.fullmatch(payload.strip())
    if pressed is None or pressed[1] not in domain.intents:
        return None, None
    try:
        told = orjson.loads(pressed[2] or "{}")
    except orjson.JSONDecodeError:
        return None, None
    asked = told.get(QUESTION)
    left = {name: value for name, value in told.items() if name in domain.entities}
    payload = f"/{pressed[1]}" + (json.dumps(left) if left else "")
    return payload, asked if isinstance(asked, str) else None
