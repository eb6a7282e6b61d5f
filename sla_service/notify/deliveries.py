"""Deliveries of webhooks: signed, tried with growing pauses, logged, and replayed."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import orjson
import structlog

from sla_service.calls import Answer, Forbidden, NoAnswer, NotReached, Strangers
from sla_service.database.sessions import Database, rows
from sla_service.notify import signing
from sla_service.settings import Settings

_log = structlog.get_logger()
# Seconds after each failure; after the last one, that one again.
_PAUSES = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
_AT_ONCE = 16
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class _Outcome:
    status: int | None
    error: str | None
    is_permanent: bool = False


async def send(database: Database, settings: Settings, only: Sequence[str] | None) -> int:
    """Try what is due, of `only` these when given; returns how many were tried."""
    if only is not None and not only:
        return 0
    tried, free = 0, asyncio.Semaphore(_AT_ONCE)
    values = {"only": None if only is None else list(only), "lease": settings.notify.lease}
    for _ in range(_ROUNDS):
        async with database.step() as connection:
            claimed = await rows(connection, _CLAIM, values)
        if not claimed:
            break
        async with Strangers(settings.notify.timeout, settings.notify.reach) as outside:
            await asyncio.gather(
                *(_deliver(database, settings, outside, one, free) for one in claimed)
            )
        tried += len(claimed)
    return tried


async def _deliver(
    database: Database,
    settings: Settings,
    outside: Strangers,
    claimed: Any,
    free: asyncio.Semaphore,
) -> None:
    async with free:
        outcome = await _attempt(outside, claimed)
    if outcome.status == HTTPStatus.GONE:
        async with database.step() as connection:
            await rows(connection, _GONE, {"endpoint": claimed.endpoint_id})
        _log.warning("webhook_endpoint_disabled", endpoint=claimed.endpoint_id)
    is_over = outcome.is_permanent or claimed.attempts >= settings.notify.webhook_attempts
    values: dict[str, object] = {
        "id": claimed.id,
        "attempts": claimed.attempts,
        "status": outcome.status,
        "error": outcome.error,
    }
    async with database.step() as connection:
        if outcome.error is None:
            await rows(connection, _DELIVERED, values)
            return
        values["state"] = "given_up" if is_over else "failed"
        values["pause"] = None if is_over else _pause(claimed.attempts)
        await rows(connection, _FAILED, values)
    _log.info(
        "webhook_not_delivered",
        webhook=claimed.id,
        endpoint=claimed.endpoint_id,
        attempt=claimed.attempts,
        status=outcome.status,
        given_up=is_over,
    )


async def _attempt(outside: Strangers, claimed: Any) -> _Outcome:
    if not claimed.is_active:
        return _Outcome(None, "the endpoint is disabled", is_permanent=True)
    body = orjson.dumps(claimed.body)
    signed = signing.headers(claimed.id, body, claimed.at, claimed.secrets)
    try:
        answer = await outside.post(claimed.url, body, signed)
    except Forbidden as error:
        return _Outcome(None, str(error), is_permanent=True)
    except (NotReached, NoAnswer) as error:
        return _Outcome(None, f"{type(error).__name__}: {error}")
    return _judged(answer)


def _judged(answer: Answer) -> _Outcome:
    if HTTPStatus(200) <= answer.status < 300:
        return _Outcome(answer.status, None)
    if answer.status == HTTPStatus.GONE:
        return _Outcome(answer.status, "the endpoint says it is gone", is_permanent=True)
    return _Outcome(answer.status, f"HTTP {answer.status}")


def _pause(attempts: int) -> timedelta:
    seconds = _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - jitter


_CLAIM = """
WITH due AS MATERIALIZED (
  SELECT id FROM webhook_deliveries
  WHERE due_at <= now() AND (%(only)s::text[] IS NULL OR id = ANY (%(only)s))
  ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries d
SET state = 'sending', attempts = d.attempts + 1, due_at = now() + %(lease)s
FROM due, webhook_endpoints e
WHERE d.id = due.id AND e.id = d.endpoint_id
RETURNING d.id, d.endpoint_id, d.body, d.attempts, e.url, e.secrets, e.is_active, now() AS at
"""

_DELIVERED = """
UPDATE webhook_deliveries
SET state = 'delivered', delivered_at = now(), due_at = NULL, last_status = %(status)s,
    last_error = NULL
WHERE id = %(id)s
"""

_FAILED = """
UPDATE webhook_deliveries
SET state = %(state)s, due_at = now() + %(pause)s::interval, last_status = %(status)s,
    last_error = %(error)s
WHERE id = %(id)s AND state = 'sending' AND attempts = %(attempts)s
"""

_GONE = """
WITH disabled AS (
  UPDATE webhook_endpoints
  SET is_active = false, disabled_at = now(), disabled_reason = 'it answered 410 Gone'
  WHERE id = %(endpoint)s AND is_active
)
UPDATE webhook_deliveries
SET state = 'given_up', due_at = NULL, last_error = 'the endpoint is disabled'
WHERE endpoint_id = %(endpoint)s AND due_at IS NOT NULL AND state <> 'sending'
"""
