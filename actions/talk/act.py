"""What all actions have in common: they never raise, and never keep quiet about trouble."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.talk import articles, asking, flows, interrupting, people
from actions.talk.desk import DeskError
from actions.talk.outside import Outside, connect
from actions.talk.turn import Turn
from order_system.protocol import OrderSystemError

logger = logging.getLogger(__name__)
# At INFO it logs the address of every request, and some hold a phone number.
logging.getLogger("httpx2").setLevel(logging.WARNING)


class Act(Action, ABC):
    """An action that may ask the outside; a service that is down ends in an honest sentence."""

    def __init__(self, outside: Outside | None = None) -> None:
        """Without `outside`, the services that the environment names, once they are needed."""
        self._given = outside

    @property
    def outside(self) -> Outside:
        """The desk and the order system."""
        return self._given or connect()

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002
    ) -> list[EventType]:
        """Answer the turn, or give it to a person, or have the channel try it again."""
        turn = Turn(dispatcher, tracker)
        try:
            try:
                events = await flows.take_first(turn, self.outside)
                if events is None:
                    events = await asking.chosen_by_item(turn, self.outside)
                if events is None:
                    events = await interrupting.other_one(turn, self.outside)
                is_digression = events is None
                if events is None:
                    events = await articles.instead(turn, self.outside)
                if events is None:
                    events = await self.answer(turn)
                aside = flows.laid_aside(turn, events, is_digression=is_digression)
                events = [*events, *aside]
                return [*events, *flows.after_digression(turn, events)]
            except OrderSystemError as error:
                logger.warning("%s: no order system: %s", self.name(), error.reason)
                return await people.call(turn, self.outside.desk, "order_system_down")
        except DeskError as error:
            logger.warning("%s: no desk: %s", self.name(), error)
            turn.fail(error.code)
            return people.forget_questions()

    @abstractmethod
    async def answer(self, turn: Turn) -> list[EventType]:
        """Say what there is to say; returns what to remember."""
