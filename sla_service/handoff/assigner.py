"""Hands out what waits in the queue: offers that expire and move on, until nobody has room."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from sla_service.database.sessions import Connection, Database, rows
from sla_service.errors import DomainError
from sla_service.handoff import offers, ownership, people
from sla_service.handoff.assigning import Candidate, Need, Strategy, choose
from sla_service.handoff.expecting import RANK
from sla_service.handoff.holding import DESK
from sla_service.settings import HandoffSettings

_log = structlog.get_logger()
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Handed:
    """What was done, and in how many seconds an offer expires next, if one does."""

    given: int = 0
    ended: int = 0
    expires_in: float | None = None


@dataclass(frozen=True, slots=True)
class Assigner:
    """Any number of workers may run it; one at a time does, so that nobody gets too much."""

    database: Database
    settings: HandoffSettings

    async def once(self) -> Handed:
        """End offers that are over, and offer or give what waits to those who have room."""
        async with self.database.step() as connection:
            if not (await rows(connection, _ALONE))[0].is_alone:
                return Handed()
            house = await people.candidates(connection)
            there = [one.id for one in house if one.is_there]
            ended = await offers.let_pass(connection)
            ended += await offers.withdraw_from_absent(connection, there)
            if ended:
                house = await people.candidates(connection)
            given = await self._give_out(connection, house)
            expires = await rows(connection, _NEXT)
            return Handed(given, ended, expires[0].expires_in)

    async def _give_out(self, connection: Connection, house: Sequence[Candidate]) -> int:
        by_id = {one.id: one for one in house}
        if not any(one.has_room for one in house):
            return 0
        given = 0
        for place in await rows(connection, _WAITING, {"limit": _AT_ONCE}):
            found = choose(list(by_id.values()), _need(place), Strategy(self.settings.strategy))
            if found is None or not await self._give(connection, place.conversation_id, found.id):
                continue
            given += 1
            by_id[found.id] = replace(found, load=found.load + 1, last_given_at=place.now)
        return given

    async def _give(self, connection: Connection, conversation_id: int, agent_id: int) -> bool:
        if self.settings.assigns == "offer":
            lasts = self.settings.offer_for
            made = await offers.make(connection, conversation_id, agent_id, lasts=lasts)
            return made is not None
        try:
            async with connection.transaction():
                await ownership.assign(connection, conversation_id, agent_id, DESK)
        except DomainError as refused:
            _log.info("not_assigned", conversation=conversation_id, why=refused.code)
            return False
        return True


def _need(place: Any) -> Need:
    return Need(
        language=place.language,
        skill=place.skill,
        team=place.team,
        agent_id=place.agent_id,
        declined=frozenset(place.declined),
        let_pass=tuple(place.let_pass),
    )


_ALONE = "SELECT pg_try_advisory_xact_lock(748233030) AS is_alone"

_NEXT = """
SELECT extract(epoch FROM min(expires_at) - now())::float AS expires_in
FROM offers WHERE outcome IS NULL
"""

# What was said at the door goes out first: nothing is handed out while the contact is owed a word
# or the turn that handed over is not over, unless that takes suspiciously long.
_WAITING = f"""
SELECT q.conversation_id, q.skill, q.team, q.agent_id, c.language, now() AS now,
       ARRAY(SELECT o.agent_id FROM offers o
             WHERE o.conversation_id = c.id AND o.owner_fence = c.owner_fence
               AND o.outcome = 'declined') ||
       ARRAY(SELECT h.from_agent_id FROM handoffs h
             WHERE h.id = last.id AND h.reason = 'returned') AS declined,
       ARRAY(SELECT h.from_agent_id FROM handoffs h
             WHERE h.id = last.id AND h.reason = 'agent_gone') ||
       ARRAY(SELECT o.agent_id FROM offers o
             WHERE o.conversation_id = c.id AND o.owner_fence = c.owner_fence
               AND o.outcome = 'expired' ORDER BY o.id) AS let_pass
FROM queue_places q
JOIN conversations c ON c.id = q.conversation_id AND c.owner = 'queue'
JOIN LATERAL (
  SELECT priority FROM tickets
  WHERE conversation_id = c.id AND merged_into_id IS NULL ORDER BY id DESC LIMIT 1
) t ON true
LEFT JOIN LATERAL (
  SELECT id FROM handoffs WHERE conversation_id = c.id ORDER BY id DESC LIMIT 1
) last ON true
WHERE NOT q.is_picked
  AND NOT EXISTS (SELECT 1 FROM offers o WHERE o.conversation_id = c.id AND o.outcome IS NULL)
  AND (c.held_since < now() - interval '10 seconds' OR NOT EXISTS (
    SELECT 1 FROM outbox b WHERE b.conversation_id = c.id
    UNION ALL SELECT 1 FROM turns u WHERE u.conversation_id = c.id AND u.closed_at IS NULL
  ))
ORDER BY {RANK.format(ticket="t")}, q.since LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - our own words
