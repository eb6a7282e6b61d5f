"""What wasn't understood, and what a shop doesn't do."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.guiding import hints, tempers
from actions.talk import articles, asking, flows, guessing, offers, people, questions
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import matters

# "É da minha mãe" is an answer of a kind to these, however far from any matter of a shop's.
_ASKED = frozenset({"order_number", "order_email", "order_choice"})
_MOST_BUTTONS = 3


class ActionDefaultFallback(Act):
    """Takes the place of Rasa's own fallback, and counts."""

    def name(self) -> str:
        """As in the domain."""
        return "action_default_fallback"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Use a number or e-mail that is there; else ask what was meant; at last call a person."""
        given = await _helped(turn, self.outside)
        return given if given is not None else await guessing.ask(turn, self.outside.desk)


class ActionRejectGuesses(Act):
    """Goes on when neither of the two that were offered was meant."""

    def name(self) -> str:
        """As in the domain."""
        return "action_reject_guesses"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Ask for other words, with the menu; the third time call a person."""
        return await guessing.reject(turn, self.outside.desk)


class ActionDeclineRequest(Act):
    """Says that something is beyond a shop's desk, and counts."""

    def name(self) -> str:
        """As in the domain."""
        return "action_decline_request"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Use a number or an e-mail that is there; else decline; the third time call a person."""
        given = await _helped(turn, self.outside)
        if given is not None:
            return given
        is_flow = turn.pending == flows.PENDING and turn.flow
        if is_flow or (turn.pending in _ASKED and "?" not in turn.text):
            return await questions.repeat(turn, self.outside.desk)
        return await people.call_at_last(
            turn,
            self.outside.desk,
            ("utter_out_of_scope", "utter_out_of_scope_again"),
            pending="menu",
        )


class ActionTakeNo(Act):
    """Hears a "no" when nothing was asked: an article that didn't help, or no further wish."""

    def name(self) -> str:
        """As in the domain."""
        return "action_take_no"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Offer a person to whom the article didn't help; else leave it at that."""
        if not await articles.unhelpful(turn, self.outside):
            turn.say("utter_nothing_else")
            return []
        turn.say("utter_article_unhelpful")
        return [SlotSet("answered", None), SlotSet("pending", "talk_to_human")]


class ActionTakeYes(Act):
    """Hears a "yes" when nothing was asked: what was left halfway long ago may be meant."""

    def name(self) -> str:
        """As in the domain."""
        return "action_take_yes"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Ask whether that is meant, or say that all is well."""
        if await flows.has_left_halfway(turn, self.outside):
            return flows.offer_again(turn)
        turn.say("utter_all_good")
        return []


class ActionOfferOtherRequest(Act):
    """Promises an answer to what else a message asks, when what came before led to a question."""

    def name(self) -> str:
        """As in the domain."""
        return "action_offer_other_request"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Offer each as a button; what has no name can't be offered."""
        payloads = [
            offers.payload(_intent_of(other), other.get("entities") or [])
            for other in _others(turn)
            if matters.title(_intent_of(other), turn.language)
        ]
        if len(payloads) == 1:
            matter = offers.title(turn, payloads[0])
            turn.say("utter_other_request", matter=matter, payload=payloads[0])
        elif payloads:
            buttons = [{"title": offers.title(turn, one), "payload": one} for one in payloads]
            turn.say("utter_other_requests", buttons=buttons[:_MOST_BUTTONS])
        # What is open was asked a moment ago.
        return [SlotSet("flow", turn.flow)] if turn.flow else []


def _others(turn: Turn) -> list[dict[str, Any]]:
    """What the message asks besides, in its order."""
    found, other = [], turn.other_request
    while other:
        found.append(other)
        other = other.get("also")
    return found


def _intent_of(other: dict[str, Any]) -> str:
    return str((other.get("intent") or {}).get("name"))


async def _helped(turn: Turn, outside: Outside) -> list[EventType] | None:
    """What helps after all: the answer to a question, a number or an e-mail, calm, an article."""
    for helps in (
        hints.of_flow,
        asking.with_what_was_given,
        tempers.after_insult,
        articles.for_lost,
    ):
        given = await helps(turn, outside)
        if given is not None:
            return given
    return None
