"""Whoever calls names in the middle of a question gets a calm answer, and the question again."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, SlotSet

from actions.talk import flows, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import grievances, reasons
from actions.wording.plain import plain

_INSULTED = "insulted"
_LONGEST = 6  # words: whoever writes more says something besides
# What names are called in; an answer to the question that comes along with them is one.
_HEARD_AS = frozenset(
    {
        "complaint",
        "fraud_report",
        "goodbye",
        "nlu_fallback",
        "out_of_scope",
        "rate",
        "talk_to_human",
    }
)
_PERSON = re.compile(
    r"\b(?:pessoa|human\w*|atendente|alguem|gente|person|agent|someone|somebody)\b"
)


async def in_flow(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Ask the open question again, calmly; the second time call a person with all that is known.

    It is no attempt at an answer, so that it counts as none. None where nobody is insulted, and
    where people come anyway.
    """
    is_open = turn.pending == flows.PENDING and bool(turn.flow) and turn.has_just_spoken
    if not is_open or turn.flow.get(flows.CALLS_PEOPLE) or not _is_mere_insult(turn):
        return None
    if turn.flow.get(_INSULTED):
        return await people.call(turn, outside.desk, "wish")
    turn.say("utter_insulted_in_flow")
    flows.ask_again(turn)
    return [SlotSet("flow", {**turn.flow, _INSULTED: True}), SlotSet("pending", flows.PENDING)]


def _is_mere_insult(turn: Turn) -> bool:
    if turn.is_button or turn.intent not in _HEARD_AS or not grievances.is_insult(turn.text):
        return False
    said = plain(turn.text)
    says_more = (
        turn.entities
        or reasons.reason_in(turn.text)
        or _PERSON.search(said)
        or any(letter.isdigit() for letter in said)
    )
    return not says_more and len(said.split()) <= _LONGEST
