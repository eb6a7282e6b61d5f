"""What somebody who begins to wait may expect, read from the queue as it is."""

from datetime import timedelta

from sla_service.database.sessions import Connection, rows
from sla_service.handoff import opening, people, waiting
from sla_service.handoff.assigning import Need, Strategy, choose
from sla_service.handoff.opening import OpeningHours
from sla_service.handoff.waiting import Figures, Wait

_LATELY = timedelta(days=7)
_PICKUPS = 50


async def expected(connection: Connection, conversation_id: int, ticket_id: int) -> Wait:
    """What to tell the contact of a conversation that waits in the queue."""
    hours = await opening.hours(connection, ticket_id)
    place = (await rows(connection, _PLACE, {"id": conversation_id}))[0]
    house = await people.candidates(connection)
    need = Need(place.language, place.skill, place.team, place.agent_id)
    free = None if place.is_picked else choose(house, need, Strategy.LEAST_LOADED)
    opens_at = hours.opens_at(place.now)
    return waiting.estimate(
        Figures(
            ahead=place.ahead,
            there=sum(one.is_there and one.capacity > 0 for one in house),
            is_somebody_free=free is not None,
            pickups=await _pickups(connection, hours),
            opens_at=opens_at,
            time_zone=hours.time_zone,
        )
    )


async def _pickups(connection: Connection, hours: OpeningHours) -> list[timedelta]:
    values = {"lately": _LATELY, "limit": _PICKUPS}
    found = await rows(connection, _TAKEN, values)
    return [hours.between(row.since, row.at) for row in found if row.since is not None]


# The more urgent come first, and of those the ones that wait longer.
RANK = "array_position(ARRAY['urgent', 'high', 'normal', 'low'], {ticket}.priority::text)"

_PLACE = f"""
SELECT c.language, q.skill, q.team, q.agent_id, COALESCE(q.is_picked, false) AS is_picked,
       now() AS now,
       (SELECT count(*) FROM queue_places other
        JOIN LATERAL (
          SELECT priority FROM tickets
          WHERE conversation_id = other.conversation_id AND merged_into_id IS NULL
          ORDER BY id DESC LIMIT 1
        ) their ON true
        WHERE other.conversation_id <> c.id
          AND ({RANK.format(ticket="their")}, other.since)
              < ({RANK.format(ticket="mine")}, COALESCE(q.since, now()))) AS ahead
FROM conversations c
LEFT JOIN queue_places q ON q.conversation_id = c.id
JOIN LATERAL (
  SELECT priority FROM tickets
  WHERE conversation_id = c.id AND merged_into_id IS NULL ORDER BY id DESC LIMIT 1
) mine ON true
WHERE c.id = %(id)s
"""  # noqa: S608 - our own words

_TAKEN = """
SELECT h.at, (
  SELECT w.at FROM handoffs w
  WHERE w.conversation_id = h.conversation_id AND w.id < h.id AND w.to_owner = 'queue'
  ORDER BY w.id DESC LIMIT 1
) AS since
FROM handoffs h
WHERE h.from_owner = 'queue' AND h.to_owner = 'agent' AND h.at > now() - %(lately)s
ORDER BY h.at DESC LIMIT %(limit)s
"""
