"""Why isn't it here?"""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.talk import asking
from actions.talk.act import Act
from actions.talk.turn import Turn


class ActionCheckDelivery(Act):
    """Compares the promised day with today, honestly, and offers a person."""

    def name(self) -> str:
        """As in the domain."""
        return "action_check_delivery"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order and show it."""
        return await asking.about(turn, self.outside, "late", turn.order_number)
