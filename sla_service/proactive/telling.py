"""Notices that are due are told, wait for a better moment, or are dropped with a reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla_service.conversations import consent, lanes, outbox
from sla_service.conversations.consent import Purpose
from sla_service.conversations.tables import Author, Owner
from sla_service.conversations.wording import Wording
from sla_service.database.sessions import Connection, Database, rows
from sla_service.proactive import saying, settling, timing
from sla_service.proactive.kinds import NoticeKind
from sla_service.proactive.plan import Language, Plan
from sla_service.proactive.saying import Notice
from sla_service.proactive.tables import NoticeState, WhyNot
from sla_service.settings import Settings
from sla_service.whatsapp import registry
from sla_service.whatsapp.compose import Composed
from sla_service.whatsapp.templates import Unfillable

_BATCH = 50


@dataclass(frozen=True, slots=True)
class Telling:
    """Any number of workers may do it at once: a conversation's notices are told by one of them."""

    database: Database
    settings: Settings
    plan: Plan
    wording: Wording

    async def once(self) -> int:
        """Look at what became of what is owed, and at what is due; returns how many moved."""
        async with self.database.connection() as connection:
            moved = await settling.settle(connection, self.settings.order_events.pause)
        async with self.database.step() as connection:
            return moved + await self._tell_due(connection)

    async def _tell_due(self, connection: Connection) -> int:
        is_checked = bool(self.settings.order_system.url)
        free = await rows(connection, _DUE, {"limit": _BATCH, "is_checked": is_checked})
        if not free:
            return 0
        values = {"ids": [row.id for row in free], "window": self.settings.whatsapp.window}
        found = await rows(connection, _LOOK, values)
        free_at = await timing.free_at(connection, self.plan, found[0].at) if found else None
        told: set[int] = set()
        for row in found:
            row_is_first = row.is_first and row.conversation_id not in told
            if await self._tell(connection, row, free_at or row.at, is_first=row_is_first):
                told.add(row.conversation_id)
        return len(found)

    async def _tell(
        self, connection: Connection, row: Any, free_at: datetime, *, is_first: bool
    ) -> bool:
        """One notice; returns whether it is told now."""
        if row.is_there:  # a try that was taken for failed got there after all
            await rows(connection, _END, {"id": row.id, "state": "sent", "reason": None})
            return False
        kind = NoticeKind(row.kind)
        why_not = await self._why_not(connection, row, kind)
        if why_not is not None:
            await _drop(connection, row, why_not)
            return False
        if row.owner != Owner.BOT and not self.plan.while_people_talk:
            at = row.at + self.settings.order_events.pause
            await _wait(connection, row, WhyNot.PEOPLE_TALK, at)
            return False
        if free_at > row.at:
            await _wait(connection, row, WhyNot.QUIET_HOURS, free_at)
            return False
        language: Language = "en" if row.language == "en" else "pt"
        notice = Notice(
            row.id, kind, row.order_number, language, row.name, row.facts, is_first, row.is_again
        )
        if row.is_window_open:
            await _say(connection, row, saying.plainly(notice, self.wording), None)
            return True
        return await self._by_template(connection, row, notice)

    async def _why_not(self, connection: Connection, row: Any, kind: NoticeKind) -> WhyNot | None:
        """Why it is not told at all; None: it is still news, and wanted."""
        if not self.plan.of(kind).active:
            return WhyNot.TURNED_OFF
        if row.at - row.happened_at > self.plan.too_late_after:
            return WhyNot(row.reason) if row.reason else WhyNot.TOO_LATE
        needed = [Purpose.PROACTIVE]
        needed += [Purpose.RATING] if kind is NoticeKind.HOW_WAS_IT else []
        for purpose in needed:
            if not await consent.allows(connection, row.contact_id, purpose):
                return WhyNot.NO_CONSENT
        return None

    async def _by_template(self, connection: Connection, row: Any, notice: Notice) -> bool:
        document = self.plan.of(notice.kind).template
        code = document.languages.get(notice.language) if document else None
        if document is None or code is None:
            await _drop(connection, row, WhyNot.NO_TEMPLATE)
            return False
        account = self.settings.whatsapp.account_id
        template = await registry.find(connection, account, document.name, code)
        if template is None:  # it may be paused for some hours
            at = row.at + self.settings.order_events.pause
            await _wait(connection, row, WhyNot.TEMPLATE_NOT_USABLE, at)
            return False
        try:
            composed = saying.by_template(
                notice, document, template, self.plan.nameless, self.wording
            )
        except Unfillable:
            await _drop(connection, row, WhyNot.TEMPLATE_UNFILLABLE)
            return False
        await _say(connection, row, composed, template.name)
        return True


async def _say(connection: Connection, row: Any, composed: Composed, template: str | None) -> None:
    (message_id,) = await outbox.say(
        connection,
        conversation_id=row.conversation_id,
        ticket_id=None,
        turn_id=None,
        author=Author.DESK,
        owner_fence=row.owner_fence,
        messages=[composed],
        at=row.at,
    )
    values = {"id": row.id, "message": message_id, "template": template, "at": row.at}
    await rows(connection, _TOLD, values)
    await lanes.owed(connection, row.conversation_id)


async def _wait(connection: Connection, row: Any, reason: WhyNot, until: datetime) -> None:
    await rows(connection, _WAIT, {"id": row.id, "reason": reason.value, "until": until})


async def _drop(connection: Connection, row: Any, reason: WhyNot) -> None:
    values = {"id": row.id, "state": NoticeState.DROPPED.value, "reason": reason.value}
    await rows(connection, _END, values)


# By conversation, as whoever takes an event in locks them too.
_DUE = """
WITH due AS MATERIALIZED (
  SELECT n.id, n.conversation_id FROM order_notices n
  WHERE n.state = 'wanted' AND n.due_at <= now()
    AND (NOT %(is_checked)s OR n.kind <> 'how_was_it' OR n.facts ? 'looked_at')
  ORDER BY n.due_at, n.id LIMIT %(limit)s
)
SELECT due.id FROM due JOIN conversations c ON c.id = due.conversation_id
ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
"""

_LOOK = """
SELECT n.id, n.kind, n.order_number, n.facts, n.happened_at, n.reason, n.conversation_id,
       c.owner, c.owner_fence, c.language, c.contact_id, p.name, clock_timestamp() AS at,
       COALESCE(c.last_inbound_at > now() - %(window)s::interval, false) AS is_window_open,
       NOT EXISTS (
         SELECT FROM order_notices o
         WHERE o.conversation_id = c.id AND o.state IN ('owed', 'sent')
       ) AS is_first,
       EXISTS (
         SELECT FROM order_notices o
         WHERE o.order_ref = n.order_ref AND o.kind = n.kind AND o.state IN ('owed', 'sent')
       ) AS is_again,
       COALESCE(m.state IN ('delivered', 'read', 'played'), false) AS is_there
FROM order_notices n
LEFT JOIN messages m ON m.id = n.message_id
JOIN conversations c ON c.id = n.conversation_id
JOIN contacts p ON p.id = c.contact_id
WHERE n.id = ANY(%(ids)s) AND n.state = 'wanted' ORDER BY n.happened_at, n.id
"""

_TOLD = """
UPDATE order_notices
SET state = 'owed', reason = NULL, message_id = %(message)s, template = %(template)s,
    told_at = %(at)s
WHERE id = %(id)s
"""

_WAIT = "UPDATE order_notices SET reason = %(reason)s, due_at = %(until)s WHERE id = %(id)s"

_END = "UPDATE order_notices SET state = %(state)s, reason = %(reason)s WHERE id = %(id)s"
