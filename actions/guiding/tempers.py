"""Whoever calls names gets a calm answer, and a person if they like."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.talk import people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import grievances


async def after_insult(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Offer a person; the second time call one. None where nobody is insulted.

    It is no attempt at anything, so that it counts as none.
    """
    if turn.is_button or not grievances.is_insult(turn.text):
        return None
    if turn.pending == "talk_to_human":
        return await people.call(turn, outside.desk, "wish")
    turn.say("utter_insulted")
    return [SlotSet("pending", "talk_to_human"), SlotSet("failed_attempts", 0)]
