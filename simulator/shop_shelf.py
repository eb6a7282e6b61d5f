"""Every order of the demo shop in memory, found by number and by phone at once."""

import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from simulator.shop_history import past_orders
from simulator.shop_orders import ON_THE_WAY, STATES, ShopOrder
from simulator.shoppers import digits, spellings


def now() -> datetime:
    """The time of the simulator."""
    return datetime.fromtimestamp(time.time(), UTC)


class Shelf:
    """The orders and the ways to find them; made anew at every start."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.clock = clock
        self._by_number = {str(order.number): order for order in past_orders(clock())}
        self._by_phone: defaultdict[str, list[ShopOrder]] = defaultdict(list)
        newest_first = sorted(self._by_number.values(), key=_age)
        for order in newest_first:
            for spelling in spellings(digits(order.customer.phone or "")):
                self._by_phone[spelling].append(order)
        self._searchable = [(order, _search_text(order)) for order in newest_first]

    def by_number(self, number: str) -> ShopOrder | None:
        return self._by_number.get(number)

    def by_phone(self, phone: str, limit: int) -> list[ShopOrder]:
        """The latest orders of these digits, newest first."""
        return self._by_phone.get(phone, [])[:limit]

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

    def row(self, order: ShopOrder) -> dict[str, Any]:
        """What the list on the screen shows of an order."""
        return {
            "number": str(order.number),
            "name": order.customer.name,
            "phone": order.customer.phone,
            "email": order.customer.email,
            "language": order.customer.language,
            "city": order.customer.city,
            "state": order.state,
            "is_late": order.is_late(self.clock()),
            "placed_at": order.placed_at.isoformat(),
            "total": {"amount": str(order.total), "currency": order.currency},
        }

    def page(self, order: ShopOrder) -> dict[str, Any]:
        """Everything the screen shows of an order, and where it may go."""
        return self.row(order) | {
            "order": order.as_answer(self.clock()),
            "delivery_fee": {"amount": str(order.delivery_fee), "currency": order.currency},
            "pictures": [[line.product.picture, line.color.hex] for line in order.lines],
            "carrier": order.carrier,
            "history": [{"state": state, "at": at.isoformat()} for state, at in order.history],
            "moves": order.moves(),
            "can_be_late": order.parcel is not None and order.state in ON_THE_WAY,
        }


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
