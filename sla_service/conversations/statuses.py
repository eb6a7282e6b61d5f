"""News of what we sent: applied in any order, only ever forward."""

from collections.abc import Iterable, Sequence

from sla_service.conversations.delivery import message_id
from sla_service.conversations.tables import SendState
from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.whatsapp.values import DeliveryStatus, StatusChange

_RANK = {state: rank for rank, state in enumerate(SendState)}


async def apply(connection: Connection, changes: Sequence[StatusChange]) -> set[str]:
    """Move our messages on; returns the wamids that no message of ours bears or is attached to.

    A status that names our message by its attachment also settles a send whose answer was lost.
    """
    furthest = list(_furthest(changes))
    found = await rows(
        connection,
        _APPLY,
        {
            "wamids": [change.wamid for change in furthest],
            "ids": [message_id(change.callback) for change in furthest],
            "states": [change.status.value for change in furthest],
            "ranks": [_RANK[SendState(change.status.value)] for change in furthest],
            "errors": [_first_error(change) for change in furthest],
            "order": [state.value for state in SendState],
        },
    )
    known: set[str] = set()
    for row in found:
        known.add(row.told)
        await tell_by(connection, Channel.LIVE, str(row.conversation_id))
    return {change.wamid for change in furthest} - known


def _furthest(changes: Iterable[StatusChange]) -> Iterable[StatusChange]:
    """One change a message: the one that gets it furthest. Statuses we don't know say nothing."""
    best: dict[str, StatusChange] = {}
    for change in changes:
        if change.status is DeliveryStatus.UNKNOWN:
            continue
        seen = best.get(change.wamid)
        rank = _RANK[SendState(change.status.value)]
        if seen is None or rank > _RANK[SendState(seen.status.value)]:
            best[change.wamid] = change
    return best.values()


def _first_error(change: StatusChange) -> int | None:
    code = change.errors[0].get("code") if change.errors else None
    return code if isinstance(code, int) else None


_APPLY = """
WITH told AS (
  SELECT * FROM unnest(%(wamids)s::text[], %(ids)s::bigint[], %(states)s::text[],
                       %(ranks)s::int[], %(errors)s::int[])
           AS t(wamid, id, state, rank, error)
), found AS (
  SELECT t.*, m.id AS message, m.conversation_id
  FROM told t JOIN messages m ON m.wamid = t.wamid OR m.id = t.id
  WHERE m.author <> 'contact'
), settled AS (
  DELETE FROM outbox o USING found f WHERE o.message_id = f.message AND o.state = 'sending'
), moved AS (
  UPDATE messages m
  SET wamid = COALESCE(m.wamid, f.wamid), state = f.state,
      failure = CASE f.state WHEN 'failed' THEN jsonb_build_object('code', f.error) END
  FROM found f
  WHERE m.id = f.message AND f.rank > array_position(%(order)s::text[], m.state::text) - 1
)
SELECT wamid AS told, conversation_id FROM found
"""
