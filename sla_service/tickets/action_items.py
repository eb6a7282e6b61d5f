"""What is to be done for a ticket: by whom, until when, and that it is due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell, tell_by
from sla_service.errors import NotFound
from sla_service.notify import notices
from sla_service.notify.values import Notice, NoticeKind, team_of
from sla_service.tickets import lifecycle, promises
from sla_service.tickets.handling import TICKET
from sla_service.tickets.notes import check_colleagues
from sla_service.tickets.tables import ActionItem, Ticket
from sla_service.web.principals import Principal


class NoSuchActionItem(NotFound):
    """This ticket has no such thing to do."""


async def add(
    session: AsyncSession,
    who: Principal,
    number: int,
    text: str,
    *,
    owner_id: int | None = None,
    due_at: datetime | None = None,
    key: str | None = None,
) -> ActionItem:
    """Write down something to do; the same key again is the same thing.

    Raises TicketNotFound, UnknownColleague.
    """
    ticket = await lifecycle.by_number(session, number)
    await check_colleagues(session, [] if owner_id is None else [owner_id])
    values = {
        "ticket_id": ticket.id,
        "text": text,
        "owner_id": owner_id,
        "due_at": due_at,
        "created_by": who.agent_id,
        "key": key,
    }
    once = insert(ActionItem).values(values).on_conflict_do_nothing().returning(ActionItem)
    item = await session.scalar(once)
    if item is None:
        same = select(ActionItem).where(ActionItem.ticket_id == ticket.id, ActionItem.key == key)
        return (await session.scalars(same)).one()
    await _done(session, who, ticket, item, "ticket.action_added", owner=owner_id)
    return item


async def change(
    session: AsyncSession,
    who: Principal,
    number: int,
    item_id: int,
    wanted: Mapping[str, Any],
    *,
    at: datetime,
) -> ActionItem:
    """Change the parts in `wanted`: `text`, `owner_id`, `due_at`, `is_done`.

    Another due time is told of when it comes. Raises TicketNotFound, NoSuchActionItem,
    UnknownColleague.
    """
    ticket = await lifecycle.by_number(session, number)
    item = await session.scalar(
        select(ActionItem)
        .where(ActionItem.id == item_id, ActionItem.ticket_id == ticket.id)
        .with_for_update()
    )
    if item is None:
        raise NoSuchActionItem(number=number, item=item_id)
    if wanted.get("owner_id") is not None:
        await check_colleagues(session, [wanted["owner_id"]])
    changed = sorted(name for name in ("text", "owner_id", "due_at") if _is_new(item, name, wanted))
    for name in changed:
        setattr(item, name, wanted[name])
    if {"due_at", "owner_id"} & {*changed}:
        item.reminded_at = None
    if changed:
        await _done(session, who, ticket, item, "ticket.action_changed", parts=changed)
    is_done = wanted.get("is_done", item.done_at is not None)
    if is_done != (item.done_at is not None):
        item.done_at, item.done_by = (at, who.agent_id) if is_done else (None, None)
        act = "ticket.action_done" if is_done else "ticket.action_undone"
        await _done(session, who, ticket, item, act)
    return item


async def of(session: AsyncSession, number: int) -> list[ActionItem]:
    """What is and was to be done for a ticket and what was merged into it, in its order.

    Raises TicketNotFound.
    """
    ticket = await lifecycle.by_number(session, number)
    query = (
        select(ActionItem)
        .join(Ticket, Ticket.id == ActionItem.ticket_id)
        .where(or_(Ticket.id == ticket.id, Ticket.merged_into_id == ticket.id))
        .order_by(ActionItem.id)
    )
    return list(await session.scalars(query))


async def open_of(session: AsyncSession, agent_id: int, limit: int) -> list[tuple[ActionItem, int]]:
    """What somebody has still to do, what is due first on top, with the tickets' numbers."""
    query = (
        select(ActionItem, Ticket.number)
        .join(Ticket, Ticket.id == ActionItem.ticket_id)
        .where(ActionItem.owner_id == agent_id, ActionItem.done_at.is_(None))
        .order_by(ActionItem.due_at.nulls_last(), ActionItem.id)
        .limit(limit)
    )
    return [(item, number) for item, number in await session.execute(query)]


async def remind_due(connection: Connection, limit: int = 100) -> int:
    """Tell owners what is due now, once; what has no owner is told to all agents."""
    found = await rows(connection, _REMIND, {"limit": limit})
    await notices.tell(connection, [_notice(row) for row in found])
    for row in found:
        await tell_by(connection, Channel.LIVE, str(row.conversation_id))
    return len(found)


def _is_new(item: ActionItem, name: str, wanted: Mapping[str, Any]) -> bool:
    return name in wanted and wanted[name] != getattr(item, name)


async def _done(
    session: AsyncSession,
    who: Principal,
    ticket: Ticket,
    item: ActionItem,
    act: str,
    **details: Any,
) -> None:
    await audit.record(session, who, act, TICKET, ticket.number, item=item.id, **details)
    await tell(session, Channel.LIVE, str(ticket.conversation_id))


def _notice(row: Any) -> Notice:
    return Notice(
        key=f"action:{row.id}:{row.due_at.timestamp():.0f}",
        kind=NoticeKind.ACTION_DUE,
        at=row.due_at,
        team=promises.AGENT if row.owner_id is None else team_of(row.owner_id),
        ticket_id=row.ticket_id,
        facts={
            "number": row.number,
            "subject": row.subject,
            "priority": row.priority,
            "text": row.text,
            "due_at": row.due_at.isoformat(),
            "link": f"/console#c{row.conversation_id}",
        },
    )


_REMIND = """
UPDATE action_items i SET reminded_at = now()
FROM tickets t
WHERE t.id = i.ticket_id AND i.id IN (
  SELECT id FROM action_items
  WHERE due_at <= now() AND done_at IS NULL AND reminded_at IS NULL
  ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING i.id, i.ticket_id, i.text, i.owner_id, i.due_at, t.number, t.subject, t.priority,
          t.conversation_id
"""
