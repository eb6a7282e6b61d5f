"""Whose time it was: the bot's, spent waiting for a person, people's own, or the contact's."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import driver, rows
from sla_service.reports import reading
from sla_service.reports.periods import Period
from sla_service.reports.response_times import Percentiles


class Part(StrEnum):
    """Parts of the time from a ticket's beginning until it is resolved, whoever holds it."""

    BOT = "bot"
    WAITING = "waiting"
    """A person has it, and the contact waits for their answer."""
    PERSON = "person"
    """A person has answered and goes on working."""
    CONTACT = "contact"
    """A person waits for the contact."""


class HandlingTime(BaseModel):
    """One part of the time of the tickets that began in a period, by the wall clock."""

    part: Part
    tickets: int
    """In which it occurred."""
    total_s: float
    percent: float | None
    """Of the time of all parts."""
    a_ticket: Percentiles | None
    """Of the tickets in which it occurred."""


async def handling_times(
    session: AsyncSession, period: Period, *, at: datetime
) -> list[HandlingTime]:
    """Each part, of tickets first promised something in a period; open ones count until `at`."""
    await reading.only(session)
    values = {"since": period.since, "until": period.until, "at": at}
    found = {row.part: row for row in await rows(await driver(session), QUERY, values)}
    total = sum((row.total for row in found.values()), timedelta())
    return [_time(part, found.get(part), total) for part in Part]


def _time(part: Part, row: Any, total: timedelta) -> HandlingTime:
    if row is None:
        return HandlingTime(part=part, tickets=0, total_s=0, percent=None, a_ticket=None)
    return HandlingTime(
        part=part,
        tickets=row.tickets,
        total_s=row.total.total_seconds(),
        percent=round(100 * row.total / total, 2) if total else None,
        a_ticket=Percentiles.of(row.spans),
    )


# What stands behind an OFFSET is looked up for each ticket: whole tables only grow.
# A mark tells who has the ticket, whether the contact waits, or in what status it is; what it does
# not tell holds on from the mark before. Counting the marks that tell gives every stretch a name.
QUERY = """
WITH begun AS (
  SELECT ticket_id FROM (
    SELECT DISTINCT ticket_id FROM sla_clocks
    WHERE started_at >= %(since)s AND started_at < %(until)s
  ) c WHERE %(since)s <= (SELECT min(started_at) FROM sla_clocks e WHERE e.ticket_id = c.ticket_id)
), marks AS (
  SELECT e.ticket_id, e.at, e.seq,
    CASE WHEN e.kind IN ('opened', 'assignment') THEN e.payload ->> 'tier' END AS tier,
    CASE e.kind
      WHEN 'contact_message' THEN true
      WHEN 'agent_message' THEN false
      WHEN 'status' THEN CASE e.payload ->> 'status' WHEN 'resolved' THEN false END
    END AS waits,
    CASE e.kind
      WHEN 'contact_message' THEN 'open'
      WHEN 'merged_into' THEN 'resolved'
      WHEN 'status' THEN e.payload ->> 'status'
    END AS status
  FROM begun CROSS JOIN LATERAL (
    SELECT * FROM sla_events WHERE ticket_id = begun.ticket_id AND at <= %(at)s OFFSET 0
  ) e
  UNION ALL
  SELECT p.ticket_id, p.at, 2147483647, p.next_tier, NULL, NULL
  FROM begun CROSS JOIN LATERAL (
    SELECT * FROM sla_effects WHERE ticket_id = begun.ticket_id AND at <= %(at)s
      AND metric = 'escalation' AND kind = 'breached' AND next_tier IS NOT NULL OFFSET 0
  ) p
), stretches AS (
  SELECT *, lead(at, 1, %(at)s) OVER life - at AS span,
    count(tier) OVER life AS tiers, count(waits) OVER life AS turns,
    count(status) OVER life AS steps
  FROM marks WINDOW life AS (PARTITION BY ticket_id ORDER BY at, seq)
), told AS (
  SELECT ticket_id, span,
    coalesce(max(tier) OVER (PARTITION BY ticket_id, tiers), 'bot') AS tier,
    coalesce(bool_or(waits) OVER (PARTITION BY ticket_id, turns), false) AS waits,
    coalesce(max(status) OVER (PARTITION BY ticket_id, steps), 'open') AS status
  FROM stretches
), parts AS (
  SELECT ticket_id, sum(span) AS span,
    CASE WHEN tier = 'bot' THEN 'bot' WHEN waits THEN 'waiting'
         WHEN status = 'pending' THEN 'contact' ELSE 'person' END AS part
  FROM told WHERE status <> 'resolved' GROUP BY ticket_id, part HAVING sum(span) > interval '0'
)
SELECT part, count(*) AS tickets, sum(span) AS total,
       percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY span) AS spans
FROM parts GROUP BY part
"""
