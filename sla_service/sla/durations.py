"""Durations as people write them in a policy: "5 min", "2 h", "1h30", "PT30M"."""

import re
from datetime import timedelta
from decimal import Decimal

from sla_service.sla.problems import Remark, Wrong, about

LONGEST = timedelta(days=3660)
_ONE = timedelta(microseconds=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_UNITS = {
    timedelta(seconds=1): "s sec secs second seconds seg segs segundo segundos",
    _MINUTE: "m min mins minute minutes minuto minutos",
    _HOUR: "h hr hrs hour hours hora horas",
    timedelta(days=1): "d day days dia dias",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_NEXT = {_HOUR: _MINUTE, _MINUTE: timedelta(seconds=1)}
_NUMBER = r"\d{1,12}(?:[.,]\d{1,6})?"
_PIECE = re.compile(rf"\s*({_NUMBER})\s*([a-z]*)\.?", re.IGNORECASE | re.ASCII)
_ISO = re.compile(
    rf"P(?:({_NUMBER})W)?(?:({_NUMBER})D)?"
    rf"(?:T(?=\d)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?",
    re.IGNORECASE | re.ASCII,
)
_ISO_UNITS = (timedelta(weeks=1), timedelta(days=1), _HOUR, _MINUTE, timedelta(seconds=1))


class NotADuration(Wrong):
    """A text that means no length of time, or none that a promise can have."""

    def __init__(self, remark: Remark | None = None) -> None:
        super().__init__(remark or about("no_duration"))


def read(text: str) -> timedelta:
    """The length of time that `text` means, above zero. Raises NotADuration.

    A day is 24 hours. After hours and minutes the last unit may be left out: `1h30`.
    """
    text = text.strip()
    total = _iso(text) if text[:1] in {"P", "p"} else _spoken(text)
    if total <= 0:
        raise NotADuration(about("no_time"))
    if total != int(total):
        raise NotADuration(about("too_fine"))
    if total > LONGEST // _ONE:
        raise NotADuration(about("too_long_time"))
    return timedelta(microseconds=int(total))


def write(duration: timedelta) -> str:
    """The same as people would write it; never in days, which open hours make misleading."""
    hours, rest = divmod(duration, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    seconds = Decimal(rest // _ONE) / Decimal(1_000_000)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    return (
        " ".join(
            f"{amount:f} {unit}" if unit == "s" else f"{amount} {unit}"
            for amount, unit in parts
            if amount
        )
        or "0 s"
    )


def _iso(text: str) -> Decimal:
    found = _ISO.fullmatch(text)
    if found is None or not any(found.groups()):
        raise NotADuration
    amounts = zip(found.groups(), _ISO_UNITS, strict=True)
    return sum((_span(amount, unit) for amount, unit in amounts if amount), Decimal(0))


def _spoken(text: str) -> Decimal:
    total, place, last = Decimal(0), 0, None
    while place < len(text):
        found = _PIECE.match(text, place)
        if found is None:
            raise NotADuration
        word = found[2].lower()
        unit = _UNIT_OF.get(word) if word else _NEXT.get(last) if last else None
        if unit is None and not word and last is None and found.end() == len(text):
            raise NotADuration(about("no_unit", number=text))
        if unit is None or (last is not None and unit >= last):
            raise NotADuration
        total += _span(found[1], unit)
        place, last = found.end(), unit
    if last is None:
        raise NotADuration
    return total


def _span(amount: str, unit: timedelta) -> Decimal:
    """In microseconds, exactly."""
    return Decimal(amount.replace(",", ".")) * (unit // _ONE)
