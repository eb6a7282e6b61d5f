"""One message of a conversation at a time, and the next one without delay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig


class ConversationLocks(LockStore):
    """An asyncio lock per conversation; Rasa's own store polls once a second.

    Knows this process only. Among several servers the desk's lanes keep a conversation to one turn
    at a time; where a server takes a turn up again that another is still at, the tracker store lets
    one of them write (docs/scaling.md). A lock in the database would hold a connection through
    every turn, to spare the rare second one its work. A lock has no lifetime, because it ends with
    the turn that holds it.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        """Nothing to configure."""
        super().__init__()
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        """Wait for the conversation's turn, first come first served."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._waiting[conversation_id] = self._waiting.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield self.create_lock(conversation_id)
        finally:
            self._waiting[conversation_id] -= 1
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id], self._locks[conversation_id]
