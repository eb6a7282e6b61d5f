"""Promises in the end: what is written is what the events say, and people were told of it once."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from sla_service.database.sessions import Database
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import instant
from sla_service.sla.library import Shelf
from sla_service.sla.policy import Rulebook
from tests.e2e.faults.books import Findings

Key = tuple[int, str, int, str, int]


async def rulebook(url: str) -> Rulebook:
    """The promises in force."""
    database = Database(url, pool_size=2)
    async with database.connection() as connection:
        book, _ = await Shelf(connection).active()
    await database.close()
    return book


def check(
    server: psycopg.Connection[Any], keys: Sequence[str], book: Rulebook, found: Findings
) -> None:
    """Compare the promises of these shoppers' tickets with what happened to them."""
    values = {"keys": list(keys)}
    with server.cursor(row_factory=namedtuple_row) as cursor:
        tickets = cursor.execute(_TICKETS, values).fetchall()
        written = cursor.execute(_EFFECTS, values).fetchall()
        events = cursor.execute(_EVENTS, values).fetchall()
        notices = Counter(row.key for row in cursor.execute(_NOTICES, values).fetchall())
    _heard(found, tickets)
    expected = _folded(tickets, events, book)
    counted = Counter((e.ticket_id, e.metric, e.cycle, e.kind, instant(e.at)) for e in written)
    found.counts["promises"] += len(expected)
    for key in expected - counted.keys():
        found.wrong("promises_lost", f"{key} is not written")
    for key in counted.keys() - expected:
        found.wrong("promises_doubled", f"{key} is written, and nothing says so")
    for key, times in counted.items():
        if times > 1:
            found.wrong("promises_doubled", f"{key} is written {times} times")
    for effect in written:
        key = f"{effect.ticket_id}:{effect.metric}:{effect.cycle}:{effect.kind}"
        if not effect.is_silent and (effect.handled_at is None or not notices[key]):
            found.wrong("promises_lost", f"nobody was told of {key}")
        elif notices[key] > 1:
            found.wrong("promises_doubled", f"people were told {notices[key]} times of {key}")


def _heard(found: Findings, tickets: Sequence[Any]) -> None:
    """Each message moved its ticket's clocks, once."""
    for row in tickets:
        if row.messages > row.heard:
            found.wrong("promises_lost", f"ticket {row.id} missed {row.messages - row.heard}")
        elif row.messages < row.heard:
            found.wrong("promises_doubled", f"ticket {row.id} heard {row.heard - row.messages}")


def _folded(tickets: Sequence[Any], events: Sequence[Any], book: Rulebook) -> set[Key]:
    histories = defaultdict(list)
    for row in events:
        histories[row.ticket_id].append(Event(instant(row.at), EventKind(row.kind), row.payload))
    expected: set[Key] = set()
    for row in tickets:
        ticket = Ticket.fresh(book, lambda _: book)
        for event in histories[row.id]:
            ticket.apply(event)
        ticket.advance(row.settled)
        expected |= {(row.id, e.metric.value, e.cycle, e.kind, e.at) for e in ticket.effects}
    return expected


_MINE = """
SELECT t.id FROM tickets t
JOIN conversations c ON c.id = t.conversation_id
JOIN contacts p ON p.id = c.contact_id
WHERE p.bsuid = ANY(%(keys)s)
"""
_TICKETS = f"""
SELECT s.ticket_id AS id, (s.state ->> 'at')::bigint AS settled,
       (SELECT count(*) FROM messages m
        WHERE m.ticket_id = s.ticket_id AND m.author = 'contact') AS messages,
       (SELECT count(*) FROM sla_events e
        WHERE e.ticket_id = s.ticket_id AND e.kind = 'contact_message') AS heard
FROM sla_tickets s WHERE s.ticket_id IN ({_MINE})
"""  # noqa: S608 - our own words
_EFFECTS = f"SELECT * FROM sla_effects WHERE ticket_id IN ({_MINE})"  # noqa: S608
_EVENTS = f"SELECT * FROM sla_events WHERE ticket_id IN ({_MINE}) ORDER BY ticket_id, seq"  # noqa: S608
_NOTICES = f"SELECT key FROM notices WHERE ticket_id IN ({_MINE})"  # noqa: S608
