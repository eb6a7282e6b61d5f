"""Before a purchase is to be rated, the shop is asked whether it still is one."""

from dataclasses import dataclass
from typing import Any

import structlog

from order_system.model import OrderState
from order_system.protocol import OrderSystem, OrderSystemError
from order_system.vocabulary import ReturnState
from sla_service.database.sessions import Database, rows

_log = structlog.get_logger()
_BATCH = 20
_UNDONE = frozenset({OrderState.CANCELLED, OrderState.RETURNED})
_NO_RETURN = frozenset({ReturnState.REJECTED, ReturnState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Checking:
    """Without an order system nothing is asked, and every purchase counts.

    No transaction is open meanwhile; while the shop is silent, the question waits.
    """

    database: Database
    orders: OrderSystem | None

    async def once(self) -> int:
        """Look at what is due and was not looked at; returns how many were."""
        if self.orders is None:
            return 0
        async with self.database.connection() as connection:
            due = await rows(connection, _DUE, {"limit": _BATCH})
        done = 0
        for row in due:
            try:
                is_undone = await _is_undone(self.orders, row.order_number)
            except OrderSystemError as error:
                _log.info("purchase_not_looked_at", error=type(error).__name__)
                break  # the others would fare no better
            async with self.database.connection() as connection:
                await rows(connection, _LOOKED_AT, {"id": row.id, "is_undone": is_undone})
            done += 1
        return done


async def _is_undone(orders: OrderSystem, number: str) -> bool:
    """Whether an order was cancelled, sent back, or is on its way back."""
    order = await orders.by_number(number)
    if order is None:
        return False
    if order.state in _UNDONE:
        return True
    found: Any = await orders.returns_of(number)
    return any(one.state not in _NO_RETURN for one in found)


_DUE = """
SELECT id, order_number FROM order_notices
WHERE state = 'wanted' AND due_at <= now() AND kind = 'how_was_it' AND NOT facts ? 'looked_at'
ORDER BY due_at, id LIMIT %(limit)s
"""

_LOOKED_AT = """
UPDATE order_notices
SET facts = facts || '{"looked_at": true}',
    state = CASE WHEN %(is_undone)s THEN 'dropped' ELSE state END,
    reason = CASE WHEN %(is_undone)s THEN 'sent_back' ELSE reason END
WHERE id = %(id)s AND state = 'wanted'
"""
