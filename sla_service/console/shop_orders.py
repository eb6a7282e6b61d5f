"""The shop's live orders beside a conversation: those of the contact, and those they named."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from order_system.model import Order
from order_system.protocol import OrderSystem, OrderSystemError
from sla_service.console.order_views import OrdersView, OrderView
from sla_service.database.sessions import Database
from sla_service.handoff.holding import ConversationNotFound

_MOST = 5  # of a contact, and of those named
# As shops number orders: long enough to be no quantity or size, too short for a telephone.
_NUMBER = re.compile(r"(?<![\w/.-])#?([A-Z]{0,3}-?\d{4,8})(?![\w/-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the desk knows to ask with."""

    phone: str | None
    named: tuple[str, ...]


async def beside(
    database: Database, orders: OrderSystem | None, conversation_id: int
) -> OrdersView:
    """What the shop knows, or an honest word about why it isn't there.

    Raises ConversationNotFound. No transaction is open while the shop is asked.
    """
    known = await _read(database, conversation_id)
    if orders is None:
        return OrdersView(state="not_set_up", items=[])
    questions = [_of_phone(orders, known.phone), *(_named(orders, one) for one in known.named)]
    answers = await asyncio.gather(*questions)
    failures = [one for one in answers if isinstance(one, OrderSystemError)]
    found = {
        order.order_ref: order
        for answer in answers
        if not isinstance(answer, OrderSystemError)
        for order in answer
    }
    latest = sorted(found.values(), key=lambda order: order.placed_at, reverse=True)
    return OrdersView(
        state=_state(failures, is_all=len(failures) == len(answers)),
        items=[OrderView.of(order, known.phone) for order in latest],
    )


def numbers(said: Iterable[str]) -> tuple[str, ...]:
    """What may be order numbers in what a contact said, the first ones first."""
    found = (number.upper() for words in said for number in _NUMBER.findall(words))
    return tuple(dict.fromkeys(found))[:_MOST]


async def _read(database: Database, conversation_id: int) -> _Known:
    async with database.transaction() as session:
        row = (await session.execute(_ASKED, {"id": conversation_id})).first()
    if row is None:
        raise ConversationNotFound(conversation=conversation_id)
    return _Known(row.wa_id and f"+{row.wa_id}", numbers(row.said or ()))


async def _of_phone(orders: OrderSystem, phone: str | None) -> list[Order] | OrderSystemError:
    try:
        return await orders.by_phone(phone, _MOST) if phone else []
    except OrderSystemError as error:
        return error


async def _named(orders: OrderSystem, number: str) -> list[Order] | OrderSystemError:
    try:
        order = await orders.by_number(number)
    except OrderSystemError as error:
        return error
    return [] if order is None else [order]


def _state(
    failures: list[OrderSystemError], *, is_all: bool
) -> Literal["ok", "partial", "unavailable", "refused"]:
    if not failures:
        return "ok"
    if not is_all:
        return "partial"
    return "unavailable" if any(one.retryable for one in failures) else "refused"


_ASKED = text("""
SELECT p.wa_id, (
  SELECT array_agg(m.text ORDER BY m.said_at DESC, m.id DESC) FROM (
    SELECT said_at, id, text FROM messages
    WHERE conversation_id = c.id AND author = 'contact' AND revoked_at IS NULL
    ORDER BY said_at DESC, id DESC LIMIT 50
  ) m
) AS said
FROM conversations c JOIN contacts p ON p.id = c.contact_id WHERE c.id = :id
""")
