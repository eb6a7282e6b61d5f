"""Orders made to fit what somebody wants to try: one that is late, paid twice, or just arrived."""

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from simulator.shop_catalogue import catalogue
from simulator.shop_history import Script
from simulator.shop_homes import has_city
from simulator.shop_orders import Customer, Line, ShopOrder
from simulator.shop_people import shoppers
from simulator.shop_refusing import Refused
from simulator.shop_shelf import Shelf
from simulator.shop_stock import color_of, size_of

Situation = Literal[
    "awaiting_pix",
    "pix_expired",
    "awaiting_boleto",
    "boleto_expired",
    "card_refused",
    "paid",
    "charged_twice",
    "preparing",
    "shipped",
    "in_transit",
    "late",
    "out_for_delivery",
    "delivered_lately",
    "delivered_weeks_ago",
    "delivered_long_ago",
    "return_on_its_way",
    "return_received",
    "refund_on_its_way",
    "refund_failed",
]
SITUATIONS: tuple[str, ...] = get_args(Situation)
_SCRIPTS: dict[str, Script] = {
    "awaiting_pix": {"state": "awaiting_payment", "days_ago": 0.01, "pay": {"method": "pix"}},
    "pix_expired": {"state": "awaiting_payment", "days_ago": 0.2, "pay": {"method": "pix"}},
    "awaiting_boleto": {"state": "awaiting_payment", "days_ago": 1, "pay": {"method": "boleto"}},
    "boleto_expired": {"state": "awaiting_payment", "days_ago": 5, "pay": {"method": "boleto"}},
    "card_refused": {
        "state": "awaiting_payment",
        "days_ago": 0.1,
        "pay": {"method": "card", "trouble": "refused:insufficient_funds"},
    },
    "paid": {"state": "paid", "days_ago": 0.3},
    "charged_twice": {
        "state": "paid",
        "days_ago": 0.4,
        "pay": {"method": "card", "trouble": "twice"},
    },
    "preparing": {"state": "preparing", "days_ago": 0.8},
    "shipped": {"state": "shipped", "days_ago": 2, "eta_days": 4, "hours_since": 8},
    "in_transit": {"state": "in_transit", "days_ago": 4, "eta_days": 2, "hours_since": 10},
    "late": {"state": "in_transit", "days_ago": 9, "eta_days": -2, "hours_since": 50},
    "out_for_delivery": {
        "state": "out_for_delivery",
        "days_ago": 6,
        "eta_days": 0,
        "hours_since": 2,
    },
    "delivered_lately": {"state": "delivered", "days_ago": 8, "hours_since": 40},
    "delivered_weeks_ago": {"state": "delivered", "days_ago": 26, "hours_since": 480},
    "delivered_long_ago": {"state": "delivered", "days_ago": 60, "hours_since": 1200},
    "return_on_its_way": {
        "state": "delivered",
        "days_ago": 12,
        "hours_since": 140,
        "return": {"request": {"kind": "refund"}, "path": ["in_transit"]},
    },
    "return_received": {
        "state": "delivered",
        "days_ago": 12,
        "hours_since": 140,
        "return": {"request": {"kind": "refund"}, "path": ["in_transit", "received"]},
    },
    "refund_on_its_way": {"state": "cancelled", "days_ago": 3, "pay": {"method": "card"}},
    "refund_failed": {
        "state": "cancelled",
        "days_ago": 6,
        "pay": {"method": "card", "trouble": "refund_failed"},
    },
}


class WantedOrder(BaseModel):
    """An order to make: how it stands, whose it is, and what is in it.

    `shopper` is one of the cast (marina, john …); anybody else is named with phone and e-mail.
    """

    model_config = ConfigDict(extra="forbid")
    situation: Situation
    shopper: str | None = None
    name: str = Field(default="", max_length=120)
    phone: str | None = Field(default=None, max_length=30)
    email: str = Field(default="", max_length=200)
    language: Literal["pt", "en"] = "pt"
    city: str | None = None
    product: str = "TN-BRISA"
    size: str | None = None
    color: str | None = None
    quantity: int = Field(default=1, ge=1, le=9)


def stage(shelf: Shelf, wanted: WantedOrder) -> ShopOrder:
    """Make the order; raises Refused for goods or people nobody knows."""
    product = catalogue().products.get(wanted.product.upper())
    if product is None:
        raise Refused("item_unknown")
    size = size_of(product, wanted.size) if wanted.size else product.sizes[len(product.sizes) // 2]
    color = color_of(product, wanted.color) if wanted.color else product.colors[0].pt
    if size is None or color is None:
        raise Refused("variant_unknown")
    line = Line(product, size, product.color(color), wanted.quantity)
    return shelf.stage(_customer(wanted), _SCRIPTS[wanted.situation], (line,))


def _customer(wanted: WantedOrder) -> Customer:
    if wanted.shopper is not None:
        if wanted.shopper not in shoppers():
            raise Refused("order_unknown")
        return shoppers()[wanted.shopper]
    who: dict[str, Any] = wanted.model_dump(include={"name", "phone", "email", "language"})
    usual = "São Paulo/SP" if wanted.language == "pt" else "London"
    city = wanted.city if wanted.city and has_city(wanted.city) else usual
    return Customer(**who, city=city)
