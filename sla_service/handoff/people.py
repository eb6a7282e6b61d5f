"""The people who answer, with what they have to do."""

from sla_service.agents import roster
from sla_service.agents.roster import Person
from sla_service.agents.tables import Presence
from sla_service.database.sessions import Connection, rows
from sla_service.errors import DomainError, NotFound
from sla_service.handoff.assigning import Candidate


class NobodyWithThisNumber(NotFound):
    """Nobody who answers has this number."""


class NotThere(DomainError):
    """Nothing can be given to somebody who is away or offline."""

    status = 409


async def candidates(connection: Connection) -> list[Candidate]:
    """Everybody with an account, there or not."""
    loads = {row.agent_id: row for row in await rows(connection, _LOADS)}
    return [
        Candidate(
            id=person.id,
            is_there=person.presence is Presence.AVAILABLE,
            languages=person.languages,
            skills=person.skills,
            team=person.team,
            capacity=person.capacity,
            load=loads[person.id].load if person.id in loads else 0,
            last_given_at=loads[person.id].last_given_at if person.id in loads else None,
        )
        for person in await roster.everyone(connection)
    ]


async def somebody(connection: Connection, agent_id: int, *, must_be_there: bool) -> Person:
    """Who has this number. Raises NobodyWithThisNumber, NotThere."""
    person = next((one for one in await roster.everyone(connection) if one.id == agent_id), None)
    if person is None:
        raise NobodyWithThisNumber(agent=agent_id)
    if must_be_there and person.presence is not Presence.AVAILABLE:
        raise NotThere(agent=agent_id, presence=person.presence.value)
    return person


_LOADS = """
SELECT a.id AS agent_id,
       (SELECT count(*) FROM conversations c WHERE c.owner = 'agent' AND c.agent_id = a.id)
       + (SELECT count(*) FROM offers o WHERE o.agent_id = a.id AND o.outcome IS NULL) AS load,
       (SELECT max(o.offered_at) FROM offers o WHERE o.agent_id = a.id) AS last_given_at
FROM agents a WHERE a.disabled_at IS NULL
"""
