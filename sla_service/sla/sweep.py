"""What is due becomes true: any worker, any number of them, and nobody leads.

The work follows what is due, never what is open. What becomes true is dated at its deadline, by
the database's clock alone; the sweep only notices.
"""

import asyncio
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import structlog

from sla_service.database.sessions import Connection, Database, rows
from sla_service.sla import recording, snapshot, written
from sla_service.sla.changes import Change
from sla_service.sla.instants import instant
from sla_service.sla.library import Shelf

_log = structlog.get_logger()
_BATCH = 200
_LANES = 3  # while the server writes a batch and makes it last, the next is reckoned here


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did, and how long until the next deadline, in seconds; None: none waits."""

    tickets: int
    next_in: float | None


@dataclass(frozen=True, slots=True)
class Sweep:
    """Moves tickets whose time has come."""

    database: Database

    async def once(self) -> Swept:
        """Everything that is due, in batches of one transaction each."""
        next_in = await self._next_in()
        if next_in is None or next_in >= 0:
            return Swept(0, next_in)
        lanes = await asyncio.gather(*(self._lane() for _ in range(_LANES)), return_exceptions=True)
        swept: list[Swept] = []
        for lane in lanes:  # all have ended
            if isinstance(lane, BaseException):
                raise lane
            swept.append(lane)
        waits = [one.next_in for one in swept if one.next_in is not None]
        return Swept(sum(one.tickets for one in swept), min(waits, default=None))

    async def _next_in(self) -> float | None:
        """Seconds until the nearest deadline; one look at an index, whatever is open."""
        async with self.database.connection() as connection:
            found = await rows(connection, _NEXT)
        return found[0].next_in if found else None

    async def _lane(self) -> Swept:
        """Batch by batch, until nothing is due that nobody else holds."""
        done = 0
        while True:
            try:
                async with self.database.step() as connection:
                    *due, last = await rows(connection, _DUE, {"limit": _BATCH})
                    await _move(connection, due, last.now)
            except Exception as error:  # noqa: BLE001 - poison may be anything, and must be found alone
                _log.info("sweep_batch_failed", error=type(error).__name__)
                return Swept(done + await self._one_by_one(), 0.0)
            done += len(due)
            if len(due) < _BATCH:
                return Swept(done, last.next_in)

    async def _one_by_one(self) -> int:
        """The same, ticket by ticket: one that can't be moved waits longer each time."""
        async with self.database.connection() as connection:
            *due, last = await rows(connection, _DUE, {"limit": _BATCH})
        for row in due:
            try:
                async with self.database.step() as connection:
                    found = await rows(connection, _ONE, {"ticket": row.ticket_id})
                    await _move(connection, found, last.now)
            except Exception as error:  # noqa: BLE001 - as above
                await self._postpone(row.ticket_id, error)
        return len(due)

    async def _postpone(self, ticket_id: int, error: Exception) -> None:
        _log.error("sweep_failed", ticket=ticket_id, error=type(error).__name__)
        async with self.database.connection() as connection:
            values = {"ticket": ticket_id, "failure": type(error).__name__}
            await rows(connection, _POSTPONE, values)


async def _move(connection: Connection, due: Sequence[Any], now: datetime) -> None:
    """Let what is due become true, in tickets whose rows are locked."""
    if not due:
        return
    shelf = Shelf(connection)
    for number, digest in {(row.rulebook_id, row.digest) for row in due}:
        await shelf.fetch(number, digest)
    with _uncollected():
        told = written.of(_moved(row, shelf, instant(now)) for row in due)
    await recording.put(connection, told)


def _moved(row: Any, shelf: Shelf, until: int) -> Change:
    state = orjson.loads(row.state)
    ticket = snapshot.load(state, shelf.find)
    ticket.advance(until)
    return Change(row.ticket_id, ticket, row.seq, state)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make and forget a batch without a search for cycles: it has none, and the heap is large."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


Poisoned = tuple[int, int, str, datetime]
"""A ticket's id, how often its sweep failed, why, and when it is tried again."""


async def poisoned(connection: Connection) -> list[Poisoned]:
    """Tickets whose sweep fails, the worst first."""
    return [
        (row.ticket_id, row.failures, row.failure, row.next_fire_at)
        for row in await rows(connection, _POISONED)
    ]


_NEXT = """
SELECT extract(epoch FROM next_fire_at - now())::float AS next_in FROM sla_tickets
WHERE next_fire_at IS NOT NULL ORDER BY next_fire_at LIMIT 1
"""

# The state comes as text: it is read where it is needed.
_COLUMNS = "t.ticket_id, t.seq, t.state::text AS state, t.rulebook_id, r.digest"
_DUE = f"""
WITH due AS MATERIALIZED (
  SELECT ticket_id, seq, state, rulebook_id FROM sla_tickets
  WHERE next_fire_at < now() ORDER BY next_fire_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
SELECT {_COLUMNS}, NULL::timestamptz AS now, NULL::float AS next_in
FROM due t JOIN sla_rulebooks r ON r.id = t.rulebook_id
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, now(), (
  SELECT extract(epoch FROM next_fire_at - now())::float FROM sla_tickets
  WHERE next_fire_at >= now() ORDER BY next_fire_at LIMIT 1
)
"""  # noqa: S608 - our own words

_ONE = f"""
SELECT {_COLUMNS} FROM sla_tickets t JOIN sla_rulebooks r ON r.id = t.rulebook_id
WHERE t.ticket_id = %(ticket)s AND t.next_fire_at < now() FOR UPDATE OF t SKIP LOCKED
"""  # noqa: S608 - our own words

_POSTPONE = """
UPDATE sla_tickets
SET failures = failures + 1, failure = %(failure)s,
    next_fire_at = now() + make_interval(secs => LEAST(5 * 2 ^ LEAST(failures, 10), 3600))
WHERE ticket_id = %(ticket)s AND next_fire_at < now()
"""

_POISONED = """
SELECT ticket_id, failures, failure, next_fire_at FROM sla_tickets
WHERE failures > 0 ORDER BY failures DESC, ticket_id LIMIT 100
"""
