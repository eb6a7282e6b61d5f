"""What all actions have in common: they never raise, and never keep quiet about trouble."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.talk import (
    articles,
    asking,
    calming,
    contents,
    costs,
    flows,
    interrupting,
    people,
    questions,
    sending_back,
)
from actions.talk.desk import DeskError
from actions.talk.outside import Outside, connect
from actions.talk.turn import Turn
from order_system.protocol import OrderSystemError

logger = logging.getLogger(__name__)
# At INFO it logs the address of every request, and some hold a phone number.
logging.getLogger("httpx2").setLevel(logging.WARNING)

Listener = Callable[[Turn, Outside], Awaitable[list[EventType] | None]]
# Who hears a message before the action that its intent leads to: what is open comes first, then
# questions that may be taken for something else.
_ANSWERS: tuple[Listener, ...] = (
    questions.late_button,
    calming.in_flow,
    costs.in_flow,
    flows.take_first,
    asking.chosen_by_item,
    interrupting.other_one,
)
_QUESTIONS: tuple[Listener, ...] = (
    contents.asked,
    flows.news_of_exchange,
    flows.due_date,
    sending_back.costs_are_asked,
    articles.instead,
)


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
                events = await _first_of(_ANSWERS, turn, self.outside)
                is_digression = events is None
                if events is None:
                    events = await _first_of(_QUESTIONS, turn, self.outside)
                if events is None:
                    events = await self.answer(turn)
                aside = flows.laid_aside(turn, events, is_digression=is_digression)
                events = [*events, *aside]
                events = [*events, *flows.after_digression(turn, events)]
                return [*events, *await flows.offered_again(turn, self.outside, events)]
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


async def _first_of(
    listeners: Sequence[Listener], turn: Turn, outside: Outside
) -> list[EventType] | None:
    """What the first that takes the message does with it; None where none does."""
    for listener in listeners:
        events = await listener(turn, outside)
        if events is not None:
            return events
    return None
