"""Events of orders, stored before they are answered: once each, however often they are brought."""

from dataclasses import dataclass
from datetime import datetime

from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel
from sla_service.errors import NotFound


class NoSuchParkedEvent(NotFound):
    """No order event is parked under this number."""


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that can't be read, or failed again and again."""

    id: int
    webhook_id: str
    received_at: datetime
    attempts: int
    error: str


async def store(connection: Connection, webhook_id: str, body: bytes) -> bool:
    """Keep a genuine event; False when it was brought before."""
    values = {"webhook_id": webhook_id, "body": body}
    return bool(await rows(connection, _STORE, values))


async def parked(connection: Connection, limit: int = 100) -> list[Parked]:
    """What is parked, the oldest first."""
    found = await rows(connection, _PARKED, {"limit": limit})
    return [
        Parked(row.id, row.webhook_id, row.received_at, row.attempts, row.error or "")
        for row in found
    ]


async def replay(connection: Connection, number: int) -> None:
    """Try a parked event again, from its first attempt. Raises NoSuchParkedEvent."""
    if not await rows(connection, _REPLAY, {"id": number}):
        raise NoSuchParkedEvent(event=number)


_STORE = f"""
WITH stored AS (
  INSERT INTO order_events (webhook_id, body) VALUES (%(webhook_id)s, %(body)s)
  ON CONFLICT (webhook_id) DO NOTHING RETURNING id
)
SELECT id, pg_notify('{Channel.ORDERS.value}', '') FROM stored
"""  # noqa: S608 - the channel's name is ours

_PARKED = """
SELECT id, webhook_id, received_at, attempts, error FROM order_events
WHERE state = 'parked' ORDER BY id LIMIT %(limit)s
"""

_REPLAY = f"""
WITH again AS (
  UPDATE order_events SET state = 'waiting', attempts = 0, due_at = now()
  WHERE id = %(id)s AND state = 'parked' RETURNING id
)
SELECT id, pg_notify('{Channel.ORDERS.value}', '') FROM again
"""  # noqa: S608 - the channel's name is ours
