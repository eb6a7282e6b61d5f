"""Business numbers that may not send: stopped until a person resumes them, or slowed down."""

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.whatsapp.tables import Account

_log = structlog.get_logger()


async def stop(connection: Connection, phone_number_id: str, reason: str) -> None:
    """Nothing of this number is sent until `resume`; what is owed stays owed."""
    _log.error("account_stopped", phone_number_id=phone_number_id, reason=reason)
    values = {"number": phone_number_id, "reason": reason}
    await rows(connection, _STOP, values)
    await tell_by(connection, Channel.LIVE)


async def slow_down(connection: Connection, phone_number_id: str, delay: timedelta) -> None:
    """Hold everything of this number for a moment."""
    await rows(connection, _SLOW_DOWN, {"number": phone_number_id, "delay": delay})


async def stopped(session: AsyncSession) -> list[Account]:
    """The numbers that wait for a person."""
    query = select(Account).where(Account.stopped_at.is_not(None)).order_by(Account.stopped_at)
    return list((await session.scalars(query)).all())


async def resume(connection: Connection, phone_number_id: str) -> bool:
    """The number may send again; False when it wasn't stopped."""
    resumed = await rows(connection, _RESUME, {"number": phone_number_id})
    await tell_by(connection, Channel.LIVE)
    return bool(resumed)


_STOP = """
INSERT INTO whatsapp_accounts (phone_number_id, stopped_at, stop_reason)
VALUES (%(number)s, now(), %(reason)s)
ON CONFLICT (phone_number_id) DO UPDATE
SET stopped_at = excluded.stopped_at, stop_reason = excluded.stop_reason
"""

_SLOW_DOWN = """
INSERT INTO whatsapp_accounts (phone_number_id, send_after) VALUES (%(number)s, now() + %(delay)s)
ON CONFLICT (phone_number_id) DO UPDATE SET send_after = excluded.send_after
"""

_RESUME = """
UPDATE whatsapp_accounts SET stopped_at = NULL, stop_reason = NULL
WHERE phone_number_id = %(number)s AND stopped_at IS NOT NULL RETURNING phone_number_id
"""
