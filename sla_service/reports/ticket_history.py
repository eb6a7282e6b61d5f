"""All that happened to a ticket, in one line of time: who did what, and what came of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.reports import reading
from sla_service.sla.instants import instant, moment
from sla_service.tickets import lifecycle
from sla_service.web.asking import BadCursor

Source = Literal["event", "promise", "handoff", "act", "note", "rating"]
_CURSOR = re.compile(r"(\d{1,17})-(\d)-(\d{1,18})")


class By(BaseModel):
    """Who did it."""

    kind: str
    id: int | None
    name: str | None


class Entry(BaseModel):
    """One thing that happened."""

    at: datetime
    source: Source
    """event: in the ticket's own log; promise: a clock's; act: in the record of who did what."""
    what: str
    by: By | None
    details: dict[str, Any]


class History(BaseModel):
    """What happened, the latest first, and the cursor of what came before; null: this is all."""

    items: list[Entry]
    next: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended."""

    at: int
    rank: int
    ref: int

    @classmethod
    def read(cls, cursor: str) -> Self:
        """The place that a cursor names. Raises BadCursor."""
        found = _CURSOR.fullmatch(cursor)
        if found is None:
            raise BadCursor
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        return f"{self.at}-{self.rank}-{self.ref}"


async def history(session: AsyncSession, number: int, *, before: str | None, limit: int) -> History:
    """A ticket's history. Raises TicketNotFound, BadCursor."""
    await reading.only(session)
    place = Place.read(before) if before else None
    ticket = await lifecycle.by_number(session, number)
    values = {
        "ticket": ticket.id,
        "number": str(number),
        "at": moment(place.at) if place else None,
        "rank": place.rank if place else None,
        "ref": place.ref if place else None,
        "limit": limit + 1,
    }
    found = list(await session.execute(_HISTORY, values))
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return History(
        items=[_entry(row) for row in shown],
        next=str(Place(instant(last.at), last.rank, last.ref)) if last else None,
    )


def _entry(row: Any) -> Entry:
    by = None
    if row.by_kind is not None:
        by = By(kind=row.by_kind, id=row.by_id, name=row.by_name)
    return Entry(at=row.at, source=row.source, what=row.what, by=by, details=row.details)


# What two sources tell is taken from the one that tells more: a note's words, a handoff's reason.
_HISTORY = text("""
SELECT at, rank, ref, source, what, by_kind, by_id, by_name, details FROM (
  SELECT at, 1 AS rank, seq::bigint AS ref, 'event' AS source, kind AS what,
         NULL AS by_kind, NULL::bigint AS by_id, NULL AS by_name, payload AS details
  FROM sla_events WHERE ticket_id = :ticket AND kind NOT IN ('note', 'assignment')
  UNION ALL
  SELECT at, 2, id, 'promise', kind, NULL, NULL, NULL,
         jsonb_build_object('metric', metric, 'cycle', cycle, 'policy', policy,
                            'tier', tier, 'next_tier', next_tier)
  FROM sla_effects WHERE ticket_id = :ticket AND NOT is_silent
  UNION ALL
  SELECT h.at, 3, h.id, 'handoff', h.reason, CASE WHEN b.id IS NOT NULL THEN 'agent' END,
         b.id, b.name,
         jsonb_build_object('from', h.from_owner, 'to', h.to_owner, 'summary', h.summary,
                            'from_agent', f.name, 'to_agent', o.name)
  FROM handoffs h
  LEFT JOIN agents b ON b.id = h.by_agent_id
  LEFT JOIN agents f ON f.id = h.from_agent_id
  LEFT JOIN agents o ON o.id = h.to_agent_id
  WHERE h.ticket_id = :ticket
  UNION ALL
  SELECT a.at, 4, a.id, 'act', a.act, a.actor_kind, a.actor_id, a.actor_name,
         CASE WHEN i.id IS NULL THEN a.details
              ELSE a.details || jsonb_build_object('text', i.text) END
  FROM audit_log a
  LEFT JOIN action_items i ON i.id = CAST(a.details ->> 'item' AS bigint)
  WHERE a.target_kind = 'ticket' AND a.target_id = :number AND a.act <> 'ticket.noted'
  UNION ALL
  SELECT created_at, 5, id, 'note', 'note', CASE WHEN agent_id IS NULL THEN 'key' ELSE 'agent' END,
         agent_id, author_name, jsonb_build_object('text', text, 'mentions', to_jsonb(mentions))
  FROM notes WHERE ticket_id = :ticket
  UNION ALL
  SELECT asked_at, 6, id, 'rating', 'asked', NULL, NULL, NULL, '{}'::jsonb
  FROM ratings WHERE ticket_id = :ticket AND asked_at IS NOT NULL
  UNION ALL
  SELECT rated_at, 7, id, 'rating', 'rated', NULL, NULL, NULL,
         jsonb_build_object('score', score, 'comment', comment, 'is_bot_only', is_bot_only)
  FROM ratings WHERE ticket_id = :ticket AND rated_at IS NOT NULL
) happened
WHERE CAST(:at AS timestamptz) IS NULL
   OR (at, rank, ref) < (CAST(:at AS timestamptz), CAST(:rank AS int), CAST(:ref AS bigint))
ORDER BY at DESC, rank DESC, ref DESC LIMIT :limit
""")
