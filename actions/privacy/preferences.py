"""Who wants no more messages gets none; single words (SAIR, STOP) the desk obeys by itself."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.talk import people
from actions.talk.act import Act
from actions.talk.turn import Turn

_OPTIONAL = ("proactive", "rating", "marketing")


class ActionOptOut(Act):
    """Takes a contact off every list, and says so."""

    def name(self) -> str:
        """As in the domain."""
        return "action_opt_out"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Write the wish down in the contact's own words, then confirm it."""
        await self.outside.desk.record_consent(
            turn.conversation,
            turn.message_id,
            purposes=_OPTIONAL,
            granted=False,
            words=turn.text,
            cause="said",
        )
        turn.say("utter_opt_out")
        return people.forget_questions()
