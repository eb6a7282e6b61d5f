"""What people say of a ticket itself: its subject, priority, tags, for whom it waits, reopened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.conversations.tables import Conversation
from sla_service.database.wake import Channel, tell
from sla_service.errors import DomainError
from sla_service.tickets import promises
from sla_service.tickets.lifecycle import SUBJECT_LIMIT, TicketNotFound
from sla_service.tickets.tables import Priority, Ticket, TicketStatus
from sla_service.web.principals import Principal

TICKET = "ticket"
"""What the record of who did what calls a ticket; it is named by its number."""


class TicketIsResolved(DomainError):
    """This ticket is resolved; reopen it first."""

    status = 409


class TicketIsMerged(DomainError):
    """This ticket is a part of another by now."""

    status = 409


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different about a ticket; None leaves a part as it is."""

    subject: str | None = None
    priority: Priority | None = None
    tags: Sequence[str] | None = None


async def held(session: AsyncSession, number: int) -> Ticket:
    """The ticket of a number, whose conversation nobody else changes until the commit.

    Raises TicketNotFound, TicketIsMerged.
    """
    by_number = select(Ticket).where(Ticket.number == number)
    ticket = await session.scalar(by_number)
    while ticket is not None:
        lock = select(Conversation.id).where(Conversation.id == ticket.conversation_id)
        locked = await session.scalar(lock.with_for_update())
        # As it is now that others are done with it; it may have moved along with its contact.
        ticket = await session.scalar(by_number.execution_options(populate_existing=True))
        if ticket is not None and ticket.conversation_id == locked:
            await _refuse_parts(session, ticket)
            return ticket
    raise TicketNotFound(number=number)


async def change(session: AsyncSession, who: Principal, number: int, wanted: Change) -> Ticket:
    """Say what a ticket is about. Raises TicketNotFound, TicketIsMerged."""
    ticket = await held(session, number)
    done: dict[str, Any] = {}
    subject = (wanted.subject or "").strip()[:SUBJECT_LIMIT]
    if subject and subject != ticket.subject:
        ticket.subject = subject
        done["subject"] = True
    if wanted.priority is not None and wanted.priority is not ticket.priority:
        done["priority"] = [ticket.priority, wanted.priority]
        ticket.priority = wanted.priority
        await promises.prioritised(session, ticket.id, wanted.priority)
    tags = None if wanted.tags is None else sorted({*wanted.tags})
    if tags is not None and tags != ticket.tags:
        done["tags"] = [ticket.tags, tags]
        ticket.tags = tags
        await promises.tagged(session, ticket.id, tags)
    if done:
        await _done(session, who, ticket, "ticket.changed", **done)
    return ticket


async def put_status(
    session: AsyncSession, who: Principal, number: int, status: TicketStatus
) -> Ticket:
    """Say for whom an open ticket waits.

    Raises TicketNotFound, TicketIsMerged, TicketIsResolved.
    """
    ticket = await held(session, number)
    if ticket.status is TicketStatus.RESOLVED:
        raise TicketIsResolved(number=number)
    # From here on people decide: the bot's last answer no longer ends it by itself.
    ticket.settles_at = None
    if status is not ticket.status:
        before, ticket.status = ticket.status, status
        await promises.moved(session, ticket.id, status)
        await _done(session, who, ticket, "ticket.moved", status=[before, status])
    return ticket


async def reopen(session: AsyncSession, who: Principal, number: int) -> Ticket:
    """It is not solved after all; one that is open stays so.

    Raises TicketNotFound, TicketIsMerged.
    """
    ticket = await held(session, number)
    if ticket.status is TicketStatus.RESOLVED:
        ticket.status = TicketStatus.OPEN
        ticket.resolved_at = None
        ticket.rating_until = None
        await promises.reopened(session, ticket.id)
        await _done(session, who, ticket, "ticket.reopened")
    return ticket


async def _refuse_parts(session: AsyncSession, ticket: Ticket) -> None:
    if ticket.merged_into_id is not None:
        whole = select(Ticket.number).where(Ticket.id == ticket.merged_into_id)
        raise TicketIsMerged(number=ticket.number, into=await session.scalar(whole))


async def _done(
    session: AsyncSession, who: Principal, ticket: Ticket, act: str, **details: Any
) -> None:
    await audit.record(session, who, act, TICKET, ticket.number, **details)
    await tell(session, Channel.LIVE, str(ticket.conversation_id))
