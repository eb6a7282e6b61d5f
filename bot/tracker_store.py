"""Rasa's memory of a conversation: one bounded row, one read and one write per turn."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from typing import Any

import orjson
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import patches, shortcuts, turn
from bot.rows import MemoryRows, PostgresRows, Rows
from bot.tracker import DeskTracker, state_of

logger = logging.getLogger(__name__)


class DeskTrackerStore(TrackerStore):
    """Trackers in PostgreSQL, or in memory when the variable in `url_from` is not set.

    Errors are raised, never answered from an empty memory; two writers of one conversation can't
    overwrite each other; a message id that was answered before raises `AlreadyAnsweredError`, and a
    turn that comes after a later one `TurnFailedError`. All of it holds for any number of servers.
    """

    # Tells bot.patches to keep Rasa's fail-safe wrapper, which hides errors, away.
    is_loud = True

    def __init__(
        self,
        domain: Domain | None = None,
        host: EndpointConfig | None = None,
        event_broker: EventBroker | None = None,
        *,
        url_from: str = "DESK_DATABASE_URL",
        turns_kept: int = 4,
        answers_kept: int = 8,
        max_connections: int = 8,
        **kwargs: Any,
    ) -> None:
        """The settings of `tracker_store` in endpoints.yml."""
        super().__init__(domain, event_broker, **kwargs)
        self._turns_kept = turns_kept
        self._answers_kept = answers_kept
        self._rows = _rows(url_from, max_connections)
        patches.apply()
        shortcuts.apply()

    async def retrieve(self, sender_id: str) -> DeskTracker | None:
        """The conversation's tracker; raises when the current turn was answered before."""
        row = await self._rows.read(sender_id)
        if row is None:
            return None
        version, state = row
        tracker = DeskTracker.of_row(sender_id, self.domain.slots, version, orjson.loads(state))
        if heard := turn.current.get():
            for answer in tracker.answers:
                if answer["message_id"] == heard.message_id:
                    raise turn.AlreadyAnsweredError(answer)
            # Whoever brings it was held up so long that others have ended it, and gone on.
            if heard.number is not None and heard.number < tracker.number:
                raise turn.TurnFailedError("outdated")
            if heard.meanwhile is not None:
                tracker.catch_up(heard.meanwhile)
            tracker.talk_about(heard.about_order)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker and, in the same row, the answer of the current turn."""
        seen, answers, number = await self._seen(tracker)
        heard = turn.current.get()
        if heard is not None:
            _refuse_if_failed(heard, tracker)
            answers = [*answers, heard.answer(tracker)][-self._answers_kept :]
            number = max(number, heard.number or 0)
        if self.event_broker is not None:
            await self.stream_events(tracker)
        state = orjson.dumps(state_of(tracker, answers, self._turns_kept, number))
        if not await self._rows.write(tracker.sender_id, seen, state):
            raise turn.TurnFailedError("conversation_changed")
        if isinstance(tracker, DeskTracker):
            tracker.version, tracker.answers, tracker.number = seen + 1, answers, number

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DeskTracker:
        """A new tracker, kept when its first turn is: Rasa's own would be written twice."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        if heard := turn.current.get():
            tracker.about_order = heard.about_order
        return tracker

    def init_tracker(self, sender_id: str) -> DeskTracker:
        """An empty tracker with the domain's slots."""
        return DeskTracker(sender_id, self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """All conversations."""
        return await self._rows.names()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._rows.aclose()

    async def _seen(self, tracker: DialogueStateTracker) -> tuple[int, list[dict[str, Any]], int]:
        if isinstance(tracker, DeskTracker):
            return tracker.version, tracker.answers, tracker.number
        # Somebody replaces the conversation's events through Rasa's own API.
        row = await self._rows.read(tracker.sender_id)
        if row is None:
            return 0, [], 0
        state = orjson.loads(row[1])
        return row[0], state["answers"], state.get("number", 0)


def _rows(url_from: str, max_connections: int) -> Rows:
    url = os.environ.get(url_from)
    if url:
        return PostgresRows(url, max_connections)
    logger.warning("%s is not set: conversations are kept in memory only.", url_from)
    return MemoryRows()


def _refuse_if_failed(heard: turn.Turn, tracker: DialogueStateTracker) -> None:
    if heard.failure is not None:
        raise heard.failure
    # Rasa stops after ten actions in a row and says nothing.
    if not tracker.is_paused() and tracker.latest_action_name != ACTION_LISTEN_NAME:
        raise heard.fail("too_many_actions")
