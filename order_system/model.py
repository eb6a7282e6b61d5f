"""An order in neutral words, whichever shop platform it came from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from order_system.addresses import Address
from order_system.refusals import Permission
from order_system.vocabulary import Word

_CURRENCY = re.compile(r"[A-Z]{3}")


class OrderState(Word):
    """Where an order stands; `UNKNOWN` when the shop uses a word of its own."""

    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    PREPARING = "preparing"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Money:
    """An exact amount in an ISO 4217 currency."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise ValueError("an amount of money is a finite number")
        if not _CURRENCY.fullmatch(self.currency):
            raise ValueError("a currency is three capital letters")


@dataclass(frozen=True)
class Item:
    """One line of an order: what was bought, in which size and colour, and how many.

    `product` is the key under which the shop's catalogue has it, `category` its shelf.
    """

    ref: str
    name: str
    size: str | None
    color: str | None
    quantity: int
    unit_price: Money | None
    product: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class Shipment:
    """One parcel on its way; `eta` is a day at the place of delivery."""

    carrier: str | None
    number: str | None
    url: str | None
    last_event: str | None
    last_event_at: datetime | None
    delivered_at: datetime | None
    eta: date | None

    def __post_init__(self) -> None:
        _insist_on_zone(self.last_event_at, self.delivered_at)


@dataclass(frozen=True)
class OrderContact:
    """Whose order it is; kept out of `repr`, so that no log can spill it."""

    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    name: str | None = field(repr=False)


@dataclass(frozen=True)
class Order:
    """An order; `returnable_items` are the refs of the items the shop still takes back.

    `version` changes with everything that changes an order: a write that names it is refused
    when somebody else was faster. What the shop doesn't tell is None.
    """

    order_ref: str
    display_number: str
    placed_at: datetime
    state: OrderState
    raw_state: str
    items: tuple[Item, ...]
    shipments: tuple[Shipment, ...]
    contact: OrderContact
    total: Money | None
    returnable_items: tuple[str, ...]
    version: str | None = None
    address: Address | None = None
    may_cancel: Permission | None = None
    may_change_address: Permission | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        _insist_on_zone(self.placed_at)


def _insist_on_zone(*instants: datetime | None) -> None:
    for instant in instants:
        if instant is not None and instant.utcoffset() is None:
            raise ValueError("an instant without a time zone means nothing")
