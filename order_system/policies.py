"""The rules of a shop, as the shop itself tells them: the desk has none of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from order_system.model import Money, OrderState
from order_system.texts import Texts
from order_system.vocabulary import Basis, Payer, PaymentMethod


@dataclass(frozen=True)
class Regret:
    """The right to give back what was bought at a distance, for no reason, at the shop's cost."""

    country: str
    days: int
    law: str


@dataclass(frozen=True)
class Window:
    """What the shop allows on one basis, in days after the day of delivery."""

    days: int
    needs_photo: bool = False
    shipping_paid_by: Payer = Payer.SHOPPER
    refunds_delivery: bool = False


@dataclass(frozen=True)
class Exemption:
    """Goods with days of their own on some bases; 0 is never. Regret knows no exemption."""

    name: str
    categories: frozenset[str]
    products: frozenset[str]
    days: Mapping[Basis, int]
    because: Texts

    def covers(self, category: str | None, product: str | None) -> bool:
        """Whether these goods are meant."""
        return category in self.categories or product in self.products


@dataclass(frozen=True)
class ReturnPolicy:
    """How goods come back."""

    regret: Mapping[str, Regret]
    windows: Mapping[Basis, Window]
    exemptions: tuple[Exemption, ...]
    conditions: tuple[Texts, ...]
    post_within_days: int


@dataclass(frozen=True)
class FreeDelivery:
    """From which amount delivery is free, and what it costs below."""

    above: Money
    fee: Money


@dataclass(frozen=True)
class ShopPolicies:
    """All rules of a shop; `texts` are sentences of its own, by topic.

    `refund_days` are business days from the shop's yes to the money, by way of payment.
    """

    name: str
    time_zone: str
    version: str
    returns: ReturnPolicy
    refund_days: Mapping[PaymentMethod, int]
    cancel_in: frozenset[OrderState]
    change_address_in: frozenset[OrderState]
    pix_minutes: int
    boleto_days: int
    deliveries: tuple[FreeDelivery, ...]
    texts: Mapping[str, Texts]
