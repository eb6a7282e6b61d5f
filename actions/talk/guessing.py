"""Which of two requests was meant: asked with buttons, and done as if it had been said."""

from __future__ import annotations

import json
import re
import unicodedata

from rasa_sdk.events import ActionExecuted, EventType, SlotSet, UserUttered

from actions.talk import offers, people, questions
from actions.talk.desk import Desk
from actions.talk.turn import Turn
from actions.wording import matters
from actions.wording.choices import LAST

# What both together must be worth: two guesses out of nothing are no question to ask.
_LEAST = 0.3
_OFFERED = 2
_FOREIGN = "out_of_scope"
# An answer to one of these is awaited, and asking something else would lose it.
_AWAITED = frozenset({"order_number", "order_email", "order_choice", "flow"})
_WORD = re.compile(r"\w+")


async def ask(turn: Turn, desk: Desk) -> list[EventType]:
    """Ask which of the two likeliest was meant, or what is open once more.

    The question itself is no failed attempt; not to choose from it is one.
    """
    typed = _typed(turn)
    if typed:
        return do(turn, typed)
    unchosen = turn.failed_attempts + (turn.pending == offers.PENDING)
    if unchosen >= people.MOST_ATTEMPTS:
        return await people.call(turn, desk, "failed_attempts")
    payloads = [] if turn.pending in _AWAITED else _likely(turn)
    if not payloads:
        return await questions.repeat(turn, desk, before=unchosen)
    offers.ask(turn, "utter_did_you_mean", payloads)
    return [
        SlotSet("failed_attempts", unchosen),
        SlotSet("pending", offers.PENDING),
        SlotSet("offered_requests", {"payloads": payloads, "failed": unchosen}),
    ]


async def choose(turn: Turn, desk: Desk, number: int) -> list[EventType]:
    """Do what the number stands for; the one behind the offered ones is "neither"."""
    payloads = turn.offered_requests
    if 1 <= number <= len(payloads):
        return do(turn, payloads[number - 1])
    if number in (LAST, len(payloads) + 1):
        return await reject(turn, desk)
    return await questions.repeat(turn, desk)


async def reject(turn: Turn, desk: Desk) -> list[EventType]:
    """Neither was meant: an attempt that came to nothing, and the way on."""
    return await people.call_at_last(
        turn,
        desk,
        ("utter_neither", "utter_not_understood_again"),
        pending="menu",
        before=turn.failed_before_offer,
    )


def do(turn: Turn, payload: str) -> list[EventType]:
    """Hear the request as if it had been said, so that its own rule answers it."""
    intent, brace, told = payload.removeprefix("/").partition("{")
    values = json.loads(brace + told) if told else {}
    heard = UserUttered(
        payload,
        parse_data={
            "text": payload,
            "intent": {"name": intent, "confidence": 1.0},
            "entities": [{"entity": name, "value": value} for name, value in values.items()],
            "language": turn.detected_language,
        },
    )
    return [
        SlotSet("pending", None),
        SlotSet("offered_requests", None),
        ActionExecuted("action_listen"),
        {**heard, **turn.of_message()},
    ]


def hear_as(turn: Turn, intent: str) -> list[EventType]:
    """Hear the same words once more as what they want first of all."""
    heard = UserUttered(
        turn.text,
        parse_data={
            "text": turn.text,
            "intent": {"name": intent, "confidence": 1.0},
            "entities": turn.entities,
            "language": turn.detected_language,
            **({"also": turn.other_request} if turn.other_request else {}),
        },
    )
    return [ActionExecuted("action_listen"), {**heard, **turn.of_message()}]


def _likely(turn: Turn) -> list[str]:
    """The buttons of the two likeliest that have a name, unless it is likelier none of ours."""
    ranking = turn.ranking
    best = [(intent, share) for intent, share in ranking if matters.title(intent, turn.language)]
    best = best[:_OFFERED]
    is_foreign = ranking[:1] and ranking[0][0] == _FOREIGN
    if is_foreign or len(best) < _OFFERED or sum(share for _, share in best) < _LEAST:
        return []
    return [offers.payload(intent, turn.entities) for intent, _ in best]


def _typed(turn: Turn) -> str | None:
    """The offered request whose name was typed instead of pressed."""
    if turn.pending != offers.PENDING:
        return None
    said = _words(turn.text)
    fits = [
        offered
        for offered in turn.offered_requests
        if said and said <= _words(offers.title(turn, offered))
    ]
    return fits[0] if len(fits) == 1 else None


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return set(_WORD.findall("".join(part for part in plain if not unicodedata.combining(part))))
