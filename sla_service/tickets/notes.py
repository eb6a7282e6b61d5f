"""What people tell each other about a ticket; a colleague who is mentioned hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.agents.tables import Agent
from sla_service.database.sessions import driver
from sla_service.database.wake import Channel, tell
from sla_service.errors import DomainError
from sla_service.notify import notices
from sla_service.notify.values import Notice, NoticeKind, team_of
from sla_service.tickets import lifecycle, promises
from sla_service.tickets.handling import TICKET
from sla_service.tickets.tables import Ticket, TicketNote
from sla_service.web.principals import Principal

_EXCERPT = 140


class UnknownColleague(DomainError):
    """There is no such colleague."""

    status = 422


@dataclass(frozen=True, slots=True)
class Written:
    """A note, and the number of the ticket on which it was written."""

    note: TicketNote
    ticket: int


async def add(
    session: AsyncSession,
    who: Principal,
    number: int,
    text: str,
    *,
    mentions: Sequence[int] = (),
    key: str | None = None,
    at: datetime,
) -> Written:
    """Write a note, and tell those it mentions; the same key again is the same note.

    Raises TicketNotFound, UnknownColleague.
    """
    ticket = await lifecycle.by_number(session, number)
    mentioned = sorted({*mentions})
    await check_colleagues(session, mentioned)
    values = {
        "ticket_id": ticket.id,
        "agent_id": who.agent_id,
        "author_name": who.name,
        "text": text,
        "mentions": mentioned,
        "key": key,
    }
    once = insert(TicketNote).values(values).on_conflict_do_nothing().returning(TicketNote)
    note = await session.scalar(once)
    if note is None:
        same = select(TicketNote).where(TicketNote.ticket_id == ticket.id, TicketNote.key == key)
        return Written((await session.scalars(same)).one(), number)
    await promises.noted(session, ticket.id)
    told = [_notice(note, ticket, one, at) for one in mentioned if one != who.agent_id]
    await notices.tell(await driver(session), told)
    await audit.record(session, who, "ticket.noted", TICKET, number, mentions=mentioned)
    await tell(session, Channel.LIVE, str(ticket.conversation_id))
    return Written(note, number)


async def of(session: AsyncSession, number: int) -> list[Written]:
    """The notes of a ticket and of what was merged into it, in their order.

    Raises TicketNotFound.
    """
    ticket = await lifecycle.by_number(session, number)
    query = (
        select(TicketNote, Ticket.number)
        .join(Ticket, Ticket.id == TicketNote.ticket_id)
        .where(or_(Ticket.id == ticket.id, Ticket.merged_into_id == ticket.id))
        .order_by(TicketNote.id)
    )
    return [Written(note, of_number) for note, of_number in await session.execute(query)]


async def check_colleagues(session: AsyncSession, ids: Sequence[int]) -> None:
    """Refuse accounts that are not there or closed. Raises UnknownColleague."""
    known = select(Agent.id).where(Agent.id.in_(ids), Agent.disabled_at.is_(None))
    unknown = sorted({*ids} - {*await session.scalars(known)}) if ids else []
    if unknown:
        raise UnknownColleague(agents=unknown)


def _notice(note: TicketNote, ticket: Ticket, agent_id: int, at: datetime) -> Notice:
    is_long = len(note.text) > _EXCERPT
    return Notice(
        key=f"note:{note.id}",
        kind=NoticeKind.MENTIONED,
        at=at,
        team=team_of(agent_id),
        ticket_id=ticket.id,
        facts={
            "number": ticket.number,
            "subject": ticket.subject,
            "priority": ticket.priority.value,
            "by": note.author_name,
            "text": note.text[:_EXCERPT].rstrip() + "…" if is_long else note.text,
            "link": f"/console#c{ticket.conversation_id}",
        },
    )
