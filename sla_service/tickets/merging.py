"""Two tickets about one thing become one: messages stay where they are, the longer wait counts."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service import clock
from sla_service.agents import audit
from sla_service.database.sessions import driver
from sla_service.database.wake import Channel, tell
from sla_service.errors import DomainError
from sla_service.tickets import lifecycle, promises
from sla_service.tickets.handling import TICKET, TicketIsMerged, TicketIsResolved, held
from sla_service.tickets.tables import ActionItem, Ticket, TicketStatus
from sla_service.web.principals import Principal


class MergeRefused(DomainError):
    """Only two different tickets of one conversation can become one."""

    status = 409


async def merge(session: AsyncSession, who: Principal, number: int, into: int) -> Ticket:
    """Make a ticket a part of another, which is returned; asked again, it changes nothing.

    Raises TicketNotFound, TicketIsMerged, TicketIsResolved, MergeRefused.
    """
    target = await held(session, into)
    source = await lifecycle.by_number(session, number)
    await session.refresh(source)  # its conversation is locked only now, if it is the target's
    if source.merged_into_id == target.id:
        return target
    if source.id == target.id or source.conversation_id != target.conversation_id:
        raise MergeRefused(number=number, into=into)
    if source.merged_into_id is not None:
        whole = await session.scalar(
            select(Ticket.number).where(Ticket.id == source.merged_into_id)
        )
        raise TicketIsMerged(number=number, into=whole)
    if target.status is TicketStatus.RESOLVED:
        raise TicketIsResolved(number=into)
    if source.status is TicketStatus.OPEN and target.status is TicketStatus.PENDING:
        target.status = TicketStatus.OPEN
        await promises.moved(session, target.id, TicketStatus.OPEN)
    await promises.merged(await driver(session), source.id, target.id)
    await _join(session, source, target)
    await audit.record(session, who, "ticket.merged", TICKET, number, into=into)
    await audit.record(session, who, "ticket.merged_from", TICKET, into, merged=number)
    await tell(session, Channel.LIVE, str(target.conversation_id))
    return target


async def _join(session: AsyncSession, source: Ticket, target: Ticket) -> None:
    source.status = TicketStatus.RESOLVED
    source.resolved_at = source.resolved_at or clock.now()
    source.merged_into_id = target.id
    source.settles_at = source.rating_until = None
    target.settles_at = None
    target.last_message_at = max(target.last_message_at, source.last_message_at)
    # What had become a part of it is a part of the whole: nobody has to follow a chain.
    parts = update(Ticket).where(Ticket.merged_into_id == source.id)
    await session.execute(parts.values(merged_into_id=target.id))
    to_do = update(ActionItem).where(ActionItem.ticket_id == source.id)
    await session.execute(
        to_do.where(ActionItem.done_at.is_(None)).values(ticket_id=target.id, key=None)
    )
