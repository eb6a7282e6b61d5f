"""What the desk claims in a text, held against what the shop knows."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from simulator.crowd import signs
from simulator.crowd.plain import has, plain
from simulator.crowd.signs import shows
from simulator.crowd.stock_claims import wrong_stock
from simulator.crowd.truth import Truth

_ORDER = re.compile(r"(?:pedidos?|orders?|n[º°]|#)\s+#?(\d{4,7})\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?:R\$|US\$|\$|BRL|USD)\s?(\d{1,3}(?:[.,]\d{3})*(?:[.,]\d{2})|\d+(?![\d.,]*\d))"
)
_PARCEL = re.compile(
    r"\b(?:[A-Z]{2}\d{9}[A-Z]{2}|R\d{4,7}-\d+|1Z[0-9A-Z]{16}|[A-Z]{2,4}\d{9,14})\b"
)
_IN_PORTUGUESE = (
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro"
)
_MONTHS = {plain(name): nth for nth, name in enumerate(calendar.month_name) if nth} | {
    name: nth for nth, name in enumerate(re.findall(r"\w+", _IN_PORTUGUESE), start=1)
}
_NAMES = "|".join(_MONTHS)
_WEEKDAYS = (
    "segunda-feira|monday",
    "terca-feira|tuesday",
    "quarta-feira|wednesday",
    "quinta-feira|thursday",
    "sexta-feira|friday",
    "sabado|saturday",
    "domingo|sunday",
)
_DAY = re.compile(
    rf"\b(?P<d1>\d{{1,2}})/(?P<m1>\d{{2}})(?:/(?P<y1>\d{{4}}))?\b"
    rf"|\b(?P<n2>{_NAMES}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:, (?P<y2>\d{{4}}))?\b"
    rf"|\b(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?: de| of)? (?P<n3>{_NAMES})\b"
)
_SPAN = re.compile(
    r"(?<![\d/])(\d{1,2})(?:[h:](\d{2}))?\s?h?(?: ?(am|pm))?\s?(?:–|-|às?|as|to|até|ate|until)\s?"
    r"(\d{1,2})(?:[h:](\d{2}))?\s?h?(?: ?(am|pm))?(?![\d/])"
)
_CODE = re.compile(r"\b(?:cupom|codigo|code)s? ([A-Z][A-Z0-9]{3,14})\b")


@dataclass(frozen=True)
class Heard:
    """A text of the desk in its talk: the shopper's own order, and what the shopper had written."""

    text: str
    order: str | None
    written: str
    today: date
    about_people: bool = False
    """Whether it says when people answer: those hours are the desk's, not the shop's."""


def wrong(heard: Heard, truth: Truth) -> list[str]:
    """Every fact in the text that the shop contradicts."""
    text = re.sub(r"https?://\S+", " ", heard.text)
    checks: tuple[Callable[[str, Heard, Truth], Iterator[str]], ...] = (
        _orders, _amounts, _parcels, _days, _states, _promos, _hours,
    )  # fmt: skip
    found = [one for check in checks for one in check(text, heard, truth)]
    return [*found, *wrong_stock(text, truth)]


def days_in(text: str, today: date) -> list[date]:
    """The days that a text names, the year taken as the one that brings them closest."""
    found = []
    for one in _DAY.finditer(plain(text)):
        day = int(one["d1"] or one["d2"] or one["d3"])
        month = int(one["m1"]) if one["m1"] else _MONTHS[one["n2"] or one["n3"]]
        year = one["y1"] or one["y2"]
        years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
        days = [made for a_year in years if (made := _date(a_year, month, day)) is not None]
        if days:
            found.append(min(days, key=lambda made: abs((made - today).days)))
    return found


def amounts_in(text: str) -> list[Decimal]:
    """The amounts of money that a text names."""
    return [_decimal(one[1]) for one in _AMOUNT.finditer(text)]


def spans_in(text: str) -> list[tuple[str, str]]:
    """Hours from and to, as `("10:00", "18:00")`."""
    found = []
    for one in _SPAN.finditer(text):
        is_clock = re.search(r"h|:|am|pm", one[0])
        if not is_clock:
            continue
        opens = _clock(one[1], one[2], one[3] or one[6])
        found.append((opens, _clock(one[4], one[5], one[6])))
    return found


def _orders(text: str, heard: Heard, truth: Truth) -> Iterator[str]:
    for number in _ORDER.findall(text):
        if number not in truth.orders and number not in heard.written:
            yield f"order {number} isn't the shopper's"


def _amounts(text: str, heard: Heard, truth: Truth) -> Iterator[str]:
    for amount in amounts_in(text):
        if amount not in truth.amounts and f"{amount}" not in heard.written:
            yield f"the shop knows no amount of {amount}"


def _parcels(text: str, heard: Heard, truth: Truth) -> Iterator[str]:
    del heard
    for number in _PARCEL.findall(text):
        if number not in truth.codes:
            yield f"no parcel or return has the number {number}"


def _days(text: str, heard: Heard, truth: Truth) -> Iterator[str]:
    kept = [one for one in re.split(r"(?<=[.!?])\s+|\n", text) if not shows(one, "of_people")]
    for day in days_in("\n".join(kept), heard.today):
        if day in truth.dates or day in days_in(heard.written, heard.today):
            continue
        if not _is_weekday(text, day):
            yield f"nothing of the shop's is on {day}"


def _states(text: str, heard: Heard, truth: Truth) -> Iterator[str]:
    del heard
    for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
        bare = plain(sentence)
        if shows(bare, "denies") or "?" in bare:
            continue
        numbers = _ORDER.findall(sentence)
        order = numbers[0] if numbers else None
        known = truth.states.get(order or "")
        if known is None or shows(bare, "of_a_return"):
            continue
        for claim in signs.states():
            if re.search(claim.says, bare) and not known & claim.true_in:
                yield f"order {order} is {', '.join(sorted(known))}: {sentence.strip()}"


def _promos(text: str, heard: Heard, truth: Truth) -> Iterator[str]:
    for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
        for code in _CODE.findall(sentence):
            valid = truth.promos.get(code)
            works = shows(sentence, "code_works") and not shows(sentence, "denies")
            fails = shows(sentence, "code_fails")
            if valid is None and works:
                yield f"there is no code {code}"
            elif (valid is False and works) or (valid and fails):
                yield f"code {code} {'works' if valid else 'does not work'}"
    del heard


def _hours(text: str, heard: Heard, truth: Truth) -> Iterator[str]:
    if heard.about_people:
        return
    for span in spans_in(text):
        if span not in truth.hours:
            yield f"nothing is open from {span[0]} to {span[1]}"


def _is_weekday(text: str, day: date) -> bool:
    """Whether a day stands there with its own name, or as the one on which a shop opens."""
    names = _WEEKDAYS[day.weekday()]
    if shows(text, "opens_then"):
        return True
    return has(text, rf"\b({names})\b.{{0,6}}\b({day:%d/%m}|[a-z]+ {day.day})\b")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _decimal(text: str) -> Decimal:
    cents = re.search(r"[.,](\d{2})$", text)
    whole = re.sub(r"\D", "", text[: cents.start()] if cents else text)
    return Decimal(f"{whole}.{cents[1] if cents else '00'}")


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    number = int(hour) % 12 + 12 if half == "pm" else int(hour)
    return f"{number:02d}:{minute or '00'}"
