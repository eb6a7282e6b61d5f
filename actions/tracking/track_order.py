"""Where is my order?"""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.talk import asking
from actions.talk.act import Act
from actions.talk.turn import Turn


class ActionTrackOrder(Act):
    """Says where the order is and how to follow it."""

    def name(self) -> str:
        """As in the domain."""
        return "action_track_order"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order and show it."""
        return await asking.about(turn, self.outside, "track", turn.order_number)
