"""Tickets opened, joined, named, resolved and reopened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, driver, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.errors import NotFound
from sla_service.settings import TicketSettings
from sla_service.sla import recording
from sla_service.tickets import promises, ratings
from sla_service.tickets.tables import Priority, Ticket, TicketStatus
from sla_service.tickets.threading import LastTicket, Threading, decide

SUBJECT_LIMIT = 120


class Stage(StrEnum):
    """How far the bot's answer got."""

    ASKED = "asked"
    """It waits for the contact's answer to a question."""
    CALLING = "calling"
    """It asks one thing more, and people come whatever the contact answers, or if they don't."""
    ANSWERED = "answered"
    LOST = "lost"
    """It did not understand."""


class TicketNotFound(NotFound):
    """There is no ticket with this number."""


class NoTicketYet(NotFound):
    """This conversation has no ticket."""


@dataclass(frozen=True, slots=True)
class Latest:
    """A conversation's newest ticket, as a message of the contact finds it."""

    id: int
    status: TicketStatus
    last_message_at: datetime
    is_rating_open: bool
    """Whether the contact was just asked how it went."""


async def latest(connection: Connection, conversation_id: int) -> Latest | None:
    """The conversation's newest ticket that is not a part of another; None: it has none yet."""
    found = await rows(connection, _LATEST, {"conversation": conversation_id})
    if not found:
        return None
    row = found[0]
    return Latest(row.id, TicketStatus(row.status), row.last_message_at, bool(row.is_rating_open))


async def thread(
    connection: Connection,
    conversation_id: int,
    owner: Owner,
    found: Latest | None,
    *,
    subject: str,
    at: datetime,
    received_at: datetime,
    settings: TicketSettings,
) -> int:
    """The id of the ticket that a contact's message belongs to, opened or reopened where needed.

    `subject` names a ticket that has no name yet. `at` is the channel's time, `received_at` ours,
    by the database's clock: promises run by that. The caller holds the conversation, and `found`
    is its `latest`.
    """
    last = None
    if found is not None:
        last = LastTicket(
            is_resolved=found.status is TicketStatus.RESOLVED,
            is_with_people=owner is not Owner.BOT,
            last_message_at=found.last_message_at,
        )
    decision = decide(last, at, settings.threading_window, settings.after_window)
    values = {"conversation": conversation_id, "subject": subject[:SUBJECT_LIMIT], "at": at}
    if found is not None and decision in (Threading.JOIN, Threading.REOPEN):
        statement, values = _JOIN, {**values, "ticket": found.id}
    else:  # what the bot still held open, silent since longer than the window, ends here
        statement, values = _OPEN, {**values, "follows": found.id if found else None}
    row = (await rows(connection, statement, values))[0]
    if row.ended is not None:
        await promises.resolved(connection, [row.ended])
    await promises.heard(connection, row.id, owner, received_at, held=row)
    return int(row.id)


async def current(session: AsyncSession, conversation_id: int) -> Ticket:
    """The conversation's newest ticket, parts of others aside. Raises NoTicketYet."""
    query = (
        select(Ticket)
        .where(Ticket.conversation_id == conversation_id, Ticket.merged_into_id.is_(None))
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


async def name(
    session: AsyncSession, ticket: Ticket, *, subject: str | None, priority: Priority | None
) -> None:
    """Say what a ticket is about and how much it matters; None leaves a part as it is."""
    if subject:
        ticket.subject = subject[:SUBJECT_LIMIT]
    if priority is not None and priority is not ticket.priority:
        ticket.priority = priority
        await promises.prioritised(session, ticket.id, priority)


async def entitle(connection: Connection, ticket_id: int, subject: str) -> None:
    """Name a ticket that has no name yet."""
    values = {"id": ticket_id, "subject": subject[:SUBJECT_LIMIT]}
    await rows(connection, _ENTITLE, values)


async def resolve(
    session: AsyncSession, ticket: Ticket, at: datetime, *, by: int | None = None
) -> bool:
    """The problem is solved, by an agent's account; returns whether it was not before."""
    await session.flush()
    connection = await driver(session)
    is_news = bool(await rows(connection, _RESOLVE, {"id": ticket.id, "at": at}))
    if is_news:
        await promises.resolved(connection, [ticket.id])
        await ratings.want(connection, [ticket.id], by=by)
        await session.refresh(ticket)
    return is_news


def answering(stage: Stage, settings: TicketSettings) -> dict[str, Any]:
    """What `ANSWERED` needs.

    A question leaves the ticket waiting for the contact; an answer solves it unless the contact
    comes back in time; and what the bot did not understand, or what people will answer, stays open.
    """
    settles_in = {
        Stage.ASKED: settings.abandoned_after,
        Stage.ANSWERED: settings.settled_after,
        Stage.CALLING: None,
        Stage.LOST: None,
    }[stage]
    return {"status": _status(stage).value, "settles_in": settles_in}


async def bot_answered(
    connection: Connection, ticket_id: int, stage: Stage, attributes: Mapping[str, Any], held: Any
) -> None:
    """Tell a ticket's promises of the bot's answer; `held` is a row with what `promises` has."""
    await promises.bot_answered(connection, ticket_id, attributes, _status(stage), held=held)


async def settle(connection: Connection, limit: int = 100) -> int:
    """Resolve what the bot answered and the contact left at that; returns how many tickets."""
    settled = await rows(connection, _SETTLE, {"limit": limit})
    solved = [row.id for row in settled]
    await promises.resolved(connection, solved)
    await ratings.want(connection, solved)
    for row in settled:
        await tell_by(connection, Channel.LIVE, str(row.conversation_id))
    return len(settled)


async def adopt(connection: Connection, old: int, new: int) -> None:
    """The thread `old` became part of `new`: its tickets go along."""
    values = {"old": old, "new": new}
    await rows(
        connection,
        "UPDATE tickets SET conversation_id = %(new)s WHERE conversation_id = %(old)s",
        values,
    )


def _status(stage: Stage) -> TicketStatus:
    return TicketStatus.PENDING if stage is Stage.ASKED else TicketStatus.OPEN


_LATEST = """
SELECT id, status, last_message_at, rating_until > now() AS is_rating_open FROM tickets
WHERE conversation_id = %(conversation)s AND merged_into_id IS NULL ORDER BY id DESC LIMIT 1
"""

_ENTITLE = "UPDATE tickets SET subject = %(subject)s WHERE id = %(id)s AND subject = ''"

_JOIN = f"""
WITH joined AS (
  UPDATE tickets
  SET last_message_at = GREATEST(last_message_at, %(at)s),
      subject = CASE subject WHEN '' THEN %(subject)s ELSE subject END,
      status = CASE WHEN status IN ('resolved', 'pending') THEN 'open' ELSE status END,
      resolved_at = NULL, settles_at = NULL, rating_until = NULL
  WHERE id = %(ticket)s RETURNING id
), held AS ({recording.HELD})
SELECT joined.id, NULL::bigint AS ended, held.* FROM joined LEFT JOIN held ON true
"""  # noqa: S608 - our own words

_OPEN = """
WITH ended AS (
  UPDATE tickets
  SET status = 'resolved', resolved_at = now(), settles_at = NULL,
      resolutions = resolutions + 1, last_message_at = GREATEST(last_message_at, %(at)s)
  WHERE id = %(follows)s AND status <> 'resolved' RETURNING id
)
INSERT INTO tickets (conversation_id, follows_id, subject, last_message_at)
VALUES (%(conversation)s, %(follows)s, %(subject)s, %(at)s)
RETURNING id, (SELECT id FROM ended) AS ended, NULL::int AS seq
"""

_RESOLVE = """
UPDATE tickets
SET status = 'resolved', resolved_at = %(at)s, settles_at = NULL,
    resolutions = resolutions + 1, last_message_at = GREATEST(last_message_at, %(at)s)
WHERE id = %(id)s AND status <> 'resolved' RETURNING id
"""

# Parts of a statement in which the bot answers, if `speaker` has a row: what that means for the
# ticket %(ticket)s, while the bot has the conversation, which is `held`; and its `promises`.
ANSWERED = f"""
answered AS (
  UPDATE tickets t SET status = %(status)s, settles_at = now() + %(settles_in)s
  FROM held
  WHERE t.id = %(ticket)s AND t.status <> 'resolved' AND held.owner = 'bot'
    AND EXISTS (SELECT 1 FROM speaker)
  RETURNING t.id
), promises AS ({recording.HELD})
"""  # noqa: S608 - our own words

_SETTLE = """
UPDATE tickets
SET status = 'resolved', resolved_at = now(), settles_at = NULL, resolutions = resolutions + 1
WHERE id IN (
  SELECT t.id FROM tickets t JOIN conversations c ON c.id = t.conversation_id
  WHERE t.settles_at <= now() AND c.owner = 'bot'
  ORDER BY t.settles_at LIMIT %(limit)s FOR UPDATE OF t SKIP LOCKED
)
RETURNING id, conversation_id
"""
