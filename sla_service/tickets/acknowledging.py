"""Somebody takes notice of an alert: it rings no further, and the next tier is not called."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.database.sessions import driver
from sla_service.notify import notices
from sla_service.tickets import promises
from sla_service.web.principals import Principal


async def acknowledge(session: AsyncSession, who: Principal, notice_id: int, at: datetime) -> None:
    """Take notice; asked again, it changes nothing. Raises NoSuchNotice."""
    connection = await driver(session)
    taken = await notices.acknowledge(connection, notice_id, who.name, at, reader=who.agent_id)
    if not taken.is_news:
        return
    if taken.kind.is_promise:
        await promises.acknowledged(connection, taken.ticket_id)
    await audit.record(session, who, "notice.acknowledged", "notice", notice_id)
