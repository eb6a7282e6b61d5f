"""Which promises were broken, one by one, and why."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import driver, rows
from sla_service.reports import reading
from sla_service.reports.periods import Period
from sla_service.sla.clocks import Ending
from sla_service.sla.instants import duration, instant
from sla_service.sla.policy import Metric
from sla_service.sla.promises import BOT

PROMISED = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)
"""What is promised to the contact; an escalation is how the desk helps itself."""
LIMIT = 100


class Reason(StrEnum):
    """Where a ticket stood at its deadline."""

    WITH_BOT = "with_bot"
    WAITING = "waiting"
    """People had it, and the contact was waiting for their answer."""
    UNSOLVED = "unsolved"
    """The contact had an answer, and no solution."""


class Afterwards(StrEnum):
    """What came after the deadline."""

    DONE_LATE = "done_late"
    STILL_OWED = "still_owed"
    GIVEN_UP = "given_up"
    """It ended without what was promised: resolved without an answer, or merged away."""


class Breach(BaseModel):
    """A deadline that passed. Spans are in seconds."""

    ticket: int
    """The number people call it by."""
    metric: Metric
    cycle: int
    policy: str
    priority: str
    target_s: float
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    late_s: float
    """From the deadline until it was done, or until now."""
    late_business_s: float | None
    """The same in open hours; null while it is still owed."""
    tier: str
    """Who had it at the deadline."""
    paused_s: float
    """How long the clock stood still before the deadline."""
    closed_s: float
    """How long the desk was closed before the deadline, pauses apart."""
    reason: Reason
    afterwards: Afterwards
    why: dict[str, str]
    """The reason in words, by language."""


class BreachPage(BaseModel):
    """Breaches, the latest deadline first, and where the next page begins; null: this is all."""

    breaches: list[Breach]
    next: int | None


async def breaches(
    session: AsyncSession,
    period: Period,
    *,
    at: datetime,
    metrics: Sequence[Metric] = PROMISED,
    before: int | None = None,
    limit: int = LIMIT,
) -> BreachPage:
    """Deadlines that passed in a period. `before` is the `next` of the page before."""
    await reading.only(session)
    values = {
        "since": period.since,
        "until": period.until,
        "metrics": [metric.value for metric in metrics],
        "before": before,
        "limit": limit + 1,
    }
    found = await rows(await driver(session), QUERY, values)
    page = [_breach(row, at) for row in found[:limit]]
    return BreachPage(breaches=page, next=found[limit - 1].id if len(found) > limit else None)


def _breach(row: Any, at: datetime) -> Breach:
    standing = _standing(row)
    reason = _reason(row)
    ends = row.stopped_at or max(at, row.due_at)
    is_done = row.stopped_at is not None
    afterwards = Afterwards.STILL_OWED
    if is_done:
        is_given_up = row.ending == Ending.CANCELLED
        afterwards = Afterwards.GIVEN_UP if is_given_up else Afterwards.DONE_LATE
    over = max(row.consumed - row.target, 0)
    return Breach(
        ticket=row.number,
        metric=Metric(row.metric),
        cycle=row.cycle,
        policy=row.policy,
        priority=row.priority,
        target_s=duration(row.target).total_seconds(),
        started_at=row.started_at,
        due_at=row.due_at,
        stopped_at=row.stopped_at,
        late_s=(ends - row.due_at).total_seconds(),
        late_business_s=duration(over).total_seconds() if is_done else None,
        tier=row.tier or BOT,
        paused_s=standing.total_seconds(),
        closed_s=_closed(row, standing).total_seconds(),
        reason=reason,
        afterwards=afterwards,
        why={language: words[reason] for language, words in _WORDS.items()},
    )


def _standing(row: Any) -> timedelta:
    """How long the clock stood still before the deadline: what its runs leave out."""
    due = instant(row.due_at)
    ran = sum(max(min(end, due) - start, 0) for start, end, *_ in row.runs)
    if row.since is not None:
        ran += max(due - instant(row.since), 0)
    return max(duration(due - instant(row.started_at) - ran), timedelta())


def _closed(row: Any, standing: timedelta) -> timedelta:
    """At the deadline the whole target was used up; the rest of the time the desk was closed."""
    passed: timedelta = row.due_at - row.started_at - standing
    return max(passed - duration(row.target), timedelta())


def _reason(row: Any) -> Reason:
    if (row.tier or BOT) == BOT:
        return Reason.WITH_BOT
    is_answer = Metric(row.metric) is not Metric.RESOLUTION
    return Reason.WAITING if is_answer or row.is_waiting else Reason.UNSOLVED


_WORDS: dict[str, dict[Reason, str]] = {
    "pt-BR": {
        Reason.WITH_BOT: "O bot ainda estava com o atendimento quando o prazo acabou.",
        Reason.WAITING: "O cliente esperava a resposta de uma pessoa quando o prazo acabou.",
        Reason.UNSOLVED: "O cliente já tinha resposta, mas o problema não estava resolvido.",
    },
    "en": {
        Reason.WITH_BOT: "The bot still had it when time was up.",
        Reason.WAITING: "The customer was waiting for a person's answer when time was up.",
        Reason.UNSOLVED: "The customer had an answer, but the problem was not solved.",
    },
}

# Who had it: named when it opened or was assigned, or where it was escalated to. An event at the
# deadline comes before it, an escalation that is due at the same instant after it.
QUERY = """
WITH broken AS MATERIALIZED (
  SELECT id, ticket_id, metric, cycle, at, policy, priority, target FROM sla_effects
  WHERE at >= %(since)s AND at < %(until)s AND kind = 'breached' AND metric = ANY(%(metrics)s)
    AND (%(before)s::bigint IS NULL
         OR (at, id) < (SELECT at, id FROM sla_effects WHERE id = %(before)s))
  ORDER BY at DESC, id DESC LIMIT %(limit)s
)
SELECT b.id, b.metric, b.cycle, b.at AS due_at, b.policy, b.priority, b.target, t.number,
       c.ending, c.started_at, c.stopped_at, c.since, c.consumed, c.runs, held.tier,
       coalesce(said.kind = 'contact_message', false) AS is_waiting
FROM broken b
JOIN sla_clocks c ON c.ticket_id = b.ticket_id AND c.metric = b.metric AND c.cycle = b.cycle
JOIN tickets t ON t.id = b.ticket_id
LEFT JOIN LATERAL (
  SELECT tier FROM (
    SELECT e.at, e.seq, e.payload ->> 'tier' AS tier FROM sla_events e
    WHERE e.ticket_id = b.ticket_id AND e.at <= b.at AND e.kind IN ('opened', 'assignment')
      AND e.payload ->> 'tier' IS NOT NULL
    UNION ALL
    SELECT p.at, 0, p.next_tier FROM sla_effects p
    WHERE p.ticket_id = b.ticket_id AND p.metric = 'escalation' AND p.kind = 'breached'
      AND p.at < b.at AND p.next_tier IS NOT NULL
  ) moves ORDER BY at DESC, seq DESC LIMIT 1
) held ON true
LEFT JOIN LATERAL (
  SELECT e.kind FROM sla_events e
  WHERE e.ticket_id = b.ticket_id AND e.at <= b.at
    AND e.kind IN ('contact_message', 'agent_message')
  ORDER BY e.seq DESC LIMIT 1
) said ON true
ORDER BY b.at DESC, b.id DESC
"""
