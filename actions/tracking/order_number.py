"""An order number or an e-mail was given, or the question for it wasn't answered."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.talk import asking, flows, questions
from actions.talk.act import Act
from actions.talk.turn import Turn


class ActionUseOrderNumber(Act):
    """Answers the question that was waiting for an order number."""

    def name(self) -> str:
        """As in the domain."""
        return "action_use_order_number"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Show the order, or ask again when there is no number in the message."""
        given = await flows.take(turn, self.outside)
        if given is None:
            given = await asking.with_what_was_given(turn, self.outside)
        return given if given is not None else await questions.repeat(turn, self.outside.desk)


class ActionCheckOrderEmail(Act):
    """Compares an e-mail with the order that waits for it."""

    def name(self) -> str:
        """As in the domain."""
        return "action_check_order_email"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Show the order if the e-mail is the order's; without an order, ask which one."""
        given = await flows.take(turn, self.outside)
        if given is None:
            given = await asking.with_what_was_given(turn, self.outside)
        if given is not None:
            return given
        if turn.email is None:
            return await questions.repeat(turn, self.outside.desk)
        turn.say("utter_email_without_order")
        return [
            SlotSet("given_email", turn.email),
            SlotSet("pending", "order_number"),
            SlotSet("failed_attempts", 0),
        ]


class ActionAnswerQuestion(Act):
    """Gives a "yes" or a "no" to the flow that asked."""

    def name(self) -> str:
        """As in the domain."""
        return "action_answer_question"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Go on, or ask again when that is no answer."""
        given = await flows.take(turn, self.outside)
        return given if given is not None else await questions.repeat(turn, self.outside.desk)


class ActionRepeatQuestion(Act):
    """Asks again what a "yes" didn't answer."""

    def name(self) -> str:
        """As in the domain."""
        return "action_repeat_question"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Ask again, a limited number of times."""
        return await questions.repeat(turn, self.outside.desk)
