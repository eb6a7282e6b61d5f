"""The list of conversations, and one of them, as the person who asks sees them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.console.listing import Listing, View
from sla_service.console.views import (
    ContactView,
    ConversationPage,
    ConversationView,
    LastMessageView,
    OfferView,
    PersonView,
    PromiseView,
    TicketView,
)
from sla_service.conversations.tables import Owner
from sla_service.handoff.holding import ConversationNotFound
from sla_service.sla.clocks import ClockState
from sla_service.tickets.tables import Priority


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations somebody wants to see."""

    view: View = "all"
    query: str = ""
    priority: Priority | None = None
    language: str | None = None
    tag: str | None = None
    agent: int | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, and how long after a contact's message anything may be said."""

    agent_id: int | None
    window: timedelta


async def page(
    session: AsyncSession, reader: Reader, wanted: Wanted, *, cursor: str | None, limit: int
) -> ConversationPage:
    """Conversations of a view, those with the most urgent promise or the newest activity first.

    Raises BadCursor.
    """
    listing = Listing(reader.agent_id)
    listing.of(wanted.view)
    listing.found(wanted.query)
    listing.narrowed(
        priority=wanted.priority,
        language=wanted.language,
        tag=wanted.tag,
        agent=wanted.agent,
        unread=wanted.unread,
    )
    listing.after(cursor)
    if wanted.query or wanted.tag:
        await session.execute(_PLANNED_ANEW)
    rows = (await session.execute(text(listing.statement(limit + 1)), listing.values)).all()
    shown = rows[:limit]
    return ConversationPage(
        items=[_view(row, reader) for row in shown],
        next=listing.cursor(shown[-1]) if len(rows) > limit else None,
    )


async def one(session: AsyncSession, reader: Reader, conversation_id: int) -> ConversationView:
    """One conversation as the list shows it. Raises ConversationNotFound."""
    listing = Listing(reader.agent_id)
    listing.only(conversation_id)
    row = (await session.execute(text(listing.statement(1)), listing.values)).first()
    if row is None:
        raise ConversationNotFound(conversation=conversation_id)
    return _view(row, reader)


# How much there is to find hangs on what is looked for: one plan for all would go through all there
# is for what is seldom, once enough was looked for that is everywhere.
_PLANNED_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")


def _view(row: Row[Any], reader: Reader) -> ConversationView:
    return ConversationView(
        id=row.id,
        contact=ContactView(name=row.name, phone=row.wa_id, username=row.username, bsuid=row.bsuid),
        language=row.language,
        owner=Owner(row.owner),
        owner_fence=row.owner_fence,
        agent=PersonView(id=row.agent_id, name=row.agent_name) if row.agent_name else None,
        waiting=row.is_waiting,
        waiting_since=row.waiting_since,
        last_message_at=row.last_message_at,
        window_closes_at=row.last_inbound_at and row.last_inbound_at + reader.window,
        ticket=_ticket(row),
        tags=row.tags or [],
        intent=row.intent,
        promise=_promise(row),
        last_message=_last_message(row),
        unread=row.unread,
        offer=_offer(row),
    )


def _ticket(row: Row[Any]) -> TicketView | None:
    if row.ticket_number is None:
        return None
    return TicketView(
        number=row.ticket_number,
        status=row.ticket_status,
        priority=row.ticket_priority,
        subject=row.ticket_subject,
        reason=row.reason,
    )


def _promise(row: Row[Any]) -> PromiseView | None:
    if row.metric is None:
        return None
    return PromiseView(
        metric=row.metric,
        due_at=row.due_at,
        state=row.clock_state,
        breached_at=row.breached_at,
        paused=row.clock_state == ClockState.PAUSED,
    )


def _last_message(row: Row[Any]) -> LastMessageView | None:
    if row.message_author is None:
        return None
    return LastMessageView(
        text=row.message_text,
        author=row.message_author,
        kind=row.message_kind,
        at=row.message_at,
        revoked=row.message_revoked,
    )


def _offer(row: Row[Any]) -> OfferView | None:
    if row.offer_id is None:
        return None
    return OfferView(id=row.offer_id, expires_at=row.offer_expires_at)
