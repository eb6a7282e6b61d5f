"""Turn a number into what it stands for."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.talk import asking, flows, guessing, offers, people, questions
from actions.talk.act import Act
from actions.talk.turn import Turn
from actions.wording.choices import LAST, number_in

_TRACK, _STATUS, _PERSON = 1, 2, 3


class ActionChooseOption(Act):
    """Picks from the question asked last, or from the menu when it had no numbers."""

    def name(self) -> str:
        """As in the domain."""
        return "action_choose_option"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Do what the number stands for; without a number, show the menu."""
        given = await flows.take(turn, self.outside)
        if given is not None:
            return given
        number = number_in(turn.text)
        if number is None:
            turn.say("utter_menu")
            return [*people.forget_questions(), SlotSet("pending", "menu")]
        return await self._from_question(turn, number)

    async def _from_question(self, turn: Turn, number: int) -> list[EventType]:
        """Answer what is open with it; what had no numbers leaves the menu's."""
        if turn.pending == "order_choice" and turn.offered_orders:
            return await self._from_orders(turn, number)
        if turn.pending == offers.PENDING and turn.offered_requests:
            return await guessing.choose(turn, self.outside.desk, number)
        if turn.pending == flows.PENDING and turn.flow:
            return await questions.repeat(turn, self.outside.desk)
        if turn.pending == "talk_to_human" and number in (1, 2):
            return await self._from_offer(turn, number)
        return await self._from_menu(turn, _PERSON if number == LAST else number)

    async def _from_offer(self, turn: Turn, number: int) -> list[EventType]:
        if number == 1:
            return await people.call(turn, self.outside.desk, "wish")
        turn.say("utter_handover_declined")
        return people.forget_questions()

    async def _from_orders(self, turn: Turn, number: int) -> list[EventType]:
        offered = turn.offered_orders
        place = len(offered) if number == LAST else number
        if 1 <= place <= len(offered):
            return await asking.about(turn, self.outside, turn.topic, offered[place - 1])
        return await questions.repeat(turn, self.outside.desk)

    async def _from_menu(self, turn: Turn, number: int) -> list[EventType]:
        if number == _TRACK:
            return await asking.afresh(turn, self.outside, "track")
        if number == _STATUS:
            return await asking.afresh(turn, self.outside, "status")
        if number == _PERSON:
            return await people.call(turn, self.outside.desk, "wish")
        return await people.call_at_last(
            turn, self.outside.desk, ("utter_menu_number_unknown",) * 2, pending="menu"
        )
