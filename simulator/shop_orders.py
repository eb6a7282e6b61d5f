"""An order of the demo shop: what was bought, how it moves along, and what its API says of it."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal, get_args

from simulator.shop_carriers import PROMISED_DAYS, Parcel, tracking_number
from simulator.shop_catalogue import ONE_SIZE, Color, Product

State = Literal[
    "awaiting_payment",
    "paid",
    "preparing",
    "shipped",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "returned",
    "cancelled",
]
STATES: tuple[str, ...] = get_args(State)
ROUTE = STATES[:-1]
ON_THE_WAY = frozenset({"shipped", "in_transit", "out_for_delivery"})
# The shop's own calendar; Brazil has kept one offset all year round since 2019.
SHOP_ZONE = timezone(timedelta(hours=-3))
_CANCELLABLE = frozenset({"awaiting_payment", "paid", "preparing"})
_RETURN_WINDOW = timedelta(days=30)
_DELIVERY_FEE = {"BRL": Decimal("19.90"), "USD": Decimal("14.90")}
_FREE_DELIVERY_FROM = {"BRL": Decimal(299), "USD": Decimal(150)}


class MoveNotAllowedError(Exception):
    """The order can't go there from where it is."""


@dataclass(frozen=True)
class Customer:
    """Somebody who ordered; `phone` is None for those who only left an e-mail."""

    name: str
    phone: str | None
    email: str
    language: str
    city: str

    @property
    def is_abroad(self) -> bool:
        return self.language == "en"


@dataclass(frozen=True)
class Line:
    """Some pieces of one product in one size and colour."""

    product: Product
    size: str
    color: Color
    quantity: int


@dataclass
class ShopOrder:
    """An order; `history` holds each state with the moment it was reached."""

    number: int
    customer: Customer
    carrier: str
    lines: tuple[Line, ...]
    placed_at: datetime
    state: str = "awaiting_payment"
    parcel: Parcel | None = None
    history: list[tuple[str, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.history.append((self.state, self.placed_at))

    @property
    def currency(self) -> str:
        return "USD" if self.customer.is_abroad else "BRL"

    @property
    def delivery_fee(self) -> Decimal:
        is_free = self._goods() >= _FREE_DELIVERY_FROM[self.currency]
        return Decimal("0.00") if is_free else _DELIVERY_FEE[self.currency]

    @property
    def total(self) -> Decimal:
        return self._goods() + self.delivery_fee

    def moves(self) -> list[str]:
        """The states this order may go to: the next one first."""
        if self.state in {"returned", "cancelled"}:
            return []
        following = ROUTE[ROUTE.index(self.state) + 1]
        return [following, "cancelled"] if self.state in _CANCELLABLE else [following]

    def move(self, state: str, at: datetime) -> None:
        """Go to `state` at this moment, with what the carrier makes of it."""
        if state not in self.moves():
            raise MoveNotAllowedError(state)
        self.state = state
        self.history.append((state, at))
        if state == "shipped":
            self.parcel = self._hand_over(at)
        elif self.parcel is not None:
            self.parcel.event, self.parcel.event_at = state, at
            if state == "delivered":
                self.parcel.delivered_at = at

    def make_late(self, days: int, at: datetime) -> None:
        """Let the promised day lie this many days back, and the carrier say so."""
        if self.parcel is None or self.state not in ON_THE_WAY:
            raise MoveNotAllowedError("late")
        self.parcel.eta = at.astimezone(SHOP_ZONE).date() - timedelta(days=days)
        self.parcel.event, self.parcel.event_at = "late", at

    def is_late(self, at: datetime) -> bool:
        """Whether the promised day is over and the parcel not there."""
        if self.parcel is None or self.state not in ON_THE_WAY:
            return False
        return at.astimezone(SHOP_ZONE).date() > self.parcel.eta

    def as_answer(self, at: datetime) -> dict[str, Any]:
        """The order as `order_system/openapi.yaml` describes it."""
        return {
            "order_ref": f"pf-{self.number}",
            "display_number": str(self.number),
            "placed_at": _instant(self.placed_at),
            "state": self.state,
            "items": [self._item(n, line) for n, line in enumerate(self.lines, start=1)],
            "shipments": [self._shipment(self.parcel)] if self.parcel else [],
            "contact": {
                "name": self.customer.name,
                "email": self.customer.email,
                "phone": self.customer.phone,
            },
            "total": {"amount": str(self.total), "currency": self.currency},
            "returnable_items": self._returnable(at),
        }

    def _goods(self) -> Decimal:
        prices = (line.product.prices[self.currency] * line.quantity for line in self.lines)
        return sum(prices, Decimal("0.00"))

    def _hand_over(self, at: datetime) -> Parcel:
        return Parcel(
            carrier=self.carrier,
            number=tracking_number(self.carrier, dice("parcel", self.number)),
            eta=at.astimezone(SHOP_ZONE).date() + timedelta(days=PROMISED_DAYS[self.carrier]),
            event="shipped",
            event_at=at,
        )

    def _item(self, position: int, line: Line) -> dict[str, Any]:
        is_abroad = self.customer.is_abroad
        price = line.product.prices[self.currency]
        return {
            "ref": f"pf-{self.number}-{position}",
            "name": line.product.en if is_abroad else line.product.pt,
            "size": "One size" if is_abroad and line.size == ONE_SIZE else line.size,
            "color": line.color.en if is_abroad else line.color.pt,
            "quantity": line.quantity,
            "unit_price": {"amount": str(price), "currency": self.currency},
        }

    def _shipment(self, parcel: Parcel) -> dict[str, Any]:
        delivered_at = parcel.delivered_at
        return {
            "carrier": parcel.carrier,
            "number": parcel.number,
            "url": parcel.url,
            "last_event": parcel.news(self.customer.language, self.customer.city),
            "last_event_at": _instant(parcel.event_at),
            "delivered_at": _instant(delivered_at) if delivered_at else None,
            "eta": parcel.eta.isoformat(),
        }

    def _returnable(self, at: datetime) -> list[str]:
        arrived = self.parcel.delivered_at if self.parcel else None
        if self.state != "delivered" or arrived is None or at - arrived > _RETURN_WINDOW:
            return []
        return [f"pf-{self.number}-{n}" for n in range(1, len(self.lines) + 1)]


def dice(*seed: object) -> random.Random:
    """Chance that falls the same way every time for the same seed."""
    return random.Random("/".join(map(str, seed)))  # noqa: S311 - invents a shop, guards nothing


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
