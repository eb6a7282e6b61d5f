"""Notices and parked events as the API shows them."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.tables import Contact, Conversation
from sla_service.proactive.events import Parked
from sla_service.proactive.kinds import NoticeKind
from sla_service.proactive.tables import NoticeState, OrderNotice, WhyNot


class NoticeView(BaseModel):
    """What somebody was told of an order, is to be told, or was not told and why."""

    id: int
    order: str
    kind: NoticeKind
    conversation: int | None
    contact_name: str | None
    happened_at: datetime
    state: NoticeState
    reason: WhyNot | None
    due_at: datetime | None
    """When it is looked at again; only while it waits for that."""
    told_at: datetime | None
    template: str | None
    """By which template; null: as a plain message."""
    score: int | None


class NoticePage(BaseModel):
    """Notices, the latest first, and where the next page begins; null: this is all."""

    items: list[NoticeView]
    next: int | None


class ParkedView(BaseModel):
    """An order event that can't be read, or failed again and again."""

    id: int
    webhook_id: str
    received_at: datetime
    attempts: int
    error: str

    @classmethod
    def of(cls, one: Parked) -> "ParkedView":
        """An event as the API shows it."""
        return cls(
            id=one.id,
            webhook_id=one.webhook_id,
            received_at=one.received_at,
            attempts=one.attempts,
            error=one.error,
        )


async def page(
    session: AsyncSession,
    *,
    conversation: int | None,
    state: NoticeState | None,
    before: int | None,
    limit: int,
) -> NoticePage:
    """Notices of everybody or of one conversation."""
    query = (
        select(OrderNotice, Contact.name)
        .outerjoin(Conversation, Conversation.id == OrderNotice.conversation_id)
        .outerjoin(Contact, Contact.id == Conversation.contact_id)
        .order_by(OrderNotice.id.desc())
        .limit(limit + 1)
    )
    if conversation is not None:
        query = query.where(OrderNotice.conversation_id == conversation)
    if state is not None:
        query = query.where(OrderNotice.state == state)
    if before is not None:
        query = query.where(OrderNotice.id < before)
    found = [_view(notice, name) for notice, name in await session.execute(query)]
    items = found[:limit]
    return NoticePage(items=items, next=items[-1].id if len(found) > limit else None)


def _view(notice: OrderNotice, name: str | None) -> NoticeView:
    return NoticeView(
        id=notice.id,
        order=notice.order_number,
        kind=notice.kind,
        conversation=notice.conversation_id,
        contact_name=name,
        happened_at=notice.happened_at,
        state=notice.state,
        reason=notice.reason,
        due_at=notice.due_at if _waits(notice) else None,
        told_at=notice.told_at,
        template=notice.template,
        score=notice.score,
    )


def _waits(notice: OrderNotice) -> bool:
    return notice.state is NoticeState.WANTED or notice.reason is WhyNot.TRYING_AGAIN
