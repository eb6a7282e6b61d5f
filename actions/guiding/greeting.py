"""Return a greeting."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

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
        if turn.is_greeted:
            turn.say("utter_greet_again")
        elif name:
            turn.say("utter_greet_by_name", first_name=name)
        else:
            turn.say("utter_greet")
        named: list[EventType] = []
        if name and not turn.is_greeted:
            named = [SlotSet("named_on", today)]
        return [*named, SlotSet("greeted", True), SlotSet("pending", "menu")]
