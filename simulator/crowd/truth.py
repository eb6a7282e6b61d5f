"""What the order system knows of a shopper and the shop, as single facts that a text may name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.shop_catalogue import catalogue
from simulator.shop_till import SHOP_ZONE
from simulator.world import Json


@dataclass
class Truth:
    """Everything that may be said; it grows while a talk changes the order."""

    orders: set[str] = field(default_factory=set)
    amounts: set[Decimal] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    """Numbers of parcels and returns."""
    states: dict[str, set[str]] = field(default_factory=dict)
    """The states that each order has been in since the talk began."""
    promos: dict[str, bool] = field(default_factory=dict)
    """Whether each promo code works."""
    hours: set[tuple[str, str]] = field(default_factory=set)
    """When shops open and close, as `("10:00", "20:00")`."""
    stock: dict[tuple[str, str, str], set[bool]] = field(default_factory=dict)
    """Whether there is any, by product, size and Portuguese colour."""

    def learn_order(self, page: Json) -> None:
        """An order's page of the shop, as it is now."""
        number = str(page["number"])
        self.orders.add(number)
        self.states.setdefault(number, set()).add(page["state"])
        for line in page["order"]["items"]:
            price = Decimal(line["unit_price"]["amount"])
            self.amounts.update(price * many for many in range(1, line["quantity"] + 1))
        for parcel in page["order"]["shipments"]:
            self.codes.add(parcel["number"])
        for returned in page["returns"]:
            self.codes.update({str(returned["number"]), str(returned.get("tracking"))})
            if returned.get("replacement_order"):
                self.orders.add(str(returned["replacement_order"]))
        self.learn(page)

    def learn(self, document: Any) -> None:
        """Every amount and day that stands somewhere in an answer of the shop."""
        for text in _texts(document):
            self.dates.update(_days(text))
        self.amounts.update(_amounts(document))

    def learn_promos(self, answers: Sequence[Json]) -> None:
        """What the shop says of each code."""
        for answer in answers:
            self.promos[answer["code"]] = answer["valid"]
            self.learn(answer)

    def learn_stores(self, document: Json) -> None:
        """When shops are open."""
        for spans in _lists(document):
            self.hours.add(spans)
        self.learn(document)

    def learn_stock(self, document: Json) -> None:
        """What there is of a product."""
        for one in [*document["variants"], *document["alternatives"]]:
            key = (one["product"], one["size"], one["color"])
            self.stock.setdefault(key, set()).add(one["available"])
        self.learn(document)

    def learn_catalogue(self) -> None:
        """What everything costs."""
        for product in catalogue().products.values():
            self.amounts.update(product.prices.values())


def _texts(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, Mapping):
        for key, value in document.items():
            yield str(key)
            yield from _texts(value)
    elif isinstance(document, Sequence):
        for value in document:
            yield from _texts(value)


def _amounts(document: Any) -> Iterator[Decimal]:
    if isinstance(document, Mapping):
        if "amount" in document and "currency" in document:
            yield from _decimal(document["amount"])
        for value in document.values():
            yield from _amounts(value)
    elif isinstance(document, Sequence) and not isinstance(document, str):
        for value in document:
            yield from _amounts(value)


def _decimal(text: object) -> Iterator[Decimal]:
    try:
        yield Decimal(str(text))
    except InvalidOperation:
        return


def _days(text: str) -> Iterator[date]:
    """The day of an ISO text: an instant's by the shop's clock."""
    try:
        if len(text) == 10:
            yield date.fromisoformat(text)
        elif len(text) > 16 and text[4] == "-":
            at = datetime.fromisoformat(text).astimezone(SHOP_ZONE)
            yield at.date()
            if not (at.hour or at.minute):  # what ends at midnight ends with the day before
                yield at.date() - timedelta(days=1)
    except ValueError:
        return


def _lists(document: Any) -> Iterator[tuple[str, str]]:
    if isinstance(document, Mapping):
        if "opens" in document and "closes" in document:
            yield document["opens"][:5], document["closes"][:5]
        for value in document.values():
            yield from _lists(value)
    elif isinstance(document, Sequence) and not isinstance(document, str):
        for value in document:
            yield from _lists(value)
