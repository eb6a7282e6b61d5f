"""Jobs put into Procrastinate's queue, on the caller's own connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from psycopg import AsyncConnection


async def defer(
    connection: AsyncConnection[Any],
    task: str,
    payloads: Sequence[dict[str, Any]],
    *,
    seconds: int = 0,
) -> None:
    """Let `task` run once for each payload, after the caller's commit and `seconds` from then.

    Give each job many things to do: queues fill by the job, not by what is in it. Never far into
    the future: what is due in an hour is a row with a time of its own.
    """
    if not payloads:
        return
    values = {"task": task, "payloads": orjson.dumps(payloads).decode(), "seconds": seconds}
    await connection.execute(_DEFER, values, prepare=True)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A job that failed too often."""

    id: int
    task: str
    attempts: int


async def given_up(connection: AsyncConnection[Any]) -> list[GivenUp]:
    """Jobs that failed too often, the oldest first."""
    found = await connection.execute(_GIVEN_UP)
    return [GivenUp(*row) for row in await found.fetchall()]


async def retry(connection: AsyncConnection[Any], number: int) -> bool:
    """Put a job that was given up back into the queue; False when there is none."""
    found = await connection.execute(_RETRY, {"id": number})
    return await found.fetchone() is not None


async def is_empty(connection: AsyncConnection[Any]) -> bool:
    """Whether nothing waits to be done now."""
    found = await connection.execute(_WAITING)
    return await found.fetchone() is None


# What Procrastinate's own way to defer asks of the server; the objects that it makes on the way
# cost the message path and the sweep more than the question.
_DEFER = """
SELECT procrastinate_defer_jobs_v1(array_agg(ROW(
  'default', %(task)s, 0, NULL, NULL, payload, now() + make_interval(secs => NULLIF(%(seconds)s, 0))
)::procrastinate_job_to_defer_v1 ORDER BY place))
FROM jsonb_array_elements(%(payloads)s::jsonb) WITH ORDINALITY AS told(payload, place)
"""
_GIVEN_UP = """
SELECT id, task_name, attempts FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id LIMIT 200
"""
_RETRY = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL
WHERE id = %(id)s AND status = 'failed' RETURNING id
"""
_WAITING = """
SELECT 1 FROM procrastinate_jobs
WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) LIMIT 1
"""
