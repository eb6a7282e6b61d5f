"""Conversations as lanes: one worker at a time, in order, and a dead worker's lease runs out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work a conversation until the lease ends; `fence` tells it from later ones."""

    conversation_id: int
    fence: int


class LaneLost(Exception):
    """Another worker has the conversation by now: what was done here is discarded."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a contact must be quiet before a burst counts as finished, and at most."""

    quiet: timedelta
    at_most: timedelta


async def claim(
    connection: Connection, *, limit: int, lease: timedelta
) -> tuple[list[Claim], float | None]:
    """Up to `limit` conversations that are due and that nobody works, most overdue first.

    And in how many seconds the next one becomes due; None when none will. A worker that is
    stopped meanwhile gives back what it was given: nobody should wait for its lease.
    """
    asking = asyncio.ensure_future(rows(connection, _CLAIM, {"limit": limit, "lease": lease}))
    try:
        found = await asyncio.shield(asking)
    except asyncio.CancelledError:
        for claimed in _claims(await asking):
            await hand_back(connection, claimed)
        raise
    return _claims(found), found[-1].next_due_in


async def is_held(connection: Connection, claimed: Claim) -> bool:
    """Whether the claim is still the latest; if so, the conversation is locked until the commit."""
    values = {"id": claimed.conversation_id, "fence": claimed.fence}
    return bool(await rows(connection, _HOLD, values))


async def release(connection: Connection, claimed: Claim, patience: Patience) -> datetime | None:
    """Give a conversation back that `is_held`; returns when it is due again, if it is."""
    released = await rows(connection, _RELEASE, when(claimed.conversation_id, patience))
    due_at: datetime | None = released[0].due_at
    return due_at


async def hand_back(connection: Connection, claimed: Claim) -> None:
    """Let others have, in a second, a conversation whose work failed half-way."""
    await rows(connection, _HAND_BACK, {"id": claimed.conversation_id, "fence": claimed.fence})


async def owed(connection: Connection, conversation_id: int) -> None:
    """Something is owed to a contact outside a turn: the lane needs a worker now."""
    await rows(connection, _OWED, {"id": conversation_id})


def _claims(found: Sequence[Any]) -> list[Claim]:
    return [Claim(row.id, row.lane_fence) for row in found if row.id is not None]


def when(conversation_id: int, patience: Patience) -> dict[str, object]:
    """What tells when a conversation is due, for `HEARD` and `RELEASED_AT_ONCE`."""
    return {"id": conversation_id, "quiet": patience.quiet, "at_most": patience.at_most}


_CLAIM = """
WITH claimed AS (
  UPDATE conversations
  SET leased_until = now() + %(lease)s, lane_fence = lane_fence + 1
  WHERE id IN (
    SELECT id FROM conversations
    WHERE due_at <= now() AND (leased_until IS NULL OR leased_until < now())
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
  )
  RETURNING id, lane_fence
)
SELECT id, lane_fence, NULL::float AS next_due_in FROM claimed
UNION ALL
SELECT NULL, NULL,
       (SELECT extract(epoch FROM due_at - now())::float FROM conversations
        WHERE due_at > now() ORDER BY due_at LIMIT 1)
"""

_HOLD = """
SELECT 1 AS held FROM conversations
WHERE id = %(id)s AND lane_fence = %(fence)s FOR UPDATE
"""

_HAND_BACK = """
UPDATE conversations SET leased_until = now() + interval '1 second'
WHERE id = %(id)s AND lane_fence = %(fence)s
"""

# A message to send is due at its own time; the bot's turn when an open one may be tried again,
# or when the burst that waits has been quiet long enough. A pressed button ends a burst at once.
_DUE = """
due_at = LEAST(
  (SELECT due_at FROM outbox
   WHERE conversation_id = %(id)s AND id IS DISTINCT FROM {but}::bigint ORDER BY id LIMIT 1),
  COALESCE(
    (SELECT due_at FROM turns WHERE conversation_id = %(id)s AND closed_at IS NULL LIMIT 1),
    (SELECT CASE WHEN bool_or(kind = 'choice') THEN min(created_at)
                 ELSE LEAST(max(created_at) + %(quiet)s, min(created_at) + %(at_most)s) END
     FROM (
       SELECT kind, created_at FROM messages WHERE conversation_id = %(id)s AND is_waiting
       {and_those}
     ) AS waiting)
  )
)
"""
_AND_WHAT_IS_KEPT = "UNION ALL SELECT kind, created_at FROM kept WHERE is_waiting"
_OWED = f"""
WITH moved AS (
  UPDATE conversations
  SET due_at = LEAST(due_at, now()), last_message_at = GREATEST(last_message_at, now())
  WHERE id = %(id)s RETURNING id
)
SELECT pg_notify('{Channel.LIVE.value}', id::text) AS live,
       pg_notify('{Channel.LANES.value}', '') AS lanes
FROM moved
"""  # noqa: S608 - our own words
_RELEASE = f"""
UPDATE conversations SET leased_until = NULL, {_DUE.format(but="NULL", and_those="")}
WHERE id = %(id)s RETURNING due_at
"""  # noqa: S608 - our own words

# The end of a statement that keeps what a contact said at %(said_at)s as `kept`: the window opens
# anew, and the lane needs a worker. Whoever speaks it holds the row's lock, so that a concurrent
# release can't overlook what was said.
HEARD = f"""
moved AS (
  UPDATE conversations
  SET last_inbound_at = GREATEST(last_inbound_at, %(said_at)s),
      last_message_at = GREATEST(last_message_at, %(said_at)s),
      {_DUE.format(but="NULL", and_those=_AND_WHAT_IS_KEPT)}
  WHERE id = %(id)s RETURNING id
)
SELECT pg_notify('{Channel.LIVE.value}', id::text) FROM moved
"""  # noqa: S608 - our own words

# A part of a statement that settles the message owed as %(owed)s: the conversation is given back
# along with it. What this statement sees is as old as its beginning, so that whoever changed the
# conversation while we waited for its row makes this part do nothing.
RELEASED_AT_ONCE = f"""
was AS MATERIALIZED (
  SELECT xmin AS version FROM conversations WHERE id = %(id)s AND lane_fence = %(fence)s
), released AS (
  UPDATE conversations SET leased_until = NULL, {_DUE.format(but="%(owed)s", and_those="")}
  WHERE id = %(id)s AND lane_fence = %(fence)s AND xmin = (SELECT version FROM was)
  RETURNING due_at
)
"""  # noqa: S608 - our own words
