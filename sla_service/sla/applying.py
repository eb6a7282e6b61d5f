"""Another rulebook for tickets that are open: what it would change, and the act itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from sla_service.database.sessions import Connection, Database, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.errors import NotFound
from sla_service.jobs import queue
from sla_service.sla import moving, recording, snapshot
from sla_service.sla.changes import Change
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import instant
from sla_service.sla.library import Shelf
from sla_service.sla.moving import Move
from sla_service.sla.policy import Rulebook

APPLY = "apply_sla_rulebook"
"""The task that moves the next tickets; its payload: `application`, an id."""
_log = structlog.get_logger()
_CHUNK = 500


class NoApplication(NotFound):
    """There is no such application of SLA policies."""


@dataclass(frozen=True, slots=True)
class Application:
    """The act of putting open tickets under a rulebook, and how far it is."""

    id: int
    rulebook_id: int
    requested_by: str
    created_at: datetime
    reached: int
    """Tickets up to this id are done."""
    done: int
    changed: int
    """Those for which somebody could see a difference."""
    total: int
    """How many were open when it was asked for."""
    finished_at: datetime | None
    error: str | None
    """Why tickets were left out, or why it ended early."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A part of a dry run: how many tickets were looked at, and which of them would change."""

    looked_at: int
    moves: list[tuple[int, Move]]
    """Ticket and what would change."""


async def count_open(connection: Connection) -> int:
    """How many tickets have promises that are not over."""
    return int((await rows(connection, _COUNT))[0].count)


async def plan(connection: Connection, rulebook: Rulebook) -> AsyncIterator[Planned]:
    """What a rulebook would change for open tickets, chunk by chunk; nothing is written.

    It need not be stored: its id may be one that no stored version has.
    """
    shelf = Shelf(connection)
    shelf.books[rulebook.id] = rulebook
    reached = 0
    while found := await rows(connection, _OPEN, {"reached": reached, "limit": _CHUNK}):
        moves: list[tuple[int, Move]] = []
        for row in found:
            _, move = moving.move(await _ticket(shelf, row), rulebook.id, instant(row.now))
            if move.is_change:
                moves.append((row.ticket_id, move))
        yield Planned(len(found), moves)
        reached = found[-1].ticket_id


async def request(connection: Connection, rulebook_id: int, *, by: str = "") -> Application:
    """Begin to put open tickets under a stored rulebook; what was under way before ends.

    Raises NoRulebook.
    """
    await Shelf(connection).fetch(rulebook_id)
    total = await count_open(connection)
    values = {"rulebook": rulebook_id, "by": by, "total": total}
    asked = Application(*(await rows(connection, _REQUEST, values))[0])
    await rows(connection, _SUPERSEDE, {"id": asked.id})
    await queue.defer(connection, APPLY, [{"application": asked.id}])
    return asked


async def by_id(connection: Connection, application_id: int) -> Application:
    """How far an application is. Raises NoApplication."""
    found = await rows(connection, _BY_ID, {"id": application_id})
    if not found:
        raise NoApplication(application=application_id)
    return Application(*found[0])


async def go_on(database: Database, *, application: int) -> None:
    """Move the next tickets, and see to it that the rest follows; does no harm when repeated."""
    async with database.step() as connection:
        found = await rows(connection, _LOCK, {"id": application})
        if found and await _move_chunk(connection, Application(*found[0])):
            await queue.defer(connection, APPLY, [{"application": application}])


async def _move_chunk(connection: Connection, asked: Application) -> bool:
    """Whether there may be more."""
    shelf = Shelf(connection)
    await shelf.fetch(asked.rulebook_id)
    here = {"reached": asked.reached, "limit": _CHUNK}
    last: int | None = (await rows(connection, _CHUNK_END, here))[0].last
    found = await rows(connection, _OPEN_LOCKED, {**here, "last": last}) if last else []
    changes: list[Change] = []
    left_out: list[str] = []
    changed = 0
    for row in found:
        if row.rulebook_id == asked.rulebook_id:
            continue
        try:
            ticket = await _ticket(shelf, row)
            event, move = moving.move(ticket, asked.rulebook_id, instant(row.now))
        except Exception as error:  # noqa: BLE001 - poison may be anything, and must not stop others
            _log.error("rulebook_not_applied", ticket=row.ticket_id, error=type(error).__name__)
            left_out.append(f"{row.ticket_id} ({type(error).__name__})")
            continue
        changes.append(Change(row.ticket_id, ticket, row.seq, row.state, [event]))
        changed += move.is_change
    if changes:
        await recording.write(connection, changes)
        await tell_by(connection, Channel.CLOCKS)
    values = {
        "id": asked.id,
        "reached": last or asked.reached,
        "done": len(found),
        "changed": changed,
        "is_last": last is None,
        "error": f"left out: {', '.join(left_out)}" if left_out else None,
    }
    await rows(connection, _ADVANCE, values)
    return last is not None


async def _ticket(shelf: Shelf, row: Any) -> Ticket:
    await shelf.fetch(row.rulebook_id, row.digest)
    return snapshot.load(row.state, shelf.find)


_IS_OPEN = "state->>'status' <> 'resolved' AND NOT (state->>'is_merged')::boolean"
_COUNT = f"SELECT count(*) AS count FROM sla_tickets WHERE {_IS_OPEN}"  # noqa: S608 - our own words
_AFTER = f"""
SELECT t.ticket_id, t.seq, t.state, t.rulebook_id, r.digest, now() AS now
FROM sla_tickets t JOIN sla_rulebooks r ON r.id = t.rulebook_id
WHERE t.ticket_id > %(reached)s AND {_IS_OPEN}
"""  # noqa: S608 - our own words
_OPEN = f"{_AFTER} ORDER BY t.ticket_id LIMIT %(limit)s"

# A ticket that is resolved while we wait for its lock falls out of what is locked: where the chunk
# ends is found out before.
_CHUNK_END = f"SELECT max(ticket_id) AS last FROM ({_OPEN}) AS chunk"  # noqa: S608 - our own words
_OPEN_LOCKED = f"{_AFTER} AND t.ticket_id <= %(last)s ORDER BY t.ticket_id FOR UPDATE OF t"

_COLUMNS = """
id, rulebook_id, requested_by, created_at, reached, done, changed, total, finished_at, error
"""
_BY_ID = f"SELECT {_COLUMNS} FROM sla_applications WHERE id = %(id)s"  # noqa: S608 - our own words
_LOCK = f"{_BY_ID} AND finished_at IS NULL FOR UPDATE"
_REQUEST = f"""
INSERT INTO sla_applications (rulebook_id, requested_by, total)
VALUES (%(rulebook)s, %(by)s, %(total)s) RETURNING {_COLUMNS}
"""  # noqa: S608 - our own words

_SUPERSEDE = """
UPDATE sla_applications SET finished_at = now(), error = concat_ws('; ', error, 'superseded')
WHERE id < %(id)s AND finished_at IS NULL
"""

_ADVANCE = """
UPDATE sla_applications
SET reached = %(reached)s, done = done + %(done)s, changed = changed + %(changed)s,
    error = NULLIF(concat_ws('; ', error, %(error)s::text), ''),
    finished_at = CASE WHEN %(is_last)s THEN now() END
WHERE id = %(id)s
"""
