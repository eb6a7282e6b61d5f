"""Tickets opened, joined, named, resolved and reopened."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, rows
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
    connection: Connection,
    conversation_id: int,
    owner: Owner,
    *,
    subject: str,
    at: datetime,
    settings: TicketSettings,
) -> int:
    """The id of the ticket that a contact's message belongs to, opened or reopened where needed.

    `subject` names a ticket that has no name yet. The caller holds the conversation.
    """
    found = await rows(connection, _LATEST, {"conversation": conversation_id})
    last = None
    if found:
        last = LastTicket(
            is_resolved=found[0].status == TicketStatus.RESOLVED,
            is_with_people=owner is not Owner.BOT,
            last_message_at=found[0].last_message_at,
        )
    decision = decide(last, at, settings.threading_window, settings.after_window)
    values = {"conversation": conversation_id, "subject": subject[:SUBJECT_LIMIT], "at": at}
    if decision in (Threading.JOIN, Threading.REOPEN):
        statement, values = _JOIN, {**values, "id": found[0].id}
    else:  # what the bot still held open, silent since longer than the window, ends here
        statement, values = _OPEN, {**values, "follows": found[0].id if found else None}
    return int((await rows(connection, statement, values))[0].id)


async def current(session: AsyncSession, conversation_id: int) -> Ticket:
    """The conversation's newest ticket. Raises NoTicketYet."""
    query = (
        select(Ticket)
        .where(Ticket.conversation_id == conversation_id)
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    ticket: Ticket | None = await session.scalar(query)
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
        ticket.status = TicketStatus.RESOLVED
        ticket.resolved_at = at
        ticket.last_message_at = max(ticket.last_message_at, at)


async def adopt(connection: Connection, old: int, new: int) -> None:
    """The thread `old` became part of `new`: its tickets go along."""
    values = {"old": old, "new": new}
    await rows(
        connection,
        "UPDATE tickets SET conversation_id = %(new)s WHERE conversation_id = %(old)s",
        values,
    )


_LATEST = """
SELECT id, status, last_message_at FROM tickets
WHERE conversation_id = %(conversation)s ORDER BY id DESC LIMIT 1
"""

_JOIN = """
UPDATE tickets
SET last_message_at = GREATEST(last_message_at, %(at)s),
    subject = CASE subject WHEN '' THEN %(subject)s ELSE subject END,
    status = CASE WHEN status IN ('resolved', 'pending') THEN 'open' ELSE status END,
    resolved_at = NULL
WHERE id = %(id)s RETURNING id
"""

_OPEN = """
WITH ended AS (
  UPDATE tickets
  SET status = 'resolved', resolved_at = now(), last_message_at = GREATEST(last_message_at, %(at)s)
  WHERE id = %(follows)s AND status <> 'resolved'
)
INSERT INTO tickets (conversation_id, follows_id, subject, last_message_at)
VALUES (%(conversation)s, %(follows)s, %(subject)s, %(at)s) RETURNING id
"""
