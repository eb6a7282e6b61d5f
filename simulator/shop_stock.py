"""What the demo shop has on its shelves, and what could be taken instead."""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any

from simulator.shop_catalogue import Product, catalogue, read_json
from simulator.shop_dice import dice

_SOLD_OUT = 0.16
_MOST_ALTERNATIVES = 6
_ABROAD = {"S": "P", "L": "G", "XL": "GG", "ONE SIZE": "ÚNICO"}


class Stock:
    """Pieces of each product by size and colour; what is set aside for somebody is gone."""

    def __init__(self) -> None:
        self._taken: Counter[tuple[str, str, str]] = Counter()

    def count(self, product: Product, size: str, color: str) -> int:
        """How many there are of this variant; the colour by its Portuguese name."""
        scripted = _scripted().get(f"{product.sku}/{size}/{color}")
        chance = dice("stock", product.sku, size, color)
        some = 0 if chance.random() < _SOLD_OUT else chance.randrange(1, 14)
        first = some if scripted is None else scripted
        return max(first - self._taken[product.sku, size, color], 0)

    def take(self, product: Product, size: str, color: str, quantity: int) -> bool:
        """Set some aside; False, and nothing is, when there aren't as many."""
        if self.count(product, size, color) < quantity:
            return False
        self._taken[product.sku, size, color] += quantity
        return True

    def put_back(self, product: Product, size: str, color: str, quantity: int) -> None:
        """Free what was set aside."""
        self._taken[product.sku, size, color] -= quantity

    def availability(
        self, product: Product, size: str | None, color: str | None, today: date
    ) -> dict[str, Any]:
        """The answer as `order_system/openapi.yaml` describes it."""
        variants = [
            self._variant(product, a_size, a_color.pt, today)
            for a_size in product.sizes
            for a_color in product.colors
        ]
        wanted = None
        if size in product.sizes and any(color == one.pt for one in product.colors):
            wanted = self._variant(product, str(size), str(color), today)
        alternatives = self._alternatives(product, size, color, today)
        return {
            "product": product,
            "variants": variants,
            "wanted": wanted,
            "alternatives": alternatives[:_MOST_ALTERNATIVES],
        }

    def _alternatives(
        self, product: Product, size: str | None, color: str | None, today: date
    ) -> list[dict[str, Any]]:
        colors = [one.pt for one in product.colors]
        near: list[tuple[Product, str | None, str | None]] = []
        if size in product.sizes:
            near += [(product, size, one) for one in colors if one != color]
        if color in colors:
            near += [(product, one, color) for one in neighbours(product, size)]
        others = [
            (other, size, other_color.pt)
            for other in catalogue().products.values()
            if other.kind == product.kind and other.sku != product.sku and size in other.sizes
            for other_color in sorted(other.colors, key=lambda one: one.pt != color)[:1]
        ]
        found = [
            self._variant(a_product, str(a_size), str(a_color), today)
            for a_product, a_size, a_color in near + others[:12]
        ]
        return [one for one in found if one["available"]]

    def _variant(self, product: Product, size: str, color: str, today: date) -> dict[str, Any]:
        left = self.count(product, size, color)
        days = dice("restock", product.sku, size, color).choice((None, 6, 9, 14))
        back_on = None if left or days is None else (today + timedelta(days=days)).isoformat()
        return {
            "product": product.sku,
            "size": size,
            "color": color,
            "available": left > 0,
            "in_stock": left,
            "back_on": back_on,
        }


def neighbours(product: Product, size: str | None) -> list[str]:
    """The sizes beside this one."""
    if size not in product.sizes:
        return []
    at = product.sizes.index(size)
    return [product.sizes[n] for n in (at + 1, at - 1) if 0 <= n < len(product.sizes)]


def size_of(product: Product, asked: str | None) -> str | None:
    """The product's own spelling of a size, as S for P; None for one it isn't made in."""
    wanted = (asked or "").strip().upper()
    spelled = _ABROAD.get(wanted, wanted)
    # An English M is a Portuguese M, but L isn't on our labels at all.
    return next((size for size in product.sizes if size.upper() in {wanted, spelled}), None)


def color_of(product: Product, asked: str | None) -> str | None:
    """The Portuguese name of a colour asked for in either language."""
    wanted = (asked or "").strip().casefold()
    return next(
        (one.pt for one in product.colors if wanted in {one.pt.casefold(), one.en.casefold()}), None
    )


@cache
def _scripted() -> dict[str, int]:
    found: dict[str, int] = read_json("stock.json")
    return found
