"""What changes, told to every open page: one LISTEN for the process, any number of listeners."""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from sla_service.console import counting, offers
from sla_service.console.counting import Counts
from sla_service.console.news import EVERYTHING, Heard, News
from sla_service.console.views import CountsView
from sla_service.database.sessions import Database
from sla_service.database.wake import Channel, listen

_log = structlog.get_logger()
_COALESCE = 0.1  # seconds in which changes are gathered into one
_COUNT_AGAIN = 1.0  # seconds between counts, however much changes
_LINGER = 60.0  # seconds for which we go on listening when the last page has gone
_REMEMBERED = 5000  # events that a page which was away shortly is told again


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and the mark by which a page says that it has it."""

    mark: str
    event: str
    data: dict[str, Any]


class Live:
    """Fans out what PostgreSQL tells, numbered; remembers the latest for who comes back.

    A listener reads on from a number: a slow page costs nothing, and one that is too far behind
    is told to look at everything.
    """

    def __init__(self, database: Database, *, linger: float = _LINGER) -> None:
        self._database = database
        self._linger = linger
        self._is_watched = asyncio.Event()
        self._is_listening = asyncio.Event()
        self._left_at = 0.0
        self._boot = secrets.token_hex(4)
        self._events: deque[tuple[int, News]] = deque(maxlen=_REMEMBERED)
        self._last = 0
        self._heard = Heard()
        self._woken = asyncio.Event()
        self._counts: Counts | None = None
        self._must_count = asyncio.Event()
        self._pages = 0
        self._bell = asyncio.Event()
        self._is_ended = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen."""
        for name, work in (("listen", self._listen), ("tell", self._tell), ("count", self._count)):
            self._tasks.append(asyncio.create_task(_for_ever(work), name=f"live_{name}"))

    def end(self) -> None:
        """End every stream; new ones end at once."""
        self._is_ended = True
        self._ring()

    async def stop(self) -> None:
        """End the streams, and stop listening."""
        self.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def changes(
        self, agent_id: int | None, after: str = ""
    ) -> AsyncGenerator[Sequence[Told]]:
        """What an agent is told from now on, gathered for a moment each time, until the desk stops.

        Whoever says with `after` what they had last is told what they missed. If that isn't known
        here any more, or nothing is said, the first event is `everything`.
        """
        page = _Page(agent_id, self._place_of(after))
        self._pages += 1
        self._is_watched.set()
        self._must_count.set()
        try:
            with suppress(TimeoutError):  # without PostgreSQL there is nothing to tell anyway
                async with asyncio.timeout(_COUNT_AGAIN):
                    await self._is_listening.wait()
            while True:
                bell = self._bell
                told = self._fresh(page)
                if told:
                    yield told
                if self._is_ended:
                    return
                await bell.wait()
        finally:
            self._pages -= 1
            self._left_at = asyncio.get_running_loop().time()

    def _place_of(self, mark: str) -> int:
        """The number behind a mark; one that is before everything if it is not ours."""
        boot, _, number = mark.partition("-")
        is_ours = boot == self._boot and number.isascii() and number.isdigit()
        return min(int(number), self._last) if is_ours else -1

    def _fresh(self, page: "_Page") -> list[Told]:
        """What a page has not been told: the same thing once, and the counts if they moved."""
        told: dict[str, Told] = {}
        for number, news in self._since(page.reached):
            if news == EVERYTHING:
                told = {key: one for key, one in told.items() if one.event != "conversation"}
            if news.is_for(page.agent_id):
                key = f"{news.event} {news.data}"
                told.pop(key, None)
                told[key] = Told(self._mark(number), news.event, news.data)
        page.reached = self._last
        counts = self._counts.of(page.agent_id) if self._counts else None
        if counts is not None and counts != page.counts:
            page.counts = counts
            told["counts"] = Told(self._mark(self._last), "counts", counts.model_dump())
        return list(told.values())

    def _since(self, reached: int) -> list[tuple[int, News]]:
        oldest = self._last - len(self._events)
        if reached < oldest or reached < 0:
            return [(self._last, EVERYTHING)]
        return [*takewhile(lambda one: one[0] > reached, reversed(self._events))][::-1]

    def _mark(self, number: int) -> str:
        return f"{self._boot}-{number}"

    def _ring(self) -> None:
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    async def _listen(self) -> None:
        """Listen while somebody looks: every message of a busy desk is told.

        Whoever listens anew hears first that anything may have changed.
        """
        await self._is_watched.wait()
        channels = (Channel.LIVE, Channel.ALERTS)
        told = listen(self._database.url, *channels)
        try:
            async with aclosing(told):
                for _ in channels:
                    await anext(told)
                self._add(EVERYTHING)
                self._is_listening.set()
                async for channel, payload in told:
                    if self._is_alone():
                        self._is_watched.clear()
                        return
                    self._heard.hear(channel, payload)
                    self._woken.set()
        finally:
            self._is_listening.clear()

    def _is_alone(self) -> bool:
        away = asyncio.get_running_loop().time() - self._left_at
        return not self._pages and away >= self._linger

    async def _tell(self) -> None:
        await self._woken.wait()
        await asyncio.sleep(_COALESCE)
        self._woken.clear()
        heard, self._heard = self._heard, Heard()
        if heard.moves_counts:
            self._must_count.set()
        for one in await self._news(heard):
            self._add(one)
        self._ring()

    def _add(self, news: News) -> None:
        self._last += 1
        self._events.append((self._last, news))

    async def _news(self, heard: Heard) -> Sequence[News]:
        if not heard.offers:
            return heard.news()
        try:
            async with self._database.transaction() as session:
                return heard.news(await offers.now(session, heard.offers))
        except SQLAlchemyError as error:
            _log.warning("offers_not_seen", error=type(error).__name__)
            return [EVERYTHING]  # which shows them too

    async def _count(self) -> None:
        await self._must_count.wait()
        self._must_count.clear()
        if self._pages:
            try:
                async with self._database.transaction() as session:
                    self._counts = await counting.counts(session)
            except SQLAlchemyError:
                self._must_count.set()
                raise
            self._ring()
        await asyncio.sleep(_COUNT_AGAIN)


@dataclass(eq=False, slots=True)
class _Page:
    """How far an open page has been told."""

    agent_id: int | None
    reached: int
    counts: CountsView | None = None


async def _for_ever(work: Callable[[], Awaitable[None]]) -> None:
    """A loop that outlives its failures: PostgreSQL restarts, and pages go on."""
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the edge: nothing may end the loop
            _log.warning("live_failed", step=work.__name__, error=type(error).__name__)
            await asyncio.sleep(_COUNT_AGAIN)
