"""Business numbers that may not send: stopped until a person resumes them, or slowed down."""

from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.wake import Channel, tell
from sla_service.whatsapp.tables import Account

_log = structlog.get_logger()


async def stop(session: AsyncSession, phone_number_id: str, reason: str, at: datetime) -> None:
    """Nothing of this number is sent until `resume`; what is owed stays owed."""
    _log.error("account_stopped", phone_number_id=phone_number_id, reason=reason)
    values = {"stopped_at": at, "stop_reason": reason}
    await session.execute(
        insert(Account)
        .values(phone_number_id=phone_number_id, **values)
        .on_conflict_do_update(index_elements=["phone_number_id"], set_=values)
    )
    await tell(session, Channel.LIVE)


async def slow_down(session: AsyncSession, phone_number_id: str, until: datetime) -> None:
    """Hold everything of this number for a moment."""
    await session.execute(
        insert(Account)
        .values(phone_number_id=phone_number_id, send_after=until)
        .on_conflict_do_update(index_elements=["phone_number_id"], set_={"send_after": until})
    )


async def stopped(session: AsyncSession) -> list[Account]:
    """The numbers that wait for a person."""
    query = select(Account).where(Account.stopped_at.is_not(None)).order_by(Account.stopped_at)
    return list((await session.scalars(query)).all())


async def resume(session: AsyncSession, phone_number_id: str) -> bool:
    """Let a stopped number send again; False when it wasn't stopped."""
    rows = await session.execute(
        update(Account)
        .where(Account.phone_number_id == phone_number_id, Account.stopped_at.is_not(None))
        .values(stopped_at=None, stop_reason=None)
        .returning(Account.phone_number_id)
    )
    await tell(session, Channel.LIVE)
    return rows.first() is not None
