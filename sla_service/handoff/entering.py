"""A conversation enters the people's queue: where it goes by the rules, and its place there."""

from dataclasses import replace

from sla_service.database.sessions import Connection, rows
from sla_service.handoff import routing, routing_rules
from sla_service.handoff.holding import Held
from sla_service.handoff.routing import Facts, Then
from sla_service.tickets import promises
from sla_service.tickets.tables import Priority

_RANKS = tuple(Priority)


async def raise_priority(connection: Connection, held: Held, priority: Priority | None) -> Held:
    """Let a ticket matter more than it did; never less."""
    if priority is None or _RANKS.index(priority) <= _RANKS.index(held.priority):
        return held
    return await _prioritise(connection, held, priority)


async def route(connection: Connection, facts: Facts) -> tuple[str | None, Then]:
    """The rule that counts and what it says; without one, anybody may get it."""
    rule = routing.first(await routing_rules.kept(connection), facts)
    return (None, Then()) if rule is None else (rule.name, rule.then)


async def apply(connection: Connection, held: Held, then: Then) -> Held:
    """Let a rule's priority and tags be the ticket's."""
    if then.tags:
        tagged = await rows(connection, _TAG, {"ticket": held.ticket_id, "tags": then.tags})
        await promises.tagged(connection, held.ticket_id, tagged[0].tags)
    if then.priority is not None and then.priority is not held.priority:
        held = await _prioritise(connection, held, then.priority)
    return held


async def take_place(connection: Connection, held: Held, then: Then) -> None:
    """Stand in the queue, since the contact began to wait for a person."""
    await rows(
        connection,
        _STAND,
        {
            "id": held.conversation_id,
            "skill": then.skill,
            "team": then.team,
            "agent": then.agent,
            "is_picked": then.queue == "picked",
        },
    )


async def routed_before(connection: Connection, held: Held) -> Then:
    """What the rules said when people were called."""
    found = await rows(connection, _ROUTED, {"id": held.conversation_id})
    then = Then.model_validate(found[0].then or {}) if found else Then()
    return then.model_copy(update={"agent": None})  # who had it has just let go of it


async def _prioritise(connection: Connection, held: Held, priority: Priority) -> Held:
    values = {"ticket": held.ticket_id, "priority": priority.value}
    await rows(connection, _PRIORITISE, values)
    await promises.prioritised(connection, held.ticket_id, priority)
    return replace(held, priority=priority)


_PRIORITISE = "UPDATE tickets SET priority = %(priority)s WHERE id = %(ticket)s"

_TAG = """
UPDATE tickets
SET tags = ARRAY(SELECT DISTINCT unnest(tags || %(tags)s::text[]) ORDER BY 1)
WHERE id = %(ticket)s RETURNING tags
"""

_STAND = """
INSERT INTO queue_places (conversation_id, since, skill, team, agent_id, is_picked)
SELECT %(id)s::bigint, COALESCE(max(at), now()), %(skill)s::text, %(team)s::text,
       %(agent)s::bigint, %(is_picked)s::boolean
FROM handoffs
WHERE conversation_id = %(id)s::bigint AND from_owner = 'bot'
ON CONFLICT (conversation_id) DO NOTHING
"""

_ROUTED = """
SELECT details -> 'routed' -> 'then' AS then FROM handoffs
WHERE conversation_id = %(id)s AND from_owner = 'bot' ORDER BY id DESC LIMIT 1
"""
