"""The log of everything that leaves the desk for people and programs, and sending it again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Result, text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.errors import DomainError, NotFound


class NoSuchDelivery(NotFound):
    """Nothing left the desk under this id."""


class StillUnderWay(DomainError):
    """This is being sent at this moment."""

    status = 409


@dataclass(frozen=True, slots=True)
class Entry:
    """A webhook delivery (`msg_…`), or a notice on a channel (`send_…`)."""

    id: str
    what: str
    """The event's or notice's name."""
    key: str
    to: str
    """The endpoint, or the team and channel; no secret."""
    state: str
    attempts: int
    due_at: datetime | None
    last_status: int | None
    last_error: str | None
    created_at: datetime
    done_at: datetime | None


async def webhooks(
    session: AsyncSession,
    *,
    state: str | None = None,
    endpoint: int | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[Entry]:
    """Deliveries to endpoints, the newest first; `after` is the last id of the page before."""
    values = {"state": state, "endpoint": endpoint, "after": after, "limit": limit}
    return _entries(await session.execute(_WEBHOOKS, values))


async def sends(
    session: AsyncSession, *, state: str | None = None, after: str | None = None, limit: int = 50
) -> list[Entry]:
    """Notices on their channels, the newest first. Raises NoSuchDelivery for a strange `after`."""
    last = _number(after) if after else None
    values = {"state": state, "last": last, "limit": limit}
    return _entries(await session.execute(_SENDS, values))


async def replay(session: AsyncSession, name: str) -> None:
    """Send something again from its first attempt, under the same id, whatever became of it.

    Raises NoSuchDelivery, StillUnderWay.
    """
    if name.startswith("msg_"):
        query, values = _REPLAY_WEBHOOK, {"id": name}
    else:
        query, values = _REPLAY_SEND, {"id": str(_number(name))}
    found = (await session.execute(query, values)).one()
    if not found.is_known:
        raise NoSuchDelivery(id=name)
    if not found.is_replayed:
        raise StillUnderWay(id=name)


def _number(name: str) -> int:
    number = name.removeprefix("send_")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise NoSuchDelivery(id=name)
    return int(number)


def _entries(found: Result[Any]) -> list[Entry]:
    return [Entry(**row) for row in found.mappings()]


_WEBHOOKS = text("""
SELECT d.id, d.event AS what, d.key, e.url AS to, d.state::text AS state, d.attempts, d.due_at,
       d.last_status, d.last_error, d.created_at, d.delivered_at AS done_at
FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
WHERE (CAST(:state AS text) IS NULL OR d.state = :state)
  AND (CAST(:endpoint AS bigint) IS NULL OR d.endpoint_id = :endpoint)
  AND (CAST(:after AS text) IS NULL OR (d.created_at, d.id) <
       (SELECT created_at, id FROM webhook_deliveries WHERE id = :after))
ORDER BY d.created_at DESC, d.id DESC LIMIT :limit
""")

_SENDS = text("""
SELECT 'send_' || s.id AS id, n.kind::text AS what, n.key, s.team || ' · ' || s.channel AS to,
       s.state::text AS state, s.attempts, s.due_at, CAST(NULL AS int) AS last_status, s.last_error,
       s.created_at, s.sent_at AS done_at
FROM notice_sends s JOIN notices n ON n.id = s.notice_id
WHERE (CAST(:state AS text) IS NULL OR s.state = :state)
  AND (CAST(:last AS bigint) IS NULL OR s.id < :last)
ORDER BY s.id DESC LIMIT :limit
""")

_REPLAY_WEBHOOK = text("""
WITH again AS (
  UPDATE webhook_deliveries SET state = 'queued', attempts = 0, due_at = now(), last_error = NULL
  WHERE id = :id AND NOT (state = 'sending' AND due_at > now())
  RETURNING id
)
SELECT EXISTS (SELECT 1 FROM again) AS is_replayed,
       EXISTS (SELECT 1 FROM webhook_deliveries WHERE id = :id) AS is_known
""")

# A new message, not the old one's id: whoever received that one would not be shown this.
_REPLAY_SEND = text("""
WITH again AS (
  UPDATE notice_sends
  SET state = 'queued', attempts = 0, due_at = now(), last_error = NULL, message_id = NULL
  WHERE id = CAST(:id AS bigint) AND NOT (state = 'sending' AND due_at > now())
  RETURNING id
)
SELECT EXISTS (SELECT 1 FROM again) AS is_replayed,
       EXISTS (SELECT 1 FROM notice_sends WHERE id = CAST(:id AS bigint)) AS is_known
""")
