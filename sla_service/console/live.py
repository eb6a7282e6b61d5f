"""What changes, told to every open page: one LISTEN for the process, any number of listeners."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from sla_service.database.wake import Channel, listen

_COALESCE = 0.1  # seconds in which changes are gathered into one
_MANY = 200  # more changed conversations than this, and a page had better look at everything


@dataclass(frozen=True, slots=True)
class Changed:
    """Conversations that changed; with `everything`, others may have changed too."""

    conversations: tuple[int, ...] = ()
    everything: bool = False


@dataclass(eq=False, slots=True)
class _Listener:
    """What one page has not been told yet: a set, so that a slow page costs no more than that."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    conversations: set[int] = field(default_factory=set)
    everything: bool = False

    def hear(self, payload: str) -> None:
        if payload.isdigit() and len(self.conversations) < _MANY:
            self.conversations.add(int(payload))
        else:
            self.everything = True
        self.woken.set()

    def take(self) -> Changed:
        changed = Changed(tuple(sorted(self.conversations)), self.everything)
        self.conversations.clear()
        self.everything = False
        self.woken.clear()
        return changed


class Live:
    """Fans out what PostgreSQL tells on the live channel."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._listeners: set[_Listener] = set()
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._listen(), name="live")

    def end(self) -> None:
        """Let every stream tell what it still has and end; new ones end at once."""
        self._ended.set()
        for listener in self._listeners:
            listener.woken.set()

    async def stop(self) -> None:
        """End the streams, and stop listening."""
        self.end()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def changes(self) -> AsyncIterator[Changed]:
        """What changes from now on, gathered for a moment each time, until the desk stops.

        The first one says `everything`: whoever begins to listen may have missed something.
        """
        listener = _Listener()
        self._listeners.add(listener)
        try:
            yield Changed(everything=True)
            while not self._ended.is_set():
                await listener.woken.wait()
                await self._gather()
                changed = listener.take()
                if changed != Changed():
                    yield changed
        finally:
            self._listeners.discard(listener)

    async def _gather(self) -> None:
        try:
            async with asyncio.timeout(_COALESCE):
                await self._ended.wait()
        except TimeoutError:
            return

    async def _listen(self) -> None:
        async for _, payload in listen(self._url, Channel.LIVE):
            for listener in self._listeners:
                listener.hear(payload)
