"""What is due becomes true: any worker, any number of them, and nobody leads.

The work follows what is due, never what is open. What becomes true is dated at its deadline, by
the database's clock alone; the sweep only notices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from sla_service.database.sessions import Connection, Database, rows
from sla_service.sla import recording, snapshot
from sla_service.sla.changes import Change
from sla_service.sla.instants import instant
from sla_service.sla.library import Shelf

_log = structlog.get_logger()
_BATCH = 500


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
        """Everything that is due, batch by batch, each in one transaction."""
        done = 0
        while True:
            try:
                async with self.database.step() as connection:
                    found = await rows(connection, _DUE, {"limit": _BATCH})
                    due = [row for row in found if row.ticket_id is not None]
                    await _move(connection, due)
            except Exception as error:  # noqa: BLE001 - poison may be anything, and must be found alone
                _log.info("sweep_batch_failed", error=type(error).__name__)
                return Swept(done + await self._one_by_one(), 0.0)
            done += len(due)
            if len(due) < _BATCH:
                return Swept(done, found[-1].next_in)

    async def _one_by_one(self) -> int:
        """The same, ticket by ticket: one that can't be moved waits longer each time."""
        async with self.database.connection() as connection:
            due = [
                row.ticket_id
                for row in await rows(connection, _DUE, {"limit": _BATCH})
                if row.ticket_id is not None
            ]
        for ticket_id in due:
            try:
                async with self.database.step() as connection:
                    await _move(connection, await rows(connection, _ONE, {"ticket": ticket_id}))
            except Exception as error:  # noqa: BLE001 - as above
                await self._postpone(ticket_id, error)
        return len(due)

    async def _postpone(self, ticket_id: int, error: Exception) -> None:
        _log.error("sweep_failed", ticket=ticket_id, error=type(error).__name__)
        async with self.database.connection() as connection:
            values = {"ticket": ticket_id, "failure": type(error).__name__}
            await rows(connection, _POSTPONE, values)


async def _move(connection: Connection, due: Sequence[Any]) -> None:
    """Let what is due become true, in tickets whose rows are locked."""
    if not due:
        return
    shelf = Shelf(connection)
    changes: list[Change] = []
    for row in due:
        await shelf.fetch(row.rulebook_id, row.digest)
        ticket = snapshot.load(row.state, shelf.find)
        ticket.advance(instant(row.now))
        changes.append(Change(row.ticket_id, ticket, row.seq, row.state))
    await recording.write(connection, changes)


Poisoned = tuple[int, int, str, datetime]
"""A ticket's id, how often its sweep failed, why, and when it is tried again."""


async def poisoned(connection: Connection) -> list[Poisoned]:
    """Tickets whose sweep fails, the worst first."""
    return [
        (row.ticket_id, row.failures, row.failure, row.next_fire_at)
        for row in await rows(connection, _POISONED)
    ]


_COLUMNS = "t.ticket_id, t.seq, t.state, t.rulebook_id, r.digest, now() AS now"
_DUE = f"""
WITH due AS MATERIALIZED (
  SELECT ticket_id, seq, state, rulebook_id FROM sla_tickets
  WHERE next_fire_at < now() ORDER BY next_fire_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
SELECT {_COLUMNS}, NULL::float AS next_in
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
WHERE ticket_id = %(ticket)s
"""

_POISONED = """
SELECT ticket_id, failures, failure, next_fire_at FROM sla_tickets
WHERE failures > 0 ORDER BY failures DESC, ticket_id LIMIT 100
"""
