"""What follows when a promise is at risk: the conversation moves up the chain, people are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import text

from sla_service.database.sessions import Database, driver
from sla_service.handoff.reception import Reception
from sla_service.handoff.tables import Reason
from sla_service.notify import notices
from sla_service.notify.values import Notice, NoticeKind
from sla_service.sla.clocks import BREACHED
from sla_service.sla.policy import Metric
from sla_service.tickets import promises
from sla_service.tickets.tables import TicketStatus

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Escalation:
    """Does what follows from effects of promises, each once."""

    database: Database
    reception: Reception

    async def handle(self, *, effects: Sequence[int]) -> None:
        """A chunk of effects by id: all in one transaction, or one by one if that fails.

        What people are told is written here and sent afterwards, together with what else is due.
        Raises what the last that failed raised; those that are done stay done.
        """
        try:
            await self._act(effects)
        except Exception as error:
            if len(effects) == 1:
                raise
            _log.info("effects_failed", error=type(error).__name__)
            await self._one_by_one(effects)

    async def _one_by_one(self, effects: Sequence[int]) -> None:
        failure: Exception | None = None
        for effect in effects:
            try:
                await self._act([effect])
            except Exception as error:  # noqa: BLE001 - one that fails must not stop the others
                failure = error
        if failure is not None:
            raise failure

    async def _act(self, effects: Sequence[int]) -> None:
        async with self.database.transaction() as session:
            found = (await session.execute(_MARK, {"ids": list(effects)})).all()
            connection = await driver(session)
            for row in sorted(found, key=lambda one: one.id):
                if _takes_from_bot(row):
                    await self.reception.hand_over(
                        connection, row.conversation_id, reason=Reason.ESCALATION
                    )
            await notices.tell(connection, [_notice(row) for row in found])


def _takes_from_bot(row: Any) -> bool:
    """Whether the bot had its time, and people are next. What was solved meanwhile stays."""
    return (
        row.metric == Metric.ESCALATION
        and row.tier == promises.BOT
        and row.next_tier is not None
        and row.status != TicketStatus.RESOLVED
    )


def _notice(row: Any) -> Notice:
    is_escalation = row.metric == Metric.ESCALATION
    kind = NoticeKind.WARNED
    if row.kind == BREACHED:
        kind = NoticeKind.ESCALATED if is_escalation and row.next_tier else NoticeKind.BREACHED
    tier = (row.next_tier or row.tier) if is_escalation else row.held_by
    return Notice(
        key=f"{row.ticket_id}:{row.metric}:{row.cycle}:{row.kind}",
        kind=kind,
        at=row.at,
        team=promises.AGENT if tier in {None, promises.BOT} else tier,
        ticket_id=row.ticket_id,
        facts={
            "number": row.number,
            "subject": row.subject,
            "metric": row.metric,
            "due_at": row.due_at.isoformat() if row.due_at else None,
            "policy": row.policy,
            "tier": tier,
            "priority": row.priority,
            "language": row.language,
            "link": f"/console#c{row.conversation_id}",
        },
    )


# Whoever marks an effect does what follows from it, in the same transaction: a repeated job finds
# nothing left to mark.
_MARK = text(
    """
    UPDATE sla_effects e SET handled_at = now()
    FROM tickets t
    JOIN conversations c ON c.id = t.conversation_id
    JOIN sla_tickets s ON s.ticket_id = t.id
    WHERE e.id = ANY(:ids) AND e.handled_at IS NULL AND t.id = e.ticket_id
    RETURNING e.id, e.ticket_id, e.metric, e.cycle, e.kind, e.at, e.policy, e.priority, e.tier,
              e.next_tier, s.state ->> 'tier' AS held_by, t.number, t.subject, t.status,
              t.conversation_id, c.language,
              (SELECT k.due_at FROM sla_clocks k
               WHERE k.ticket_id = e.ticket_id AND k.metric = e.metric AND k.cycle = e.cycle)
              AS due_at
    """
)
