"""What became of notices that were put into conversations: sent, refused, or to be tried again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sla_service.database.sessions import Connection, rows
from sla_service.whatsapp import failures

_TRIES = 4


async def settle(connection: Connection, pause: timedelta) -> int:
    """Write down what the channel said of what is owed; returns how many notices moved.

    What may pass waits, longer each time, and is told again.
    """
    moved = [await _settle_one(connection, row, pause) for row in await rows(connection, _OPEN)]
    return sum(moved)


async def look_again(connection: Connection, messages: Sequence[int]) -> None:
    """These failed after they had been accepted, or got there though they had failed."""
    await rows(connection, _LOOK_AGAIN, {"messages": list(messages)})


async def _settle_one(connection: Connection, row: Any, pause: timedelta) -> bool:
    code = row.failure and row.failure.get("code")
    has_passed = row.is_put_off  # its pause is over, and nothing was heard meanwhile
    waits = not has_passed and row.failures + 1 < _TRIES and code is not None
    if row.state == "failed" and waits and failures.may_pass(code):
        delay = pause * 2**row.failures
        return bool(await rows(connection, _PUT_OFF, {"id": row.id, "delay": delay}))
    values = {"id": row.id, "message": row.message_id, "seen": row.state, "again": has_passed}
    return bool(await rows(connection, _SETTLE, values))


_OPEN = """
SELECT n.id, n.message_id, n.failures, m.state, m.failure,
       n.reason IS NOT DISTINCT FROM 'trying_again' AS is_put_off
FROM order_notices n JOIN messages m ON m.id = n.message_id
WHERE n.state = 'owed' AND m.state <> 'queued'
  AND NOT (m.state = 'failed' AND n.reason IS NOT DISTINCT FROM 'trying_again'
           AND n.due_at > now())
ORDER BY n.id LIMIT 200
"""

_PUT_OFF = """
UPDATE order_notices
SET reason = 'trying_again', failures = failures + 1, due_at = now() + %(delay)s
WHERE id = %(id)s AND state = 'owed' RETURNING id
"""

# Refused because the conversation changed hands, or because the window closed meanwhile: it is
# told again under the new owner, or by template. Any other refusal is final.
_SETTLE = """
UPDATE order_notices n
SET state = CASE
      WHEN m.state = 'failed' AND %(again)s THEN 'wanted'
      WHEN m.state = 'failed' THEN 'failed'
      WHEN m.state <> 'refused' THEN 'sent'
      WHEN m.failure ->> 'class' IN ('outdated_owner', 'needs_template') THEN 'wanted'
      ELSE 'dropped' END,
    reason = CASE
      WHEN m.state = 'failed' AND %(again)s THEN n.reason
      WHEN m.state = 'failed' THEN 'refused'
      WHEN m.state = 'refused' AND m.failure ->> 'class' = 'opted_out' THEN 'no_consent'
      WHEN m.state = 'refused' AND m.failure ->> 'class' NOT IN ('outdated_owner', 'needs_template')
        THEN 'refused' END,
    told_at = CASE
      WHEN m.state = 'refused' OR m.state = 'failed' AND %(again)s THEN NULL
      ELSE n.told_at END
FROM messages m
WHERE n.id = %(id)s AND n.state = 'owed' AND n.message_id = %(message)s
  AND m.id = n.message_id AND m.state = %(seen)s
RETURNING n.id
"""

# Until it is settled once more; what was said of its pause is over.
_LOOK_AGAIN = """
UPDATE order_notices SET state = 'owed', reason = NULL
WHERE message_id = ANY(%(messages)s) AND state IN ('sent', 'failed')
"""
