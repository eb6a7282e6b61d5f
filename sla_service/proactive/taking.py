"""An event becomes a notice, or a word about why it doesn't; what is old news by it is dropped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from psycopg.types.json import Jsonb

from order_system.events import OrderEvent, decode_event
from order_system.model import Order
from order_system.phones import full_phone
from order_system.protocol import OrderSystemRefused
from sla_service.conversations import consent, contacts
from sla_service.conversations.consent import Purpose, Words
from sla_service.conversations.phones import phone_key
from sla_service.database.sessions import Connection, Database, rows
from sla_service.proactive import saying, threads
from sla_service.proactive.kinds import OF_EVENT, NoticeKind, is_old_news, outdates
from sla_service.proactive.plan import Plan
from sla_service.proactive.tables import EventState, NoticeState, WhyNot
from sla_service.settings import OrderEventSettings
from sla_service.whatsapp.values import Identity

_log = structlog.get_logger()
_CHECKOUT = "checkout"
# Countries where Portuguese is spoken; a shopper of another is written to in English.
_PORTUGUESE = ("55", "351", "244", "258", "238", "239", "245")


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes what the shop told; any number of workers may do it at once."""

    database: Database
    settings: OrderEventSettings
    plan: Plan

    async def once(self) -> int:
        """Take every event that is due, each in a transaction of its own; returns how many."""
        done = 0
        while await self._take_one():
            done += 1
        return done

    async def _take_one(self) -> bool:
        found: Any = None
        try:
            async with self.database.step() as connection:
                waiting = await rows(connection, _WAITING)
                if not waiting:
                    return False
                found = waiting[0]
                event = decode_event({"webhook-id": found.webhook_id}, bytes(found.body))
                await self._take(connection, event)
                await rows(connection, _DONE, {"id": found.id})
        except Exception as error:
            if found is None:  # poison may be anything, and must not stop others; this is none
                raise
            await self._postpone(found, error)
        return True

    async def _postpone(self, found: Any, error: Exception) -> None:
        """Try it again later; what can't be read, or failed often enough, is parked."""
        is_unreadable = isinstance(error, OrderSystemRefused)
        is_parked = is_unreadable or found.attempts + 1 >= self.settings.attempts
        _log.warning("order_event_failed", number=found.id, parked=is_parked)
        what = f"{type(error).__name__}: {error if is_unreadable else ''}"
        state = EventState.PARKED if is_parked else EventState.WAITING
        async with self.database.connection() as connection:
            values = {
                "id": found.id,
                "state": state.value,
                "error": what[:500],
                "delay": timedelta(seconds=min(2**found.attempts, 60)),
            }
            await rows(connection, _POSTPONE, values)

    async def _take(self, connection: Connection, event: OrderEvent) -> None:
        kind = OF_EVENT.get(event.kind)
        if kind is None:
            return
        order = event.order
        # What is known of an order is looked at and added to by one worker at a time.
        await rows(connection, _ONE_AT_A_TIME, {"order": order.order_ref})
        conversation_id, why_not = await self._conversation(connection, order)
        news = [(kind, event.at)]
        if kind is NoticeKind.DELIVERED and self.plan.of(NoticeKind.HOW_WAS_IT).active:
            days = timedelta(days=self.plan.of(NoticeKind.HOW_WAS_IT).after_days)
            news.append((NoticeKind.HOW_WAS_IT, event.at + days))
        for one in news:
            await self._note(connection, order, one, conversation_id, why_not)

    async def _note(
        self,
        connection: Connection,
        order: Order,
        news: tuple[NoticeKind, datetime],
        conversation_id: int | None,
        why_not: WhyNot | None,
    ) -> None:
        """Keep a notice, unless there is one of it already."""
        kind, at = news
        facts = saying.facts(order)
        occasion = facts.get("eta", "") if kind is NoticeKind.DELAYED else ""
        found = await rows(connection, _OF_ORDER, {"order": order.order_ref})
        if any(row.kind == kind and occasion in ("", row.occasion) for row in found):
            return  # a delay without a day can't be told from those that were told
        known = [(NoticeKind(row.kind), row.happened_at) for row in found]
        if is_old_news(kind, at, known):
            why_not = WhyNot.OLD_NEWS
        elif not self.plan.of(kind).active:
            why_not = WhyNot.TURNED_OFF
        await rows(
            connection,
            _NOTE,
            {
                "order": order.order_ref,
                "number": order.display_number,
                "kind": kind.value,
                "at": at,
                "occasion": occasion,
                "facts": Jsonb(facts),
                "conversation": conversation_id,
                "state": (NoticeState.DROPPED if why_not else NoticeState.WANTED).value,
                "reason": why_not and why_not.value,
            },
        )
        await _drop_old_news(connection, found, kind, at)

    async def _conversation(
        self, connection: Connection, order: Order
    ) -> tuple[int | None, WhyNot | None]:
        """Where the shopper is told, locked; or why nowhere.

        Who never wrote is only made known where buying means agreeing to be told.
        """
        phone = full_phone(order.contact.phone)
        if phone is None:
            return None, WhyNot.NO_PHONE
        found = await rows(connection, _BY_PHONE, {"phone": phone_key(phone)})
        identity = Identity(wa_id=phone, name=order.contact.name)
        number = self.settings.phone_number_id
        if found:
            identity = Identity(wa_id=found[0].wa_id, bsuid=found[0].bsuid)
            number = found[0].phone_number_id or number
        if not number or not (found or self.plan.opt_in == _CHECKOUT):
            return None, WhyNot.UNKNOWN_SHOPPER
        thread = await contacts.thread_with(connection, identity, number, adopt=threads.adopt)
        if thread.forgotten_at is not None and order.placed_at <= thread.forgotten_at:
            if thread.is_new:
                await contacts.unmake(connection, thread)
            return None, WhyNot.UNKNOWN_SHOPPER
        language = "pt" if phone.startswith(_PORTUGUESE) else "en"
        await contacts.speaks(connection, thread.conversation_id, language)
        await self._agreed(connection, thread.contact_id, order, language)
        return thread.conversation_id, None

    async def _agreed(
        self, connection: Connection, contact_id: int, order: Order, language: str
    ) -> None:
        """Whoever bought agreed, where the shop asks at checkout; a later no of theirs stands."""
        words = self.plan.checkout
        if self.plan.opt_in != _CHECKOUT or words is None:
            return
        said = {entry.purpose for entry in await consent.ledger(connection, contact_id)}
        if Purpose.PROACTIVE in said:
            return
        await consent.record(
            connection,
            contact_id,
            {Purpose.PROACTIVE},
            granted=True,
            wording=Words(words.version, words.text(language)),
            language=language,
            channel=_CHECKOUT,
            cause=f"order {order.display_number}",
        )


async def _drop_old_news(
    connection: Connection, known: list[Any], kind: NoticeKind, at: datetime
) -> None:
    """What waits, or is owed and not on its way yet, is not told any more."""
    old = [
        row
        for row in known
        if row.state in (NoticeState.WANTED, NoticeState.OWED)
        and outdates(kind, at, NoticeKind(row.kind), row.happened_at)
    ]
    if not old:
        return
    # The conversation first, as whoever sends from it does: then nothing of it is being sent.
    conversations = sorted({row.conversation_id for row in old if row.conversation_id})
    await rows(connection, _HOLD, {"ids": conversations})
    await rows(connection, _DROP, {"ids": [row.id for row in old]})


_WAITING = """
SELECT id, webhook_id, body, attempts FROM order_events
WHERE state = 'waiting' AND due_at <= now() ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""

_DONE = "UPDATE order_events SET state = 'processed', body = NULL, error = NULL WHERE id = %(id)s"

_POSTPONE = """
UPDATE order_events
SET state = %(state)s, attempts = attempts + 1, error = %(error)s, due_at = now() + %(delay)s
WHERE id = %(id)s AND state = 'waiting'
"""

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(748234, hashtext(%(order)s))"

_BY_PHONE = """
SELECT p.wa_id, p.bsuid, c.phone_number_id
FROM contacts p LEFT JOIN conversations c ON c.contact_id = p.id
WHERE p.phone_key = %(phone)s ORDER BY c.last_message_at DESC NULLS LAST, c.id LIMIT 1
"""

_OF_ORDER = """
SELECT id, kind, happened_at, state, conversation_id,
       CASE kind WHEN 'delayed' THEN COALESCE(facts ->> 'eta', occasion) ELSE occasion END
         AS occasion
FROM order_notices WHERE order_ref = %(order)s
"""

_NOTE = """
INSERT INTO order_notices (order_ref, order_number, kind, happened_at, occasion, facts,
                           conversation_id, state, reason, due_at)
VALUES (%(order)s, %(number)s, %(kind)s, %(at)s, %(occasion)s, %(facts)s, %(conversation)s,
        %(state)s, %(reason)s, GREATEST(now(), %(at)s))
"""

_HOLD = "SELECT id FROM conversations WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE"

_DROP = """
WITH waiting AS (
  UPDATE order_notices SET state = 'dropped', reason = 'old_news'
  WHERE id = ANY(%(ids)s) AND state = 'wanted'
), unsent AS (
  DELETE FROM outbox o USING order_notices n
  WHERE n.id = ANY(%(ids)s) AND n.state = 'owed' AND o.message_id = n.message_id
    AND o.state = 'queued' AND o.attempts = 0
  RETURNING o.message_id
), refused AS (
  UPDATE messages SET state = 'refused', failure = jsonb_build_object('class', 'old_news')
  WHERE id IN (SELECT message_id FROM unsent)
)
UPDATE order_notices SET state = 'dropped', reason = 'old_news'
WHERE message_id IN (SELECT message_id FROM unsent)
"""
