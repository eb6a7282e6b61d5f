"""Tells every open phone page what just changed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

_PATIENCE_SECONDS = 15.0
_LONGEST_QUEUE = 1000


class Feed:
    """One publisher, any number of pages listening."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[dict[str, Any] | None]] = set()
        self.closed = asyncio.Event()

    def publish(self, event: dict[str, Any]) -> None:
        for listener in list(self._listeners):
            try:
                listener.put_nowait(event)
            except asyncio.QueueFull:
                # A page that stopped reading starts afresh when it comes back.
                self._listeners.discard(listener)

    async def listen(self) -> AsyncIterator[dict[str, Any] | None]:
        """Yield events as they come, and None now and then so that a dead page is noticed."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(_LONGEST_QUEUE)
        self._listeners.add(queue)
        try:
            while not self.closed.is_set() and queue in self._listeners:
                try:
                    event = await asyncio.wait_for(queue.get(), _PATIENCE_SECONDS)
                except TimeoutError:
                    event = None
                if self.closed.is_set():
                    return
                yield event
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self.closed.set()
        for listener in list(self._listeners):
            if not listener.full():
                listener.put_nowait(None)
