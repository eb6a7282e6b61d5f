"""Which question a button answers, so that an old one answers no other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

QUESTION = "question"
"""Beside what a button says: the question it stands under."""
LATE = "late_button"
"""Of a message: a button was pressed whose question is not the one that is open."""
_ANSWER = re.compile(r"/(?:affirm|deny|menu_choice)\b")  # the others say all that they mean
# What changes in a flow while its question stays.
_ASIDE = frozenset({"told", "left_on", "tries"})


def question(slots: Mapping[str, Any]) -> str | None:
    """A short name of the question that is open; None when none is."""
    pending, flow = slots.get("pending"), slots.get("flow")
    if not pending:
        return None
    told = {key: part for key, part in (flow or {}).items() if key not in _ASIDE}
    asked = json.dumps([pending, told], sort_keys=True, default=str)
    return sha256(asked.encode()).hexdigest()[:8]


def under(asked: str | None, button: Mapping[str, Any]) -> dict[str, Any]:
    """The button as it goes out: with the question it stands under, if it needs one."""
    payload = str(button.get("payload") or "")
    if asked is None or not _ANSWER.match(payload):
        return dict(button)
    intent, brace, told = payload.partition("{")
    values = json.loads(brace + told) if brace else {}
    return {**button, "payload": intent + json.dumps({**values, QUESTION: asked})}


def is_late(stood_under: str | None, slots: Mapping[str, Any]) -> bool:
    """Whether a button that stood under a question is pressed when that isn't open."""
    return stood_under is not None and stood_under != question(slots)
