"""Who holds a conversation: every change of owner, with the fence that makes it safe."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.tables import Conversation, Message, Owner
from sla_service.database.wake import Channel, tell
from sla_service.errors import NotFound
from sla_service.handoff.tables import Handoff, Reason
from sla_service.tickets import lifecycle, promises
from sla_service.tickets.tables import Priority, Ticket, TicketStatus

_TOPICS = {Reason.FRAUD: "fraud_report", Reason.COMPLAINT: "complaint"}


class ConversationNotFound(NotFound):
    """There is no conversation with this id."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a conversation now, and the ticket it is about."""

    owner: Owner
    ticket: Ticket


async def to_queue(
    session: AsyncSession,
    conversation_id: int,
    *,
    reason: Reason,
    summary: str | None = None,
    priority: Priority | None = None,
    key: str | None = None,
) -> Held:
    """Hand a conversation that the bot holds to the people's queue.

    Asked again under the same `key`, or for a conversation that people hold already, it changes
    nothing. Raises ConversationNotFound, NoTicketYet.
    """
    conversation = await _lock(session, conversation_id)
    ticket = await lifecycle.current(session, conversation_id)
    await lifecycle.name(session, ticket, subject=None, priority=priority)
    if conversation.owner is Owner.BOT and not await _is_done(session, conversation_id, key):
        await _change(
            session, conversation, ticket, Owner.QUEUE, reason=reason, summary=summary, key=key
        )
        # What the bot has not heard yet is for people; the turn that asked for this ends itself.
        await session.execute(
            update(Message)
            .where(Message.conversation_id == conversation_id, Message.turn_id.is_(None))
            .values(is_waiting=False)
        )
    return Held(conversation.owner, ticket)


async def resolve(session: AsyncSession, number: int, at: datetime) -> Held:
    """Resolve a ticket; its conversation goes back to the bot. Raises TicketNotFound."""
    ticket = await lifecycle.by_number(session, number)
    conversation = await _lock(session, ticket.conversation_id)
    await lifecycle.resolve(session, ticket, at)
    newest = await lifecycle.current(session, conversation.id)
    if conversation.owner is not Owner.BOT and newest.id == ticket.id:
        await _change(session, conversation, ticket, Owner.BOT, reason=Reason.RESOLVED)
    return Held(conversation.owner, ticket)


async def _lock(session: AsyncSession, conversation_id: int) -> Conversation:
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    conversation = await session.scalar(query)
    if conversation is None:
        raise ConversationNotFound(conversation=conversation_id)
    return conversation


async def _is_done(session: AsyncSession, conversation_id: int, key: str | None) -> bool:
    if key is None:
        return False
    query = select(Handoff.id).where(Handoff.conversation_id == conversation_id, Handoff.key == key)
    return await session.scalar(query) is not None


async def _change(
    session: AsyncSession,
    conversation: Conversation,
    ticket: Ticket,
    to: Owner,
    *,
    reason: Reason,
    summary: str | None = None,
    key: str | None = None,
) -> None:
    await session.execute(
        insert(Handoff).values(
            conversation_id=conversation.id,
            ticket_id=ticket.id,
            from_owner=conversation.owner,
            to_owner=to,
            reason=reason,
            summary=summary,
            key=key,
        )
    )
    conversation.owner = to
    conversation.owner_fence += 1
    conversation.owner_changed_by = key
    ticket.settles_at = None
    if ticket.status is TicketStatus.PENDING and to is not Owner.BOT:
        ticket.status = TicketStatus.OPEN
        await promises.reopened(session, ticket.id)
    learnt = {"intent": _TOPICS[reason]} if reason in _TOPICS else {}
    await promises.assigned(session, ticket.id, to, **learnt)
    await tell(session, Channel.LIVE, str(conversation.id))
