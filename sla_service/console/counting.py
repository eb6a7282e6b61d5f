"""How many conversations each view has: for everybody at once, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.console.listing import HAS_UNREAD, NEWEST_TICKET
from sla_service.console.views import CountsView


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is for all, and of each agent's own: how many, and how many with news in them."""

    waiting: int = 0
    open: int = 0
    bot: int = 0
    own: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    def of(self, agent_id: int | None) -> CountsView:
        """The counts as one agent sees them."""
        mine, unread = self.own.get(agent_id or 0, (0, 0))
        return CountsView(
            mine=mine, waiting=self.waiting, open=self.open, bot=self.bot, unread=unread
        )


async def counts(session: AsyncSession) -> Counts:
    """The counts as they are now."""
    unresolved = await session.scalar(text(UNRESOLVED)) or 0
    waiting = with_people = 0
    own: dict[int, tuple[int, int]] = {}
    for row in await session.execute(text(WITH_PEOPLE)):
        with_people += row.unresolved
        if row.agent_id is None:
            waiting += row.total
        else:
            own[row.agent_id] = (row.total, row.unread)
    return Counts(waiting, with_people, unresolved - with_people, own)


WITH_PEOPLE = f"""
SELECT CASE c.owner WHEN 'agent' THEN c.agent_id END AS agent_id, count(*) AS total,
       count(*) FILTER (WHERE t.status IS DISTINCT FROM 'resolved') AS unresolved,
       count(*) FILTER (WHERE c.owner = 'agent' AND {HAS_UNREAD.format(agent="c.agent_id")})
         AS unread
FROM conversations c LEFT JOIN LATERAL ({NEWEST_TICKET}) t ON true
WHERE c.owner <> 'bot' AND c.last_message_at IS NOT NULL
GROUP BY 1
"""  # noqa: S608 - our own words

# Only the newest ticket of a conversation is ever unresolved.
UNRESOLVED = "SELECT count(DISTINCT conversation_id) FROM tickets WHERE status <> 'resolved'"
