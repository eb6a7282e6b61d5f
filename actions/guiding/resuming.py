"""A flow goes on after something else was said in the middle of it."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.talk import flows
from actions.talk.act import Act
from actions.talk.turn import Turn


class ActionResumeFlow(Act):
    """Says the open question again, after a sentence that no action says."""

    def name(self) -> str:
        """As in the domain."""
        return "action_resume_flow"

    async def answer(self, turn: Turn) -> list[EventType]:
        """What is open is asked again after every action; who waits for people gets them."""
        if turn.flow.get(flows.CALLS_PEOPLE):
            return await flows.take(turn, self.outside) or []
        return []
