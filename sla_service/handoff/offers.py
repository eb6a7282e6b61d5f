"""Conversations offered to agents: made, accepted, declined, and let pass."""

from datetime import timedelta
from typing import Any

from sla_service.agents import audit
from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.errors import DomainError, NotFound
from sla_service.handoff import ownership
from sla_service.handoff.holding import Held, hold
from sla_service.handoff.tables import Outcome
from sla_service.web.principals import Principal


class NoSuchOffer(NotFound):
    """There is no such offer to you."""


class OfferOver(DomainError):
    """This offer is over."""

    status = 409


async def make(
    connection: Connection, conversation_id: int, agent_id: int, *, lasts: timedelta
) -> int | None:
    """Offer a conversation that waits; None when it no longer does."""
    values = {"id": conversation_id, "agent": agent_id, "lasts": lasts}
    made = await rows(connection, _MAKE, values)
    if not made:
        return None
    await _tell(connection, made[0])
    return int(made[0].id)


async def accept(connection: Connection, offer_id: int, by: Principal) -> Held:
    """Take what one was offered; accepting again what one has changes nothing.

    Raises NoSuchOffer, OfferOver, AlreadyHeld.
    """
    found = await _mine(connection, offer_id, by)
    held = await hold(connection, found.conversation_id)
    if held.agent_id is not None and held.agent_id != by.id:
        raise ownership.AlreadyHeld(held_by={"id": held.agent_id, "name": held.agent_name})
    if held.agent_id is None and not await rows(connection, _OPEN, {"id": offer_id}):
        raise OfferOver
    return await ownership.assign(connection, found.conversation_id, found.agent_id, by)


async def decline(connection: Connection, offer_id: int, by: Principal) -> None:
    """Let somebody else have it; declining again changes nothing. Raises NoSuchOffer."""
    found = await _mine(connection, offer_id, by)
    ended = await _end(connection, [offer_id], Outcome.DECLINED)
    if ended:
        await audit.record(connection, by, "offer.declined", "conversation", found.conversation_id)


async def let_pass(connection: Connection) -> int:
    """End offers whose time is over; returns how many."""
    found = await rows(connection, _OVER)
    return await _end(connection, [row.id for row in found], Outcome.EXPIRED)


async def withdraw_from_absent(connection: Connection, there: list[int]) -> int:
    """End offers to people who are not there any more; returns how many."""
    found = await rows(connection, _ABSENT, {"there": there})
    return await _end(connection, [row.id for row in found], Outcome.WITHDRAWN)


async def _end(connection: Connection, ids: list[int], outcome: Outcome) -> int:
    if not ids:
        return 0
    ended = await rows(connection, _END, {"ids": ids, "outcome": outcome.value})
    for row in ended:
        await _tell(connection, row)
    if ended:
        await tell_by(connection, Channel.QUEUE)
    return len(ended)


async def _tell(connection: Connection, offer: Any) -> None:
    await tell_by(connection, Channel.LIVE, f"offer:{offer.id}")
    await tell_by(connection, Channel.LIVE, str(offer.conversation_id))


async def _mine(connection: Connection, offer_id: int, by: Principal) -> Any:
    agent = by.id if by.kind == "agent" else None
    found = await rows(connection, _MINE, {"id": offer_id, "agent": agent})
    if not found:
        raise NoSuchOffer(offer=offer_id)
    return found[0]


_MAKE = """
INSERT INTO offers (conversation_id, ticket_id, agent_id, owner_fence, expires_at)
SELECT c.id, t.id, %(agent)s::bigint, c.owner_fence, now() + %(lasts)s
FROM conversations c
JOIN LATERAL (
  SELECT id FROM tickets
  WHERE conversation_id = c.id AND merged_into_id IS NULL ORDER BY id DESC LIMIT 1
) t ON true
WHERE c.id = %(id)s AND c.owner = 'queue'
ON CONFLICT (conversation_id) WHERE outcome IS NULL DO NOTHING
RETURNING id, conversation_id
"""

_MINE = """
SELECT id, conversation_id, agent_id FROM offers
WHERE id = %(id)s AND agent_id = %(agent)s::bigint
"""

_OPEN = "SELECT 1 AS open FROM offers WHERE id = %(id)s AND outcome IS NULL AND expires_at > now()"

_OVER = """
SELECT id FROM offers WHERE outcome IS NULL AND expires_at <= now()
ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED
"""

_ABSENT = """
SELECT id FROM offers WHERE outcome IS NULL AND agent_id <> ALL(%(there)s::bigint[])
ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED
"""

_END = """
UPDATE offers SET outcome = %(outcome)s::text, answered_at = now()
WHERE id = ANY(%(ids)s) AND outcome IS NULL RETURNING id, conversation_id
"""
