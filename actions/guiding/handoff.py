"""A person is wanted, offered or declined."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.talk import people
from actions.talk.act import Act
from actions.talk.turn import Turn

_REASONS = {"complaint": "complaint", "fraud_report": "fraud"}


class ActionHandOver(Act):
    """Gives the conversation to people."""

    def name(self) -> str:
        """As in the domain."""
        return "action_hand_over"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Hand over for the reason that the message gives."""
        reason = "urgent" if turn.is_urgent else _REASONS.get(turn.intent, "wish")
        return await people.call(turn, self.outside.desk, reason)


class ActionOfferPerson(Act):
    """Offers a person to whoever has neither number nor e-mail."""

    def name(self) -> str:
        """As in the domain."""
        return "action_offer_person"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Ask whether a person is wanted."""
        turn.say("utter_offer_person")
        return [*people.forget_questions(), SlotSet("pending", "talk_to_human")]


class ActionDeclineHandover(Act):
    """Goes on without a person."""

    def name(self) -> str:
        """As in the domain."""
        return "action_decline_handover"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Stay with the shopper."""
        turn.say("utter_handover_declined")
        return people.forget_questions()
