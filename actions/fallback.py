"""What wasn't understood, and what a shop doesn't do."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import asking, people, questions
from actions.act import Act
from actions.turn import Turn


class ActionDefaultFallback(Act):
    """Takes the place of Rasa's own fallback, and counts."""

    def name(self) -> str:
        """As in the domain."""
        return "action_default_fallback"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Use a number or an e-mail that is there; else ask again; the third time call a person."""
        given = await asking.with_what_was_given(turn, self.outside)
        return given if given is not None else await questions.repeat(turn, self.outside.desk)


class ActionDeclineRequest(Act):
    """Says that something is beyond a shop's desk, and counts."""

    def name(self) -> str:
        """As in the domain."""
        return "action_decline_request"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Use a number or an e-mail that is there; else decline; the third time call a person."""
        given = await asking.with_what_was_given(turn, self.outside)
        if given is not None:
            return given
        return await people.call_at_last(
            turn,
            self.outside.desk,
            ("utter_out_of_scope", "utter_out_of_scope_again"),
            pending="menu",
        )
