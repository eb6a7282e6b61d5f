"""Every order of the demo shop in memory, found by number and by phone at once."""

import re
import time
import unicodedata
from bisect import insort_left
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from simulator.shop_audit import Audit, Keys
from simulator.shop_history import Script, past_orders, scripted_order, scripted_returns
from simulator.shop_orders import STATES, Customer, Line, ShopOrder
from simulator.shop_promos import Promos
from simulator.shop_returns import ShopReturn
from simulator.shop_returns_desk import ReturnsDesk
from simulator.shop_stock import Stock
from simulator.shoppers import digits, spellings

Told = Callable[[str, dict[str, Any], datetime], None]


def now() -> datetime:
    """The time of the simulator."""
    return datetime.fromtimestamp(time.time(), UTC)


class Shelf:
    """The orders and the ways to find them; made anew at every start.

    Whatever changes an order goes through here, so that it is told of (`on_event`).
    """

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.clock = clock
        self.stock = Stock()
        self.returns = ReturnsDesk(self.stock, self._replace)
        self.promos = Promos(clock())
        self.audit = Audit()
        self.keys = Keys()
        self.on_event: Told = lambda _what, _order, _at: None
        self._by_number: dict[str, ShopOrder] = {}
        self._by_phone: defaultdict[str, list[ShopOrder]] = defaultdict(list)
        self._searchable: list[tuple[ShopOrder, str]] = []
        for order in past_orders(clock()):
            self._put(order)
        scripted_returns(self._by_number, self.returns, clock())

    def by_number(self, number: str) -> ShopOrder | None:
        return self._by_number.get(number)

    def by_phone(self, phone: str, limit: int) -> list[ShopOrder]:
        """The latest orders of these digits, newest first."""
        return self._by_phone.get(phone, [])[:limit]

    def answer(self, order: ShopOrder) -> dict[str, Any]:
        """The order as `order_system/openapi.yaml` describes it."""
        return order.as_answer(self.returns.returnable(order, self.clock()))

    def move(self, order: ShopOrder, state: str) -> None:
        """Move an order along, and tell whoever wants to know."""
        at = self.clock()
        order.move(state, at)
        self.on_event(state, self.answer(order), at)

    def make_late(self, order: ShopOrder, days: int) -> None:
        """Make its parcel late, and tell whoever wants to know."""
        at = self.clock()
        order.make_late(days, at)
        self.on_event("late", self.answer(order), at)

    def move_return(self, moved: ShopReturn, state: str) -> None:
        """Move a return along."""
        self.returns.move(moved, state, self.clock())

    def stage(self, customer: Customer, script: Script, lines: tuple[Line, ...]) -> ShopOrder:
        """Add an order of this customer's that stands as the script says."""
        order = scripted_order(self._next_number(), customer, script, lines, self.clock())
        self._put(order)
        scripted_returns({str(order.number): order}, self.returns, self.clock(), script)
        return order

    def search(self, words: str, state: str) -> tuple[list[ShopOrder], dict[str, int]]:
        """Orders that hold all words, newest first, and how many there are in each state.

        `state` is a state, `late`, or nothing for all of them.
        """
        at = self.clock()
        wanted = _plain(words).split()
        found = [order for order, text in self._searchable if all(word in text for word in wanted)]
        counted = Counter(order.state for order in found)
        late = [order for order in found if order.is_late(at)]
        counts = {name: counted[name] for name in STATES} | {"late": len(late), "": len(found)}
        if state == "late":
            return late, counts
        return [order for order in found if state in {"", order.state}], counts

    def _replace(self, order: ShopOrder, lines: tuple[Line, ...]) -> ShopOrder:
        """The order that an exchange ends with: paid for already, and being packed."""
        at = self.clock()
        replacement = ShopOrder(
            self._next_number(), order.customer, order.carrier, lines, at, is_paid_for=True
        )
        replacement.address = order.address
        for state in ("paid", "preparing"):
            replacement.move(state, at)
        self._put(replacement)
        return replacement

    def _put(self, order: ShopOrder) -> None:
        self._by_number[str(order.number)] = order
        for spelling in spellings(digits(order.customer.phone or "")):
            insort_left(self._by_phone[spelling], order, key=_age)
        insort_left(self._searchable, (order, _search_text(order)), key=lambda one: _age(one[0]))

    def _next_number(self) -> int:
        return max(map(int, self._by_number)) + 1


def _age(order: ShopOrder) -> float:
    return -order.placed_at.timestamp()


def _search_text(order: ShopOrder) -> str:
    person = order.customer
    phone = digits(person.phone or "")
    return _plain(f"{order.number} {person.name} {person.email} {' '.join(spellings(phone))}")


def _plain(text: str) -> str:
    # Phones are typed with signs and spaces: digits that belong together are joined first.
    joined = re.sub(r"(?<=[0-9+)])[ ().-]+(?=[0-9(])", "", text.replace("#", "").replace("+", ""))
    letters = unicodedata.normalize("NFD", joined.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
