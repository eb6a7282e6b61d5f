"""How often a contact may try to prove that an order is theirs."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.tables import Conversation
from sla_service.handoff.holding import ConversationNotFound
from sla_service.handoff.tables import OrderProof

_DAY = timedelta(hours=24)


async def spend(
    session: AsyncSession, conversation_id: int, *, key: str, a_day: int, at: datetime
) -> tuple[bool, int]:
    """Use up one of a contact's tries of the last 24 hours: (allowed, how many are left).

    The same key again spends nothing. Raises ConversationNotFound.
    """
    locked = await session.scalar(
        select(Conversation.id).where(Conversation.id == conversation_id).with_for_update()
    )
    if locked is None:
        raise ConversationNotFound(conversation=conversation_id)
    since = at - _DAY
    tries = select(func.count()).where(
        OrderProof.conversation_id == conversation_id, OrderProof.at > since
    )
    spent = await session.scalar(tries) or 0
    known = await session.scalar(
        select(OrderProof.id).where(
            OrderProof.conversation_id == conversation_id, OrderProof.key == key
        )
    )
    if known is not None:
        return True, max(a_day - spent, 0)
    if spent >= a_day:
        return False, 0
    await session.execute(
        insert(OrderProof).values(conversation_id=conversation_id, key=key, at=at)
    )
    return True, a_day - spent - 1
