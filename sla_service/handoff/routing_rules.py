"""The rules of routing as they are kept, replaced as a whole, and tried on past handoffs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from sla_service.agents import audit, roster
from sla_service.database.sessions import Connection, rows
from sla_service.handoff import routing
from sla_service.handoff.people import NobodyWithThisNumber
from sla_service.handoff.routing import Facts, Rule
from sla_service.web.principals import Principal


@dataclass(frozen=True, slots=True)
class Tried:
    """A past handoff: the rule that counted for it, and the one that would have."""

    handoff: int
    conversation: int
    ticket: int
    at: datetime
    reason: str
    was: str | None
    would: Rule | None

    @property
    def is_changed(self) -> bool:
        """Whether another rule would have counted."""
        return self.was != (self.would.name if self.would else None)


async def kept(connection: Connection) -> list[Rule]:
    """All rules, in the order in which they are tried."""
    return [
        Rule.model_validate(
            {"name": row.name, "when": row.when, "then": row.then, "is_active": row.is_active}
        )
        for row in await rows(connection, _KEPT)
    ]


async def replace(connection: Connection, rules: Sequence[Rule], by: Principal) -> None:
    """Let these be the rules from now on. Raises NobodyWithThisNumber."""
    known = {person.id for person in await roster.everyone(connection)}
    for rule in rules:
        if rule.then.agent is not None and rule.then.agent not in known:
            raise NobodyWithThisNumber(agent=rule.then.agent, rule=rule.name)
    await rows(
        connection,
        _REPLACE,
        {
            "names": [rule.name for rule in rules],
            "whens": [Jsonb(_plain(rule, "when")) for rule in rules],
            "thens": [Jsonb(_plain(rule, "then")) for rule in rules],
            "actives": [rule.is_active for rule in rules],
        },
    )
    await audit.record(connection, by, "routing.changed", "routing_rules", rules=len(rules))


async def try_on(connection: Connection, rules: Sequence[Rule], *, handoffs: int) -> list[Tried]:
    """Who would have gone where: the last handoffs to people, the latest first."""
    return [
        Tried(
            handoff=row.id,
            conversation=row.conversation_id,
            ticket=row.number,
            at=row.at,
            reason=row.reason,
            was=row.rule,
            would=routing.first(rules, Facts.of_json(row.facts)),
        )
        for row in await rows(connection, _PAST, {"limit": handoffs})
    ]


def _plain(rule: Rule, part: str) -> object:
    """What a rule says, without what it leaves open."""
    return rule.model_dump(mode="json", exclude_defaults=True, include={part}).get(part, {})


_KEPT = """SELECT name, "when", "then", is_active FROM routing_rules ORDER BY position, id"""

# The lock lets two replacements follow each other; readers see one whole list or the other.
_REPLACE = """
WITH locked AS MATERIALIZED (
  SELECT pg_advisory_xact_lock(748233031)
), gone AS (
  DELETE FROM routing_rules WHERE EXISTS (SELECT 1 FROM locked)
)
INSERT INTO routing_rules (position, name, "when", "then", is_active)
SELECT nth, name, whens, thens, active
FROM unnest(%(names)s::text[], %(whens)s::jsonb[], %(thens)s::jsonb[], %(actives)s::boolean[])
     WITH ORDINALITY AS r(name, whens, thens, active, nth)
"""

_PAST = """
SELECT h.id, h.conversation_id, t.number, h.at, h.reason,
       h.details -> 'facts' AS facts, h.details -> 'routed' ->> 'rule' AS rule
FROM handoffs h JOIN tickets t ON t.id = h.ticket_id
WHERE h.to_owner = 'queue' AND h.details ? 'facts'
ORDER BY h.id DESC LIMIT %(limit)s
"""
