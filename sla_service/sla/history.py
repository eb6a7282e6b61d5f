"""Recorded events read ticket by ticket, as one snapshot; whatever their number, few are held."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from psycopg import Connection, IsolationLevel
from psycopg.rows import namedtuple_row

from sla_service.sla import documents
from sla_service.sla.events import Event, EventKind
from sla_service.sla.instants import instant
from sla_service.sla.library import NoRulebook
from sla_service.sla.policy import Rulebook
from sla_service.sla.replay import History

_AT_ONCE = 5000


@dataclass(slots=True)
class Archive:
    """Tickets whose first event lies from `since` until before `until`; None: without a limit.

    The connection is its own and in no transaction; it reads in one, which may not write.
    """

    connection: Connection[Any]
    since: datetime | None = None
    until: datetime | None = None
    _books: dict[int, Rulebook] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection.read_only = True
        self.connection.isolation_level = IsolationLevel.REPEATABLE_READ

    def count(self) -> int:
        """How many tickets there are."""
        row = self.connection.execute(_COUNT, self._limits()).fetchone()
        return int(row[0]) if row else 0

    def histories(self) -> Iterator[History]:
        """Each ticket's events, in the order of their numbers."""
        with self.connection.cursor(name="sla_history", row_factory=namedtuple_row) as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(_EVENTS, self._limits())
            events_of = groupby(cast("Iterable[Any]", cursor), key=attrgetter("ticket_id"))
            for ticket_id, group in events_of:
                found = list(group)
                events = [Event(instant(row.at), EventKind(row.kind), row.payload) for row in found]
                began = events[0].payload.get("rulebook", found[0].rulebook_id)
                yield History(ticket_id, began, events)

    def find(self, number: int) -> Rulebook:
        """The rulebook of an id. Raises NoRulebook."""
        if number not in self._books:
            row = self.connection.execute(_RULEBOOK, {"id": number}).fetchone()
            if row is None:
                raise NoRulebook(rulebook=number)
            self._books[number] = documents.rulebook(documents.thaw(row[0]), number)
        return self._books[number]

    def active(self) -> Rulebook:
        """The one in force for tickets that open. Raises NoRulebook."""
        activated = self._activated()
        if not activated:
            raise NoRulebook
        return self.find(activated[-1][1])

    def _activated(self) -> list[tuple[int, int]]:
        """When each rulebook came into force, the latest last."""
        return [(instant(at), number) for at, number in self.connection.execute(_ACTIVATED)]

    def _limits(self) -> dict[str, datetime | None]:
        return {"since": self.since, "until": self.until}


_BEGAN = """
SELECT ticket_id FROM sla_events
WHERE seq = 1
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
"""
_COUNT = f"SELECT count(*) FROM ({_BEGAN})"  # noqa: S608 - our own words
_EVENTS = f"""
SELECT e.ticket_id, e.at, e.kind, e.payload, t.rulebook_id
FROM sla_events e JOIN sla_tickets t ON t.ticket_id = e.ticket_id
WHERE e.ticket_id IN ({_BEGAN})
ORDER BY e.ticket_id, e.seq
"""  # noqa: S608 - our own words
_RULEBOOK = "SELECT document FROM sla_rulebooks WHERE id = %(id)s"
_ACTIVATED = """
SELECT activated_at, id FROM sla_rulebooks
WHERE activated_at IS NOT NULL ORDER BY activated_at, id
"""
