"""What happened to a ticket is written down and folded, in the transaction in which it happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.jobs import queue
from sla_service.sla import snapshot, written
from sla_service.sla.changes import Change
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import instant
from sla_service.sla.library import Shelf
from sla_service.sla.written import Written

HANDLE_EFFECTS = "handle_sla_effects"
"""The task that does what follows from effects; its payload: `effects`, a list of ids."""
_CHUNK = 50
_SOON = 300_000  # microseconds: sooner than the sweep looks again by itself


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a ticket; `at` None: now, by the database's clock."""

    kind: EventKind
    payload: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


async def record(
    connection: Connection,
    ticket_id: int,
    happened: Sequence[Happened],
    *,
    opening: Mapping[str, Any] | None = None,
    held: Any = None,
) -> None:
    """Write down what happened to a ticket, and move its clocks.

    A ticket that has no promises yet opens with `opening`, under the rulebook in force. The
    promises are locked until the caller's commit. What is already so (the same priority, the
    same language) is not written again. `held` is a row with the columns of `HELD`, from a caller
    who has asked already; its `seq` is None where the ticket has no promises. Raises NoRulebook.
    """
    shelf = Shelf(connection)
    change, now = await _locked(shelf, ticket_id, held)
    if not change.seq:
        first_at = happened[0].at if happened else None
        under = {"rulebook": change.ticket.rulebook.id, **(opening or {})}
        happened = [Happened(EventKind.OPENED, under, first_at), *happened]
    for one in happened:
        at = now if one.at is None else one.at
        event = Event(max(instant(at), change.ticket.at), one.kind, one.payload)
        if _is_news(change.ticket, event):
            if event.kind is EventKind.RULEBOOK:
                await shelf.fetch(event.payload["rulebook"])
            change.ticket.apply(event)
            change.events.append(event)
    if not change.events:
        return
    await write(connection, [change])
    fires_at = change.ticket.next_fire_at
    if fires_at is not None and fires_at - instant(now) < _SOON:
        await tell_by(connection, Channel.CLOCKS)


async def write(connection: Connection, changes: Sequence[Change]) -> int:
    """Write what tickets became, and defer what follows; returns how many effects are new.

    The caller holds the tickets' rows.
    """
    return await put(connection, written.of(changes))


async def put(connection: Connection, told: Written) -> int:
    """The same, of what `written.of` made of the changes."""
    (new,) = await rows(connection, told.statement, told.values)
    chunks = [new.loud[first : first + _CHUNK] for first in range(0, len(new.loud), _CHUNK)]
    await queue.defer(connection, HANDLE_EFFECTS, [{"effects": chunk} for chunk in chunks])
    return int(new.count)


async def _locked(shelf: Shelf, ticket_id: int, held: Any) -> tuple[Change, datetime]:
    """The ticket as it stands, its row locked; a new ticket falls under the active rulebook."""
    if held is None:
        found = await rows(shelf.connection, HELD, {"ticket": ticket_id})
        held = found[0] if found else None
    if held is None or held.seq is None:
        rulebook, now = await shelf.active()
        return Change(ticket_id, Ticket.fresh(rulebook, shelf.find)), now
    await shelf.fetch(held.rulebook_id, held.digest)
    ticket = snapshot.load(held.state, shelf.find)
    return Change(ticket_id, ticket, held.seq, held.state), held.now


def _is_news(ticket: Ticket, event: Event) -> bool:
    """Whether an event says anything that isn't so already."""
    told = event.payload
    match event.kind:
        case EventKind.PRIORITY:
            return bool(told["priority"] != ticket.facts.priority)
        case EventKind.STATUS:
            return bool(told["status"] != ticket.status)
        case EventKind.ASSIGNMENT:
            return bool(told["tier"] != ticket.tier)
        case EventKind.ATTRIBUTES:
            return any(
                (frozenset(value) if name == "tags" else value) != getattr(ticket.facts, name)
                for name, value in told.items()
            )
    return True


# The promises of the ticket %(ticket)s as they stand, locked; no row: it has none yet.
HELD = """
SELECT t.seq, t.state, t.rulebook_id, r.digest, now() AS now
FROM sla_tickets t JOIN sla_rulebooks r ON r.id = t.rulebook_id
WHERE t.ticket_id = %(ticket)s FOR UPDATE OF t
"""
