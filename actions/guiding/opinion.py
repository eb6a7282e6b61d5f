"""An opinion or a score that nobody asked for."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.guiding import hints
from actions.talk.act import Act
from actions.talk.turn import Turn


class ActionHearOpinion(Act):
    """Offers to pass it on; a bare number in a flow is its answer and no score."""

    def name(self) -> str:
        """As in the domain."""
        return "action_hear_opinion"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Go on with the flow, or offer people."""
        answered = await hints.of_flow(turn, self.outside)
        if answered is not None:
            return answered
        turn.say("utter_rate")
        return [SlotSet("pending", "talk_to_human")]
