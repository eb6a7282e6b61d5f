"""Give the conversation to people, and tell the shopper honestly that it was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk.desk import Desk
from actions.talk.turn import Turn

MOST_ATTEMPTS = 3
_SAID = {
    "wish": "utter_handed_over_wish",
    "urgent": "utter_handed_over_urgent",
    "failed_attempts": "utter_handed_over_failed_attempts",
    "order_system_down": "utter_handed_over_order_system_down",
    "order_proof": "utter_handed_over_order_proof",
    "complaint": "utter_handed_over_complaint",
    "fraud": "utter_handed_over_fraud",
    "media": "utter_handed_over_media",
    "needs_people": "utter_handed_over_needs_people",
}
_LONGEST_SUMMARY = 500
LONGEST_SUBJECT = 120
"""What a ticket's subject holds."""
_PRIORITIES = {"urgent": "urgent", "fraud": "urgent", "complaint": "high"}


async def call(
    turn: Turn,
    desk: Desk,
    reason: str,
    response: str | None = None,
    told: Mapping[str, str] | None = None,
    **values: Any,
) -> list[EventType]:
    """Hand over for `reason`, then say so in its words or in `response`, filled with `values`.

    `told` is what a flow has collected, in words for people; without it, what it remembers.
    """
    told = turn.told if told is None else told
    number = told.get("order_number") or (
        turn.order_number or turn.unproven_order or turn.shown_order
    )
    findings = turn.findings(f"#{number}" if number else None)
    findings["slots"] = {**findings["slots"], **told}
    if reason == "failed_attempts":
        findings["failed_attempts"] = MOST_ATTEMPTS  # this one included
    called = await desk.hand_over(
        turn.conversation,
        turn.message_id,
        reason=reason,
        summary=summary(number, told),
        priority=_PRIORITIES.get(reason),
        details=findings,
    )
    turn.say(
        response or _SAID[reason],
        ticket=str(called.ticket),
        wait=called.wait_in(turn.language),
        **values,
    )
    return [*forget_questions(), SlotSet("unfinished", None)]


async def call_at_last(
    turn: Turn, desk: Desk, said: tuple[str, str], pending: str, before: int | None = None
) -> list[EventType]:
    """Count an attempt that came to nothing: say the next of `said`, and the third time call.

    `before` are the failed attempts before this one, where they aren't those remembered.
    """
    attempts = (turn.failed_attempts if before is None else before) + 1
    if attempts >= MOST_ATTEMPTS:
        return await call(turn, desk, "failed_attempts")
    turn.say(said[attempts - 1])
    return [SlotSet("failed_attempts", attempts), SlotSet("pending", pending)]


def summary(number: str | None, told: Mapping[str, str]) -> str | None:
    """What is known, in one line: `#48213 · Tênis Brisa (38, preto) · Com defeito`."""
    rest = [words for name, words in told.items() if name != "order_number" and words]
    return " · ".join([f"#{number}"] * bool(number) + rest)[:_LONGEST_SUMMARY] or None


def forget_questions() -> list[EventType]:
    """Nothing is open any more."""
    return [
        SlotSet("pending", None),
        SlotSet("failed_attempts", 0),
        SlotSet("unproven_order", None),
        SlotSet("offered_orders", None),
        SlotSet("offered_requests", None),
        SlotSet("flow", None),
    ]
