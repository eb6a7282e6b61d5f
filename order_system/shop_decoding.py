"""From the JSON of `openapi.yaml` to the shop's rules, and to where and when it is open."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from order_system.decoding import decode_address
from order_system.model import OrderState
from order_system.policies import (
    Exemption,
    FreeDelivery,
    Regret,
    ReturnPolicy,
    ShopPolicies,
    Window,
)
from order_system.reading import (
    all_texts,
    clock_time,
    count,
    day,
    degrees,
    each,
    entries,
    flag,
    malformed,
    mapping,
    money,
    optional,
    plain,
    text,
    texts,
    web_address,
    word,
)
from order_system.stores import DAYS, Hours, SpecialDay, Store
from order_system.vocabulary import Basis, Payer, PaymentMethod


def decode_policies(body: object) -> ShopPolicies:
    """The shop's rules."""
    where = "policies"
    data = mapping(body, where)
    states = each(data, "cancel_in", where, word)
    addresses = each(data, "change_address_in", where, word)
    days = entries(data, "refund_days", where, count)
    return ShopPolicies(
        name=text(data, "name", where),
        time_zone=_zone(data.get("time_zone"), f"{where}.time_zone"),
        version=text(data, "version", where),
        returns=_returns(data.get("returns"), f"{where}.returns"),
        refund_days={PaymentMethod.read(name): number for name, number in days.items()},
        cancel_in=frozenset(OrderState.read(state) for state in states),
        change_address_in=frozenset(OrderState.read(state) for state in addresses),
        pix_minutes=count(data.get("pix_minutes"), f"{where}.pix_minutes"),
        boleto_days=count(data.get("boleto_days"), f"{where}.boleto_days"),
        deliveries=each(data, "deliveries", where, _delivery),
        texts=entries(data, "texts", where, all_texts),
    )


def decode_stores(body: object) -> tuple[Store, ...]:
    """Where the shop is and when."""
    data = mapping(body, "answer")
    if "stores" not in data:
        raise malformed("answer.stores")
    return each(data, "stores", "answer", _store)


def _returns(body: object, where: str) -> ReturnPolicy:
    data = mapping(body, where)
    windows = entries(data, "windows", where, _window)
    return ReturnPolicy(
        regret={one.country: one for one in each(data, "regret", where, _regret)},
        windows={Basis.read(name): window for name, window in windows.items()},
        exemptions=each(data, "exemptions", where, _exemption),
        conditions=each(data, "conditions", where, all_texts),
        post_within_days=count(data.get("post_within_days"), f"{where}.post_within_days"),
    )


def _regret(body: object, where: str) -> Regret:
    data = mapping(body, where)
    return Regret(
        country=text(data, "country", where),
        days=count(data.get("days"), f"{where}.days"),
        law=text(data, "law", where),
    )


def _window(body: object, where: str) -> Window:
    data = mapping(body, where)
    return Window(
        days=count(data.get("days"), f"{where}.days"),
        needs_photo=optional(data, "needs_photo", where, flag) or False,
        shipping_paid_by=Payer.read(text(data, "shipping_paid_by", where)),
        refunds_delivery=optional(data, "refunds_delivery", where, flag) or False,
    )


def _exemption(body: object, where: str) -> Exemption:
    data = mapping(body, where)
    days = entries(data, "days", where, count)
    return Exemption(
        name=text(data, "name", where),
        categories=frozenset(each(data, "categories", where, word)),
        products=frozenset(each(data, "products", where, word)),
        days={Basis.read(name): number for name, number in days.items()},
        because=texts(data, "because", where),
    )


def _delivery(body: object, where: str) -> FreeDelivery:
    data = mapping(body, where)
    return FreeDelivery(
        above=money(data.get("free_from"), f"{where}.free_from"),
        fee=money(data.get("fee"), f"{where}.fee"),
    )


def _store(body: object, where: str) -> Store:
    data = mapping(body, where)
    special = entries(data, "special", where, _special)
    return Store(
        ref=text(data, "ref", where),
        name=texts(data, "name", where),
        time_zone=_zone(data.get("time_zone"), f"{where}.time_zone"),
        weekly=_weekly(data, where),
        special={day(on, f"{where}.special"): hours for on, hours in special.items()},
        address=optional(data, "address", where, decode_address),
        latitude=optional(data, "latitude", where, degrees),
        longitude=optional(data, "longitude", where, degrees),
        phone=optional(data, "phone", where, plain),
        url=optional(data, "url", where, web_address),
        services=each(data, "services", where, all_texts),
    )


def _weekly(data: Mapping[str, Any], where: str) -> dict[str, tuple[Hours, ...]]:
    found = mapping(data.get("weekly"), f"{where}.weekly")
    if not set(found) <= set(DAYS):
        raise malformed(f"{where}.weekly")
    return {on: each(found, on, f"{where}.weekly", _hours) for on in DAYS}


def _special(body: object, where: str) -> SpecialDay:
    data = mapping(body, where)
    return SpecialDay(each(data, "hours", where, _hours), texts(data, "because", where))


def _hours(body: object, where: str) -> Hours:
    data = mapping(body, where)
    return Hours(
        opens=clock_time(data.get("opens"), f"{where}.opens"),
        closes=clock_time(data.get("closes"), f"{where}.closes"),
    )


def _zone(value: object, where: str) -> str:
    name = word(value, where)
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise malformed(where) from None
    return name
