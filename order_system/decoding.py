"""From the JSON of `openapi.yaml` to an order: strict about what we read, blind to the rest."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, TypeVar

from order_system.model import Item, Money, Order, OrderContact, OrderState, Shipment
from order_system.protocol import OrderSystemRefused

_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_STATES = {state.value: state for state in OrderState}

Value = TypeVar("Value")


def decode_order(body: object, where: str = "order") -> Order:
    """The order in `body`; refused with the name of the field that is wrong, never its value."""
    data = _mapping(body, where)
    raw_state = _text(data, "state", where)
    return Order(
        order_ref=_text(data, "order_ref", where),
        display_number=_text(data, "display_number", where),
        placed_at=_instant(_text(data, "placed_at", where), f"{where}.placed_at"),
        state=_STATES.get(raw_state.lower(), OrderState.UNKNOWN),
        raw_state=raw_state,
        items=_each(data, "items", where, _item),
        shipments=_each(data, "shipments", where, _shipment),
        contact=_contact(data.get("contact"), f"{where}.contact"),
        total=_optional(data, "total", where, _money),
        returnable_items=_each(data, "returnable_items", where, _ref),
        raw=data,
    )


def decode_orders(body: object) -> tuple[Order, ...]:
    """The orders of a search, in the order they came."""
    data = _mapping(body, "answer")
    if "orders" not in data:
        raise _malformed("answer.orders")
    return _each(data, "orders", "answer", decode_order)


def _item(body: object, where: str) -> Item:
    data = _mapping(body, where)
    quantity = data.get("quantity")
    if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1:
        raise _malformed(f"{where}.quantity")
    return Item(
        ref=_text(data, "ref", where),
        name=_text(data, "name", where),
        size=_optional(data, "size", where, _plain),
        color=_optional(data, "color", where, _plain),
        quantity=quantity,
        unit_price=_optional(data, "unit_price", where, _money),
    )


def _shipment(body: object, where: str) -> Shipment:
    data = _mapping(body, where)
    return Shipment(
        carrier=_optional(data, "carrier", where, _plain),
        number=_optional(data, "number", where, _plain),
        url=_optional(data, "url", where, _web_address),
        last_event=_optional(data, "last_event", where, _plain),
        last_event_at=_optional(data, "last_event_at", where, _instant),
        delivered_at=_optional(data, "delivered_at", where, _instant),
        eta=_optional(data, "eta", where, _day),
    )


def _contact(body: object, where: str) -> OrderContact:
    data = _mapping(body, where)
    return OrderContact(
        email=_optional(data, "email", where, _plain),
        phone=_optional(data, "phone", where, _plain),
        name=_optional(data, "name", where, _plain),
    )


def _money(body: object, where: str) -> Money:
    data = _mapping(body, where)
    amount = _text(data, "amount", where)
    currency = _text(data, "currency", where)
    # A string, because a JSON number passes through binary fractions in half the world's parsers.
    if not _AMOUNT.fullmatch(amount):
        raise _malformed(f"{where}.amount")
    if not _CURRENCY.fullmatch(currency):
        raise _malformed(f"{where}.currency")
    return Money(Decimal(amount), currency)


def _instant(value: object, where: str) -> datetime:
    found = _INSTANT.fullmatch(_plain(value, where))
    if not found:
        raise _malformed(where)
    day, clock, fraction, zone = found.groups()
    micros = (fraction or "0").ljust(6, "0")[:6]
    offset = "+00:00" if zone in "Zz" else zone
    try:
        # Spelt out in full: Python 3.10 reads neither Z nor a fraction of one digit.
        return datetime.fromisoformat(f"{day}T{clock}.{micros}{offset}").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise _malformed(where) from None


def _day(value: object, where: str) -> date:
    text = _plain(value, where)
    if not _DAY.fullmatch(text):
        raise _malformed(where)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _malformed(where) from None


def _web_address(value: object, where: str) -> str:
    text = _plain(value, where)
    # People press these: a link that runs something is worse than no link.
    if not re.fullmatch(r"https?://\S+", text):
        raise _malformed(where)
    return text


def _ref(value: object, where: str) -> str:
    text = _plain(value, where)
    if not text:
        raise _malformed(where)
    return text


def _plain(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _malformed(where)
    return value.strip()


def _text(data: Mapping[str, Any], key: str, where: str) -> str:
    return _ref(data.get(key), f"{where}.{key}")


def _optional(
    data: Mapping[str, Any], key: str, where: str, read: Callable[[object, str], Value]
) -> Value | None:
    value = data.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return read(value, f"{where}.{key}")


def _each(
    data: Mapping[str, Any], key: str, where: str, read: Callable[[object, str], Value]
) -> tuple[Value, ...]:
    values = data.get(key)
    if values is None:
        return ()
    if not isinstance(values, list):
        raise _malformed(f"{where}.{key}")
    return tuple(read(value, f"{where}.{key}[{n}]") for n, value in enumerate(values))


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _malformed(where)
    return value


def _malformed(where: str) -> OrderSystemRefused:
    return OrderSystemRefused(f"malformed {where}")
