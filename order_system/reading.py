"""Reading JSON strictly: a value of the right shape, or a refusal that names the field alone."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import Any, TypeVar

from order_system.model import Money
from order_system.protocol import OrderSystemRefused

_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")

Value = TypeVar("Value")


def mapping(value: object, where: str) -> Mapping[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise malformed(where)
    return value


def plain(value: object, where: str) -> str:
    """A string, perhaps an empty one."""
    if not isinstance(value, str):
        raise malformed(where)
    return value.strip()


def word(value: object, where: str) -> str:
    """A string that says something."""
    found = plain(value, where)
    if not found:
        raise malformed(where)
    return found


def text(data: Mapping[str, Any], key: str, where: str) -> str:
    """The field `key`, which must be there and say something."""
    return word(data.get(key), f"{where}.{key}")


def optional(
    data: Mapping[str, Any], key: str, where: str, read: Callable[[object, str], Value]
) -> Value | None:
    """The field `key` read by `read`; None where it is absent, null or empty."""
    value = data.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return read(value, f"{where}.{key}")


def each(
    data: Mapping[str, Any], key: str, where: str, read: Callable[[object, str], Value]
) -> tuple[Value, ...]:
    """The elements of the list `key`; none where it is absent or null."""
    values = data.get(key)
    if values is None:
        return ()
    if not isinstance(values, list):
        raise malformed(f"{where}.{key}")
    return tuple(read(value, f"{where}.{key}[{n}]") for n, value in enumerate(values))


def entries(
    data: Mapping[str, Any], key: str, where: str, read: Callable[[object, str], Value]
) -> dict[str, Value]:
    """The values of the object `key` by their names; none where it is absent or null."""
    value = data.get(key)
    if value is None:
        return {}
    found = mapping(value, f"{where}.{key}")
    return {name: read(one, f"{where}.{key}.{name}") for name, one in found.items()}


def texts(data: Mapping[str, Any], key: str, where: str) -> dict[str, str]:
    """A text by language."""
    return entries(data, key, where, plain)


def all_texts(value: object, where: str) -> dict[str, str]:
    """A text by language, as the element of a list."""
    return {name: plain(one, f"{where}.{name}") for name, one in mapping(value, where).items()}


def count(value: object, where: str) -> int:
    """A whole number from 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise malformed(where)
    return value


def flag(value: object, where: str) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise malformed(where)
    return value


def number(value: object, where: str) -> Decimal:
    """An exact number, written as a string."""
    found = plain(value, where)
    # A string, because a JSON number passes through binary fractions in half the world's parsers.
    if not _AMOUNT.fullmatch(found):
        raise malformed(where)
    return Decimal(found)


def degrees(value: object, where: str) -> float:
    """A latitude or longitude."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not -180 <= value <= 180:
        raise malformed(where)
    return float(value)


def money(body: object, where: str) -> Money:
    """An amount and its currency."""
    data = mapping(body, where)
    amount = number(text(data, "amount", where), f"{where}.amount")
    currency = text(data, "currency", where)
    if not _CURRENCY.fullmatch(currency):
        raise malformed(f"{where}.currency")
    return Money(amount, currency)


def instant(value: object, where: str) -> datetime:
    """An instant with its offset, in UTC."""
    found = _INSTANT.fullmatch(plain(value, where))
    if not found:
        raise malformed(where)
    on, clock, fraction, zone = found.groups()
    micros = (fraction or "0").ljust(6, "0")[:6]
    offset = "+00:00" if zone in "Zz" else zone
    try:
        # Spelt out in full: Python 3.10 reads neither Z nor a fraction of one digit.
        return datetime.fromisoformat(f"{on}T{clock}.{micros}{offset}").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise malformed(where) from None


def day(value: object, where: str) -> date:
    """A date."""
    found = plain(value, where)
    if not _DAY.fullmatch(found):
        raise malformed(where)
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise malformed(where) from None


def clock_time(value: object, where: str) -> time:
    """A time of day, `24:00` as the midnight that ends it."""
    found = plain(value, where)
    if not _TIME.fullmatch(found):
        raise malformed(where)
    try:
        return time.fromisoformat("00:00" if found == "24:00" else found)
    except ValueError:
        raise malformed(where) from None


def web_address(value: object, where: str) -> str:
    """A link that people may press."""
    found = plain(value, where)
    # A link that runs something is worse than no link.
    if not re.fullmatch(r"https?://\S+", found):
        raise malformed(where)
    return found


def malformed(where: str) -> OrderSystemRefused:
    """The refusal to raise for a field that isn't what it should be; never with its value."""
    return OrderSystemRefused(f"malformed {where}")
