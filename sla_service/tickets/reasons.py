"""Why a ticket's clocks stand where they stand: all its events folded once more."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import Connection, driver, rows
from sla_service.errors import DomainError, NotFound
from sla_service.sla import reasons, rendering, statement
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket as Promises
from sla_service.sla.instants import instant
from sla_service.sla.library import Shelf
from sla_service.sla.reasons import Why
from sla_service.tickets import lifecycle
from sla_service.tickets.tables import Ticket


class NothingPromised(NotFound):
    """Nothing was ever promised for this ticket."""


class UnknownTimeZone(DomainError):
    """There is no such time zone; write one like America/Sao_Paulo."""

    status = 422


@dataclass(frozen=True, slots=True)
class Explained:
    """A ticket's promises: as plain data (`sla.statement`), and why."""

    statement: dict[str, Any]
    why: Why

    def as_text(self, language: str, time_zone: str) -> str:
        """To paste into an e-mail. Raises UnknownTimeZone."""
        try:
            ZoneInfo(time_zone)
        except (KeyError, ValueError, OSError):  # OSError: part of a name is a folder on the disk
            raise UnknownTimeZone(time_zone=time_zone[:100]) from None
        return rendering.as_text(self.why, language, time_zone)


async def explain(session: AsyncSession, number: int) -> Explained:
    """The reasons as of now. Raises TicketNotFound, NothingPromised."""
    ticket = await lifecycle.by_number(session, number)
    connection = await driver(session)
    found = await rows(connection, _EVENTS, {"ticket": ticket.id})
    if not found:
        raise NothingPromised(number=number)
    events = [Event(instant(row.at), EventKind(row.kind), row.payload) for row in found]
    promises = await _began(connection, ticket, events)
    for event in events:
        promises.apply(event)
    now = max(instant(found[0].now), events[-1].at)
    promises.advance(now)
    return Explained(statement.of(promises, now), reasons.why(promises, events, now))


async def _began(connection: Connection, ticket: Ticket, events: list[Event]) -> Promises:
    """The ticket as it was before anything happened, under the rulebook that held then."""
    shelf = Shelf(connection)
    for event in events:
        if event.kind is EventKind.RULEBOOK:
            await shelf.fetch(event.payload["rulebook"])
    first = (await rows(connection, _BEGAN_UNDER, {"ticket": ticket.id}))[0]
    was_moved = any(event.kind is EventKind.RULEBOOK for event in events)
    number = first.in_force if was_moved and first.in_force else first.rulebook_id
    return Promises.fresh(await shelf.fetch(number), shelf.find)


_EVENTS = """
SELECT at, kind, payload, now() AS now FROM sla_events WHERE ticket_id = %(ticket)s ORDER BY seq
"""

_BEGAN_UNDER = """
SELECT t.rulebook_id,
       (SELECT r.id FROM sla_rulebooks r
        WHERE r.activated_at <= e.at ORDER BY r.activated_at DESC, r.id DESC LIMIT 1) AS in_force
FROM sla_tickets t JOIN sla_events e ON e.ticket_id = t.ticket_id AND e.seq = 1
WHERE t.ticket_id = %(ticket)s
"""
