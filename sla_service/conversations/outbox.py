"""What we owe a contact: said in the same transaction as what caused it, sent afterwards."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.tables import Author, Message, Owed, SendState
from sla_service.whatsapp.compose import Composed


async def say(
    session: AsyncSession,
    *,
    conversation_id: int,
    ticket_id: int | None,
    turn_id: int | None,
    author: Author,
    owner_fence: int,
    messages: Sequence[Composed],
    at: datetime,
) -> None:
    """Owe a contact these messages, in this order, under the owner they were composed for.

    The caller holds the conversation's row.
    """
    if not messages:
        return
    rows = [
        {
            "conversation_id": conversation_id,
            "ticket_id": ticket_id,
            "turn_id": turn_id,
            "author": author,
            "kind": message.kind,
            "text": message.text,
            "content": message.content,
            "said_at": at,
            "state": SendState.QUEUED,
        }
        for message in messages
    ]
    ids = await session.scalars(
        insert(Message).returning(Message.id, sort_by_parameter_order=True), rows
    )
    await session.execute(
        insert(Owed),
        [
            {
                "conversation_id": conversation_id,
                "message_id": message_id,
                "body": message.body,
                "owner_fence": owner_fence,
            }
            for message_id, message in zip(ids.all(), messages, strict=True)
        ],
    )
