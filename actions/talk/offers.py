"""Requests offered as buttons: what they are called, and what pressing them says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from actions.talk.turn import Turn
from actions.wording import matters

PENDING = "did_you_mean"
"""The slot `pending` while the question is open which of two requests was meant."""
_LONGEST_PAYLOAD = 200


def ask(turn: Turn, response: str, payloads: Sequence[str]) -> None:
    """Ask which of these two was meant."""
    first, second = payloads
    turn.say(
        response,
        first=title(turn, first),
        first_payload=first,
        second=title(turn, second),
        second_payload=second,
    )


def payload(intent: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """The button for a request, with what was said about it; e-mails don't travel in buttons."""
    told = {each["entity"]: each["value"] for each in entities if each["entity"] != "email"}
    full = f"/{intent}{json.dumps(told, ensure_ascii=False)}" if told else f"/{intent}"
    return full if len(full) <= _LONGEST_PAYLOAD else f"/{intent}"


def title(turn: Turn, payload: str) -> str:
    """What the request behind a button is called."""
    intent = payload.lstrip("/").split("{", 1)[0]
    return matters.title(intent, turn.language) or intent
