"""What is true of an order: whose it is, whether it is still coming, and whether it is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from order_system.model import Order, OrderState
from order_system.phones import same_phone
from order_system.protocol import OrderSystem

MOST_OFFERED = 5
MOST_ASKED = 10
ANY = "any"
"""A topic that every order fits."""
_CLOSED = frozenset({OrderState.DELIVERED, OrderState.CANCELLED, OrderState.RETURNED})
PROMISED = frozenset(
    {
        OrderState.PAID,
        OrderState.PREPARING,
        OrderState.SHIPPED,
        OrderState.IN_TRANSIT,
        OrderState.OUT_FOR_DELIVERY,
    }
)
UNSHIPPED = frozenset({OrderState.PAID, OrderState.PREPARING})
# Of which orders something is asked, where such orders are there.
_ABOUT = {
    "address": frozenset({OrderState.AWAITING_PAYMENT}) | UNSHIPPED,
    "cancel": frozenset({OrderState.AWAITING_PAYMENT}) | PROMISED,
    "exchange": frozenset({OrderState.DELIVERED}),
    "invoice": frozenset(OrderState) - {OrderState.AWAITING_PAYMENT, OrderState.CANCELLED},
    "payment": frozenset(OrderState) - {OrderState.CANCELLED, OrderState.RETURNED},
    "refund": frozenset({OrderState.CANCELLED, OrderState.RETURNED, OrderState.DELIVERED}),
    "return": frozenset({OrderState.DELIVERED}),
    "withdraw": frozenset({OrderState.DELIVERED, OrderState.RETURNED}),
    ANY: frozenset(OrderState),
}


async def to_choose_from(
    orders: OrderSystem, phone: str, topic: str, today: date
) -> Sequence[Order]:
    """The contact's orders that the question may be about, newest first; one when it is clear.

    Open orders come before those that are over; who says that an order is late means the late one,
    and what only some orders can be asked for is asked for those.
    """
    found = await orders.by_phone(phone, limit=MOST_ASKED)
    own = [order for order in found if same_phone(order.contact.phone, phone)]
    late = [order for order in own if is_late(order, today)]
    if topic == "late" and len(late) == 1:
        return late
    if topic in _ABOUT:
        return ([order for order in own if order.state in _ABOUT[topic]] or own)[:MOST_OFFERED]
    still_open = [order for order in own if order.state not in _CLOSED]
    return (still_open or own)[:MOST_OFFERED]


def belongs_to(order: Order, phone: str | None, proven: Sequence[str]) -> bool:
    """Whether the order may be shown: it has the contact's phone, or its e-mail was given."""
    return number_of(order) in proven or same_phone(order.contact.phone, phone)


def has_email(order: Order | None, email: str) -> bool:
    """Whether the order was bought with this e-mail."""
    known = (order.contact.email if order else None) or ""
    return bool(known.strip()) and known.strip().casefold() == email.strip().casefold()


def number_of(order: Order) -> str:
    """The number as shoppers write it, without the shop's `#`."""
    return order.display_number.lstrip("#")


def expected_on(order: Order) -> date | None:
    """The day on which the last of its parcels still under way is due."""
    days = [parcel.eta for parcel in order.shipments if parcel.eta and not parcel.delivered_at]
    return max(days, default=None)


def is_late(order: Order, today: date) -> bool:
    """Whether the promised day is over and the order isn't there."""
    expected = expected_on(order)
    return order.state in PROMISED and expected is not None and expected < today
