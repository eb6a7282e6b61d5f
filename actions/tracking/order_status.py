"""How is my order going?"""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.talk import asking
from actions.talk.act import Act
from actions.talk.turn import Turn


class ActionShowOrderStatus(Act):
    """Says how far the order has come and when it arrives."""

    def name(self) -> str:
        """As in the domain."""
        return "action_show_order_status"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order and show it."""
        return await asking.about(turn, self.outside, "status", turn.order_number)
