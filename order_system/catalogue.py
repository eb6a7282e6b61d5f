"""What a shop sells: products, what is in stock, what could be taken instead, and promo codes."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from order_system.model import Money
from order_system.refusals import Refusal
from order_system.texts import Texts


@dataclass(frozen=True)
class Color:
    """A colour: the shop's key for it, and its names."""

    ref: str
    name: Texts


@dataclass(frozen=True)
class Product:
    """A product in all its sizes and colours; one price per currency."""

    ref: str
    name: Texts
    category: str
    category_name: Texts
    url: str | None
    prices: tuple[Money, ...]
    colors: tuple[Color, ...]
    sizes: tuple[str, ...]

    def price(self, currency: str) -> Money | None:
        """What it costs in this currency."""
        return next((one for one in self.prices if one.currency == currency), None)

    def color(self, ref: str) -> Color | None:
        """The colour with this key."""
        return next((one for one in self.colors if one.ref == ref), None)


@dataclass(frozen=True)
class Variant:
    """A size and colour of a product; `in_stock` is None where the shop tells no numbers."""

    product: str
    size: str
    color: str
    is_available: bool
    in_stock: int | None = None
    back_on: date | None = None


@dataclass(frozen=True)
class Availability:
    """A product's stock as it was asked for.

    `wanted` is the variant when size and colour were both named. `alternatives` come from the
    shop, the closest first: neighbours of the same product, then other products in that size.
    """

    product: Product
    variants: tuple[Variant, ...]
    wanted: Variant | None
    alternatives: tuple[Variant, ...]
    products: tuple[Product, ...] = ()

    def available(self, *, size: str | None = None, color: str | None = None) -> list[Variant]:
        """What can be bought, in this size or colour."""
        return [
            one
            for one in self.variants
            if one.is_available and size in {None, one.size} and color in {None, one.color}
        ]

    def product_of(self, variant: Variant) -> Product | None:
        """The product an alternative belongs to."""
        known = (self.product, *self.products)
        return next((one for one in known if one.ref == variant.product), None)


@dataclass(frozen=True)
class Promo:
    """A promo code and what it asks for; at most one of `percent` and `amount`."""

    code: str
    summary: Texts
    percent: Decimal | None = None
    amount: Money | None = None
    is_free_delivery: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    minimum: Money | None = None
    categories: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    is_first_order_only: bool = False
    conditions: tuple[Texts, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class PromoAnswer:
    """Whether a code works for who asks; `promo` is None for a code nobody gave out.

    `discount` is what it would take off the amount that was asked about.
    """

    code: str
    promo: Promo | None
    refusal: Refusal | None
    discount: Money | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it can be used now."""
        return self.promo is not None and self.refusal is None
