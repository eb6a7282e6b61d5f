"""What agents hold leaves them by itself: to the queue when they are gone, to the bot when idle."""

from dataclasses import dataclass

from sla_service.database.sessions import Database, rows
from sla_service.handoff import ownership, people
from sla_service.handoff.holding import DESK
from sla_service.handoff.tables import Reason
from sla_service.settings import HandoffSettings, TicketSettings

_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Returning:
    """Looks after what agents hold; any number of workers may."""

    database: Database
    settings: HandoffSettings
    tickets: TicketSettings

    async def once(self) -> int:
        """Send back what is due; returns how many conversations."""
        return await self._from_the_gone() + await self._from_the_idle()

    async def _from_the_gone(self) -> int:
        """A contact who waits for somebody who is not there waits for anybody instead."""
        async with self.database.step() as connection:
            house = await people.candidates(connection)
            there = [one.id for one in house if one.is_there]
            values = {"there": there, "after": self.settings.gone_after, "limit": _AT_ONCE}
            found = await rows(connection, _GONE, values)
            for row in found:
                await ownership.put_back(connection, row.id, DESK, reason=Reason.AGENT_GONE)
            return len(found)

    async def _from_the_idle(self) -> int:
        """A contact who leaves it at an agent's answer is the bot's again."""
        if not self.settings.idle_after:
            return 0
        async with self.database.step() as connection:
            values = {"after": self.settings.idle_after, "limit": _AT_ONCE}
            found = await rows(connection, _IDLE, values)
            for row in found:
                await ownership.give_back(
                    connection,
                    row.id,
                    DESK,
                    reason=Reason.IDLE,
                    settles_in=self.tickets.settled_after,
                )
            return len(found)


_ANSWERED = """
EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.author = 'agent'
        AND m.said_at >= c.last_inbound_at)
"""

_GONE = f"""
SELECT c.id FROM conversations c
WHERE c.owner = 'agent' AND c.agent_id <> ALL(%(there)s::bigint[])
  AND c.last_inbound_at <= now() - %(after)s AND c.held_since <= now() - %(after)s
  AND NOT {_ANSWERED}
ORDER BY c.id LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - our own words

_IDLE = f"""
SELECT c.id FROM conversations c
WHERE c.owner = 'agent'
  AND GREATEST(c.last_inbound_at, c.last_message_at, c.held_since) <= now() - %(after)s
  AND {_ANSWERED}
ORDER BY c.id LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - our own words
