"""Tickets as people read them: one, and all of a conversation."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.tickets.lifecycle import TicketNotFound


async def one(session: AsyncSession, number: int) -> Any:
    """The row of a ticket, as `views.TicketView` takes it. Raises TicketNotFound."""
    row = (await session.execute(_ONE, {"number": number})).first()
    if row is None:
        raise TicketNotFound(number=number)
    return row


async def of_conversation(session: AsyncSession, conversation_id: int, limit: int) -> list[Any]:
    """The rows of a conversation's tickets, the newest first."""
    values = {"conversation": conversation_id, "limit": limit}
    return list(await session.execute(_OF_CONVERSATION, values))


async def numbers(session: AsyncSession, ids: Sequence[int]) -> dict[int, int]:
    """By which number people know each ticket; those that are gone are left out."""
    found = await session.execute(_NUMBERS, {"ids": list(ids)})
    return {row.id: row.number for row in found}


async def tags(session: AsyncSession, limit: int) -> list[str]:
    """Tags of the latest tickets, what is used most on top."""
    return list(await session.scalars(_TAGS, {"limit": limit}))


_SHOWN = """
SELECT t.number, t.conversation_id AS conversation, t.status, t.priority, t.subject, t.tags,
       t.opened_at, t.resolved_at, f.number AS follows, m.number AS merged_into,
       (SELECT array_agg(p.number ORDER BY p.id) FROM tickets p WHERE p.merged_into_id = t.id)
         AS merged,
       (SELECT array_agg(n.number ORDER BY n.id) FROM tickets n
        WHERE n.conversation_id = t.conversation_id AND n.follows_id = t.id) AS followed_by,
       r.score, r.comment, r.rated_at, r.is_bot_only
FROM tickets t
LEFT JOIN tickets f ON f.id = t.follows_id
LEFT JOIN tickets m ON m.id = t.merged_into_id
LEFT JOIN LATERAL (
  SELECT score, comment, rated_at, is_bot_only FROM ratings
  WHERE ticket_id = t.id AND score IS NOT NULL ORDER BY resolution DESC LIMIT 1
) r ON true
"""
_ONE = text(f"{_SHOWN} WHERE t.number = :number")
_OF_CONVERSATION = text(
    f"{_SHOWN} WHERE t.conversation_id = :conversation ORDER BY t.id DESC LIMIT :limit"
)
_NUMBERS = text("SELECT id, number FROM tickets WHERE id = ANY(:ids)")
_TAGS = text("""
SELECT tag FROM (SELECT tags FROM tickets ORDER BY id DESC LIMIT 5000) t, unnest(tags) tag
GROUP BY tag ORDER BY count(*) DESC, tag LIMIT :limit
""")
