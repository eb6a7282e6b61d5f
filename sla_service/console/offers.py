"""Offers as the agent to whom one is made hears of them."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.console.news import News


async def now(session: AsyncSession, offers: Iterable[int]) -> list[News]:
    """What offers have become, each for its agent alone; one that is over has expired."""
    found = await session.execute(_OFFERS, {"ids": sorted(offers)})
    return [
        News(
            "offer",
            {
                "id": row.id,
                "conversation": row.conversation_id,
                "expires_at": row.ended_at.isoformat().replace("+00:00", "Z"),
            },
            row.agent_id,
        )
        for row in found
    ]


_OFFERS = text("""
SELECT id, conversation_id, agent_id, LEAST(expires_at, answered_at) AS ended_at
FROM offers WHERE id = ANY(:ids) ORDER BY id
""")
