"""Tickets opened, joined, named, resolved and reopened."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.tables import Conversation, Owner
from sla_service.errors import NotFound
from sla_service.settings import TicketSettings
from sla_service.tickets.tables import Priority, Ticket, TicketStatus
from sla_service.tickets.threading import LastTicket, Threading, decide

SUBJECT_LIMIT = 120


class TicketNotFound(NotFound):
    """There is no ticket with this number."""


class NoTicketYet(NotFound):
    """This conversation has no ticket."""


async def thread(
    session: AsyncSession,
    conversation: Conversation,
    *,
    subject: str,
    at: datetime,
    settings: TicketSettings,
) -> Ticket:
    """The ticket that a contact's message belongs to, opened or reopened where needed.

    `subject` names a ticket that has no name yet. The caller holds the conversation.
    """
    last = await latest(session, conversation.id)
    known = None
    if last is not None:
        known = LastTicket(
            is_resolved=last.status is TicketStatus.RESOLVED,
            is_with_people=conversation.owner is not Owner.BOT,
            last_message_at=last.last_message_at,
        )
    decision = decide(known, at, settings.threading_window, settings.after_window)
    if last is None or decision in (Threading.OPEN, Threading.FOLLOW_UP):
        if last is not None and last.status is not TicketStatus.RESOLVED:
            _resolve(last, at)  # the bot's, and silent since longer than the window
        return await _open(session, conversation.id, follows=last, subject=subject, at=at)
    if decision is Threading.REOPEN or last.status is TicketStatus.PENDING:
        last.status, last.resolved_at = TicketStatus.OPEN, None
    last.last_message_at = max(last.last_message_at, at)
    last.subject = last.subject or subject[:SUBJECT_LIMIT]
    return last


async def latest(session: AsyncSession, conversation_id: int) -> Ticket | None:
    """The conversation's newest ticket."""
    query = (
        select(Ticket)
        .where(Ticket.conversation_id == conversation_id)
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    found: Ticket | None = await session.scalar(query)
    return found


async def current(session: AsyncSession, conversation_id: int) -> Ticket:
    """The conversation's newest ticket. Raises NoTicketYet."""
    ticket = await latest(session, conversation_id)
    if ticket is None:
        raise NoTicketYet(conversation=conversation_id)
    return ticket


async def by_number(session: AsyncSession, number: int) -> Ticket:
    """The ticket people call by this number. Raises TicketNotFound."""
    ticket = await session.scalar(select(Ticket).where(Ticket.number == number))
    if ticket is None:
        raise TicketNotFound(number=number)
    return ticket


def name(ticket: Ticket, *, subject: str | None, priority: Priority | None) -> None:
    """Say what a ticket is about and how much it matters; None leaves a part as it is."""
    if subject:
        ticket.subject = subject[:SUBJECT_LIMIT]
    if priority is not None:
        ticket.priority = priority


def resolve(ticket: Ticket, at: datetime) -> None:
    """The problem is solved; doing it twice changes nothing."""
    if ticket.status is not TicketStatus.RESOLVED:
        _resolve(ticket, at)


async def adopt(session: AsyncSession, old: int, new: int) -> None:
    """The thread `old` became part of `new`: its tickets go along."""
    await session.execute(
        update(Ticket).where(Ticket.conversation_id == old).values(conversation_id=new)
    )


def _resolve(ticket: Ticket, at: datetime) -> None:
    ticket.status = TicketStatus.RESOLVED
    ticket.resolved_at = at
    ticket.last_message_at = max(ticket.last_message_at, at)


async def _open(
    session: AsyncSession,
    conversation_id: int,
    *,
    follows: Ticket | None,
    subject: str,
    at: datetime,
) -> Ticket:
    opened = await session.scalars(
        insert(Ticket)
        .values(
            conversation_id=conversation_id,
            follows_id=follows.id if follows else None,
            subject=subject[:SUBJECT_LIMIT],
            opened_at=func.now(),
            last_message_at=at,
        )
        .returning(Ticket)
    )
    return opened.one()
