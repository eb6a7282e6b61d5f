"""An order of the demo shop: what was bought, how it moves along, and what its API says of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, get_args

from order_system.addresses import Address
from simulator.shop_carriers import PROMISED_DAYS, Parcel, tracking_number
from simulator.shop_catalogue import ONE_SIZE, Color, Product
from simulator.shop_dice import dice
from simulator.shop_homes import country_of, home
from simulator.shop_policies import rules
from simulator.shop_refusing import Refused, refusal_answer
from simulator.shop_till import SHOP_ZONE, Till, instant

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
_CANCELLABLE = frozenset({"awaiting_payment", "paid", "preparing"})
# Who takes this long to pay pays by boleto.
_SLOW_MONEY = timedelta(hours=12)


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

    @property
    def country(self) -> str:
        return country_of(self.city, self.language)


@dataclass(frozen=True)
class Line:
    """Some pieces of one product in one size and colour."""

    product: Product
    size: str
    color: Color
    quantity: int

    def name(self, language: str) -> str:
        return self.product.en if language == "en" else self.product.pt


@dataclass
class ShopOrder:
    """An order; `history` holds each state with the moment it was reached.

    `is_paid_for` is true of an order that replaces what came back: nobody pays it again.
    """

    number: int
    customer: Customer
    carrier: str
    lines: tuple[Line, ...]
    placed_at: datetime
    state: str = "awaiting_payment"
    parcel: Parcel | None = None
    history: list[tuple[str, datetime]] = field(default_factory=list)
    method: str | None = None
    is_paid_for: bool = False
    address: Address = field(init=False)
    till: Till = field(init=False)
    revision: int = 1
    on_its_way_back: dict[str, int] = field(default_factory=dict)
    """How many pieces of each line are in a return, by the line's ref."""

    def __post_init__(self) -> None:
        self.history.append((self.state, self.placed_at))
        self.address = home(self.customer.name, self.customer.city, self.customer.language)
        self.till = Till(self.number, self.currency)
        if not self.is_paid_for:
            self.till.ask(self.total, self.placed_at, self.method or self._usual_method())

    @property
    def currency(self) -> str:
        return "USD" if self.customer.is_abroad else "BRL"

    @property
    def version(self) -> str:
        return str(self.revision)

    @cached_property
    def delivery_fee(self) -> Decimal:
        rule = next(one for one in rules().delivery if one.fee.currency == self.currency)
        is_free = self.is_paid_for or self._goods() >= Decimal(rule.free_from.amount)
        return Decimal("0.00") if is_free else Decimal(rule.fee.amount)

    @cached_property
    def total(self) -> Decimal:
        return Decimal("0.00") if self.is_paid_for else self._goods() + self.delivery_fee

    @property
    def delivered_on(self) -> date | None:
        """The day at the shop on which it arrived."""
        arrived = self.parcel.delivered_at if self.parcel else None
        return arrived.astimezone(SHOP_ZONE).date() if arrived else None

    def line(self, ref: str) -> Line | None:
        """The line with this ref."""
        refs = {self.ref(n): line for n, line in enumerate(self.lines, start=1)}
        return refs.get(ref)

    def ref(self, position: int) -> str:
        return f"pf-{self.number}-{position}"

    def reached(self, state: str) -> datetime | None:
        """When it came to this state."""
        return next((at for name, at in self.history if name == state), None)

    def moves(self) -> list[str]:
        """The states this order may go to: the next one first."""
        if self.state in {"returned", "cancelled"}:
            return []
        following = ROUTE[ROUTE.index(self.state) + 1]
        return [following, "cancelled"] if self.state in _CANCELLABLE else [following]

    def move(self, state: str, at: datetime) -> None:
        """Go to `state` at this moment, with what the carrier and the till make of it."""
        if state not in self.moves():
            raise MoveNotAllowedError(state)
        self.state = state
        self.revision += 1
        self.history.append((state, at))
        if state == "shipped":
            self.parcel = self._hand_over(at)
        elif self.parcel is not None:
            self.parcel.event, self.parcel.event_at = state, at
            if state == "delivered":
                self.parcel.delivered_at = at
        self._account(state, at)

    def make_late(self, days: int, at: datetime) -> None:
        """Let the promised day lie this many days back, and the carrier say so."""
        if self.parcel is None or self.state not in ON_THE_WAY:
            raise MoveNotAllowedError("late")
        self.parcel.eta = at.astimezone(SHOP_ZONE).date() - timedelta(days=days)
        self.parcel.event, self.parcel.event_at = "late", at
        self.revision += 1

    def is_late(self, at: datetime) -> bool:
        """Whether the promised day is over and the parcel not there."""
        if self.parcel is None or self.state not in ON_THE_WAY:
            return False
        return at.astimezone(SHOP_ZONE).date() > self.parcel.eta

    def must_allow(self, what: Literal["cancel", "change_address"]) -> None:
        """Raise Refused where this can't be done to the order any more."""
        allowed = rules().cancel_in if what == "cancel" else rules().change_address_in
        if self.state not in allowed:
            code, advice = _REFUSED.get((what, self.state)) or _REFUSED["any", self.state]
            raise Refused(code, advice)

    def as_answer(self, returnable: list[str] | None = None) -> dict[str, Any]:
        """The order as `order_system/openapi.yaml` describes it."""
        return {
            "order_ref": f"pf-{self.number}",
            "display_number": str(self.number),
            "version": self.version,
            "placed_at": instant(self.placed_at),
            "state": self.state,
            "items": [self._item(n, line) for n, line in enumerate(self.lines, start=1)],
            "shipments": [self._shipment(self.parcel)] if self.parcel else [],
            "contact": {
                "name": self.customer.name,
                "email": self.customer.email,
                "phone": self.customer.phone,
            },
            "address": vars(self.address),
            "total": {"amount": str(self.total), "currency": self.currency},
            "returnable_items": returnable or [],
            "may_cancel": self._permission("cancel"),
            "may_change_address": self._permission("change_address"),
        }

    def _account(self, state: str, at: datetime) -> None:
        if self.is_paid_for:
            return
        if state == "paid":
            is_guessed = self.method is None and not self.customer.is_abroad
            if is_guessed and at - self.placed_at > _SLOW_MONEY:
                self.till.payments[-1].method = "boleto"
                self.till.payments[-1].expires_at = None
            self.till.settle(at)
        elif state == "cancelled":
            self.till.give_up(at)
        elif state == "returned" and not self.on_its_way_back:
            self.till.give_back(self.total, at)

    def _usual_method(self) -> str:
        if self.customer.is_abroad:
            return "card"
        return dice("method", self.number).choices(("pix", "card"), weights=(6, 4))[0]

    def _permission(self, what: Literal["cancel", "change_address"]) -> dict[str, Any]:
        try:
            self.must_allow(what)
        except Refused as refused:
            return {"allowed": False, "refusal": refusal_answer(refused), "until": None}
        return {"allowed": True, "refusal": None, "until": None}

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
            "ref": self.ref(position),
            "name": line.name(self.customer.language),
            "size": "One size" if is_abroad and line.size == ONE_SIZE else line.size,
            "color": line.color.en if is_abroad else line.color.pt,
            "quantity": line.quantity,
            "unit_price": {"amount": str(price), "currency": self.currency},
            "product": line.product.sku,
            "category": line.product.kind,
        }

    def _shipment(self, parcel: Parcel) -> dict[str, Any]:
        delivered_at = parcel.delivered_at
        return {
            "carrier": parcel.carrier,
            "number": parcel.number,
            "url": parcel.url,
            "last_event": parcel.news(self.customer.language, self.customer.city),
            "last_event_at": instant(parcel.event_at),
            "delivered_at": instant(delivered_at) if delivered_at else None,
            "eta": parcel.eta.isoformat(),
        }


_REFUSED = {
    ("any", "awaiting_payment"): ("not_paid", "talk_to_person"),
    ("any", "paid"): ("already_paid", "talk_to_person"),
    ("any", "preparing"): ("already_paid", "talk_to_person"),
    ("change_address", "preparing"): ("being_packed", "cancel"),
    ("any", "shipped"): ("already_shipped", "refuse_delivery"),
    ("any", "in_transit"): ("already_shipped", "refuse_delivery"),
    ("any", "out_for_delivery"): ("out_for_delivery", "refuse_delivery"),
    ("any", "delivered"): ("already_delivered", "return"),
    ("any", "returned"): ("already_returned", None),
    ("any", "cancelled"): ("already_cancelled", None),
}
