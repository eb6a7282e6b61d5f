"""Conversations as lanes: one worker at a time, in order, and a dead worker's lease runs out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession


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


async def claim(connection: AsyncConnection, *, limit: int, lease: timedelta) -> list[Claim]:
    """Up to `limit` conversations that are due and that nobody works, most overdue first."""
    rows = await connection.execute(_CLAIM, {"limit": limit, "lease": lease})
    return [Claim(row.id, row.lane_fence) for row in rows]


async def is_held(session: AsyncSession, claimed: Claim) -> bool:
    """Whether the claim is still the latest; if so, the conversation is locked until the commit."""
    held = await session.execute(_HOLD, {"id": claimed.conversation_id, "fence": claimed.fence})
    return held.first() is not None


async def hold(session: AsyncSession, claimed: Claim) -> None:
    """Lock the conversation for this transaction. Raises LaneLost when the claim is outdated."""
    if not await is_held(session, claimed):
        raise LaneLost


async def release(session: AsyncSession, claimed: Claim, patience: Patience) -> None:
    """Give a held conversation back; it is due again when something still waits in it."""
    await _reschedule(session, claimed.conversation_id, patience, release=True)


async def schedule(session: AsyncSession, conversation_id: int, patience: Patience) -> None:
    """Say when a conversation needs a worker, after something was added to it.

    The caller holds the row's lock, so that a concurrent release can't overlook what was added.
    """
    await _reschedule(session, conversation_id, patience, release=False)


async def next_due(connection: AsyncConnection) -> datetime | None:
    """When the next conversation becomes due that nobody works now; None when none will."""
    due: datetime | None = await connection.scalar(_NEXT)
    return due


async def _reschedule(
    session: AsyncSession, conversation_id: int, patience: Patience, *, release: bool
) -> None:
    await session.execute(
        _RELEASE if release else _SCHEDULE,
        {"id": conversation_id, "quiet": patience.quiet, "at_most": patience.at_most},
    )


_CLAIM = text("""
UPDATE conversations
SET leased_until = now() + :lease, lane_fence = lane_fence + 1
WHERE id IN (
  SELECT id FROM conversations
  WHERE due_at <= now() AND (leased_until IS NULL OR leased_until < now())
  ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
)
RETURNING id, lane_fence
""")

_HOLD = text("SELECT 1 FROM conversations WHERE id = :id AND lane_fence = :fence FOR UPDATE")

# A message to send is due at its own time; the bot's turn when an open one may be tried again,
# or when the burst that waits has been quiet long enough. A pressed button ends a burst at once.
_DUE = """
due_at = LEAST(
  (SELECT due_at FROM outbox WHERE conversation_id = :id ORDER BY id LIMIT 1),
  COALESCE(
    (SELECT due_at FROM turns WHERE conversation_id = :id AND closed_at IS NULL LIMIT 1),
    (SELECT CASE WHEN bool_or(kind = 'choice') THEN min(created_at)
                 ELSE LEAST(max(created_at) + :quiet, min(created_at) + :at_most) END
     FROM messages WHERE conversation_id = :id AND is_waiting)
  )
)
"""
_SCHEDULE = text(f"UPDATE conversations SET {_DUE} WHERE id = :id")  # noqa: S608
_RELEASE = text(f"UPDATE conversations SET leased_until = NULL, {_DUE} WHERE id = :id")  # noqa: S608

_NEXT = text("""
SELECT min(GREATEST(due_at, leased_until)) FROM conversations WHERE due_at IS NOT NULL
""")
