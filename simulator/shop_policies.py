"""The rules of the demo shop: `shop/policies.yml`, read strictly or not at all."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from order_system.addresses import Address, mistakes, tidy
from order_system.policies import ShopPolicies
from order_system.shop_decoding import decode_policies
from order_system.stores import DAYS
from simulator.shop_catalogue import SHOP_FILES, catalogue

Texts = Annotated[dict[Literal["pt", "en"], str], Field(min_length=2)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{2})?$")]
Days = Annotated[int, Field(ge=0, le=3650)]
State = Literal["awaiting_payment", "paid", "preparing"]
WindowName = Literal["change_of_mind", "exchange", "defect", "wrong_item"]
_RANGE = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)")


class PolicyError(ValueError):
    """The shop's rules have mistakes."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Money(_Part):
    """An amount and its currency."""

    amount: Amount
    currency: Currency


class Regret(_Part):
    """A country's right of regret."""

    days: int = Field(ge=1, le=60)
    law: str = Field(min_length=1)


class Window(_Part):
    """How long something may go back for one kind of reason."""

    days: Days
    needs_photo: bool = False
    shipping_paid_by: Literal["shop", "shopper"]
    refunds_delivery: bool = False


class Exemption(_Part):
    """Goods with days of their own."""

    name: str
    categories: list[str] = []
    products: list[str] = []
    days: dict[WindowName, Days] = Field(min_length=1)
    because: Texts

    @model_validator(mode="after")
    def _are_in_the_catalogue(self) -> "Exemption":
        unknown = set(self.products) - set(catalogue().products)
        unknown |= set(self.categories) - set(catalogue().kinds)
        if unknown or not (self.products or self.categories):
            raise ValueError(f"no such goods: {', '.join(sorted(unknown)) or 'none named'}")
        return self


class Returns(_Part):
    """How goods come back."""

    regret: dict[Country, Regret]
    windows: dict[WindowName, Window]
    exemptions: list[Exemption] = []
    conditions: list[Texts] = []
    post_within_days: int = Field(ge=1, le=90)
    by_hand_from: dict[Currency, Amount] = {}


class PaymentRules(_Part):
    """How long an order waits for its money."""

    pix_minutes: int = Field(ge=5, le=10_080)
    boleto_days: int = Field(ge=1, le=30)


class Delivery(_Part):
    """What delivery costs in a currency."""

    free_from: Money
    fee: Money

    @model_validator(mode="after")
    def _is_one_currency(self) -> "Delivery":
        if self.free_from.currency != self.fee.currency:
            raise ValueError("one currency for both")
        return self


class PromoRule(_Part):
    """A promo code; it takes off a share, an amount, or the delivery fee."""

    code: str = Field(pattern=r"^[A-Z0-9]{3,20}$")
    summary: Texts
    percent: Annotated[str, Field(pattern=r"^[0-9]{1,2}$")] | None = None
    amount: Money | None = None
    free_delivery: bool = False
    starts_in: int | None = None
    ends_in: int | None = None
    minimum: Money | None = None
    categories: list[str] = []
    countries: list[Country] = []
    first_order_only: bool = False
    uses_left: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _gives_one_thing(self) -> "PromoRule":
        given = (self.percent is not None, self.amount is not None, self.free_delivery)
        if sum(given) != 1:
            raise ValueError("one of percent, amount and free_delivery")
        if unknown := set(self.categories) - set(catalogue().kinds):
            raise ValueError(f"no such categories: {', '.join(sorted(unknown))}")
        return self


class StoreAddress(_Part):
    """Where a shop with a door is."""

    street: str
    number: str
    district: str = ""
    city: str
    state: str
    postcode: str
    country: Country

    @model_validator(mode="after")
    def _can_be_found(self) -> "StoreAddress":
        address = tidy(Address(recipient="-", **self.model_dump()))
        if found := mistakes(address):
            raise ValueError(", ".join(map(str, found)))
        return self


class Special(_Part):
    """A date with hours of its own."""

    hours: list[str] = []
    because: Texts


class StoreRule(_Part):
    """A shop with a door, or a service with hours."""

    ref: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: Texts
    weekly: dict[str, list[str]]
    special: dict[date, Special] = {}
    address: StoreAddress | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    phone: str | None = None
    services: list[Texts] = []

    @model_validator(mode="after")
    def _keeps_hours(self) -> "StoreRule":
        for special in self.special.values():
            hours(special.hours)
        weekly(self.weekly)
        return self


class Rules(_Part):
    """The whole file."""

    name: str
    time_zone: Literal["America/Sao_Paulo"]
    returns: Returns
    refund_days: dict[Literal["pix", "boleto", "card", "store_credit", "other"], Days]
    cancel_in: list[State]
    change_address_in: list[State]
    payment: PaymentRules
    delivery: list[Delivery]
    promos: list[PromoRule] = []
    stores: list[StoreRule] = []
    texts: dict[str, Texts] = {}

    @model_validator(mode="after")
    def _has_no_doubles(self) -> "Rules":
        names = [promo.code for promo in self.promos] + [store.ref for store in self.stores]
        if len(set(names)) < len(names):
            raise ValueError("a promo code or a store is there twice")
        return self

    def as_answer(self) -> dict[str, Any]:
        """The rules as `order_system/openapi.yaml` describes them."""
        returns = self.returns.model_dump(mode="json", exclude={"by_hand_from", "regret"})
        regret = [{"country": name} | one.model_dump() for name, one in self.returns.regret.items()]
        body = self.model_dump_json().encode()
        return {
            "name": self.name,
            "time_zone": self.time_zone,
            "version": hashlib.sha256(body).hexdigest()[:12],
            "returns": returns | {"regret": regret},
            "refund_days": self.refund_days,
            "cancel_in": self.cancel_in,
            "change_address_in": self.change_address_in,
            "pix_minutes": self.payment.pix_minutes,
            "boleto_days": self.payment.boleto_days,
            "deliveries": [one.model_dump() for one in self.delivery],
            "texts": self.texts,
        }

    def is_for_people(self, amount: Decimal, currency: str) -> bool:
        """Whether a return of this worth waits for somebody's yes."""
        limit = self.returns.by_hand_from.get(currency)
        return limit is not None and amount >= Decimal(limit)


def weekly(days: Mapping[str, list[str]]) -> dict[str, list[dict[str, str]]]:
    """Hours by weekday, out of `mon-fri` and `sat`."""
    found: dict[str, list[dict[str, str]]] = {}
    for name, ranges in days.items():
        first, _, last = name.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"no such day: {name}")
        for day in DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]:
            found[day] = hours(ranges)
    return found


def hours(ranges: list[str]) -> list[dict[str, str]]:
    """From and to, out of `09:00-18:00`."""
    for one in ranges:
        if not _RANGE.fullmatch(one) or one[:5] >= one[6:]:
            raise ValueError(f"no hours: {one}")
    return [{"opens": one[:5], "closes": one[6:]} for one in ranges]


def read_rules(path: Path) -> Rules:
    """The rules in a file; raises PolicyError with every mistake and where it stands."""
    try:
        return Rules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise PolicyError(f"{path.name}: {error}") from None
    except ValidationError as error:
        found = [
            f"{path.name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
        ]
        raise PolicyError("\n".join(found)) from None


@cache
def rules() -> Rules:
    """The shop's rules."""
    return read_rules(SHOP_FILES / "policies.yml")


@cache
def policies() -> ShopPolicies:
    """The shop's rules as anybody reads them over its API."""
    return decode_policies(rules().as_answer())
