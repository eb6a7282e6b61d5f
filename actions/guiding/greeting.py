"""Return a greeting."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.talk import flows
from actions.talk.act import Act
from actions.talk.turn import Turn
from actions.wording import dates
from actions.wording.names import first_name


class ActionGreet(Act):
    """Greets with the menu, and with the first name at most once a day."""

    def name(self) -> str:
        """As in the domain."""
        return "action_greet"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Say hello."""
        today = dates.today().isoformat()
        name = first_name(turn.contact_name) if turn.named_on != today else None
        offered = await self._offered_again(turn, name)
        if offered is not None:
            return [*_named(name, today), SlotSet("greeted", True), *offered]
        if turn.is_greeted:
            turn.say("utter_greet_again")
        elif name:
            turn.say("utter_greet_by_name", first_name=name)
        else:
            turn.say("utter_greet")
        return [
            *_named(None if turn.is_greeted else name, today),
            SlotSet("greeted", True),
            SlotSet("pending", "menu"),
        ]

    async def _offered_again(self, turn: Turn, name: str | None) -> list[EventType] | None:
        """Greet whoever left something halfway with that, and no menu."""
        if not await flows.has_left_halfway(turn, self.outside):
            return None
        if name:
            turn.say("utter_greet_back_by_name", first_name=name)
        else:
            turn.say("utter_greet_back")
        return flows.offer_again(turn)


def _named(name: str | None, today: str) -> list[EventType]:
    return [SlotSet("named_on", today)] if name else []
