"""Who has the console open: an open stream of events is seen again and again."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from sla_service.agents.identity import SEEN_EVERY
from sla_service.database.sessions import Database, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.web.principals import Principal

_log = structlog.get_logger()
_BEAT = 30.0  # seconds: twice within the time after which somebody counts as gone


class Attendance:
    """The people whose streams this process holds open."""

    def __init__(self, database: Database, beat: float = _BEAT) -> None:
        self._database = database
        self._beat = beat
        self._streams: Counter[int] = Counter()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to see those who are there."""
        self._task = asyncio.create_task(self._keep_seeing(), name="attendance")

    async def stop(self) -> None:
        """Look no more; everybody counts as gone after a while."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @asynccontextmanager
    async def attending(self, who: Principal) -> AsyncIterator[None]:
        """Somebody's stream is open meanwhile; a program's shows nobody to be there."""
        if who.kind != "agent" or who.id is None:
            yield
            return
        self._streams[who.id] += 1
        try:
            await self._see()
            yield
        finally:
            self._streams[who.id] -= 1

    async def _keep_seeing(self) -> None:
        while True:
            await asyncio.sleep(self._beat)
            try:
                await self._see()
            except Exception as error:  # noqa: BLE001 - the next beat may go better
                _log.warning("attendance_failed", error=type(error).__name__)

    async def _see(self) -> None:
        """Write down who is there, and tell whose coming is news."""
        there = sorted((+self._streams).keys())
        if not there:
            return
        async with self._database.step() as connection:
            for one in await rows(connection, _SEE, {"there": there, "every": SEEN_EVERY}):
                if one.is_news:
                    await tell_by(connection, Channel.LIVE, f"presence:{one.id}")
                    await tell_by(connection, Channel.QUEUE)


_SEE = """
UPDATE agents a SET last_seen_at = now()
FROM (SELECT id, last_seen_at FROM agents WHERE id = ANY(%(there)s) ORDER BY id FOR UPDATE) was
WHERE a.id = was.id
RETURNING a.id, COALESCE(was.last_seen_at < now() - %(every)s, true) AS is_news
"""
