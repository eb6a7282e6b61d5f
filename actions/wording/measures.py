"""Measures and sizes worn elsewhere, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from actions.wording.plain import plain
from order_system.sizes import SizeChart

FOOT = "foot"
_INCH = Decimal("2.54")
_CENTIMETRE = Decimal("0.1")
_LABELS = {
    FOOT: "pe pes foot feet palmilha",
    "chest": "busto torax peito chest bust",
    "waist": "cintura waist cos",
    "hip": "quadril hip hips",
}
_LABEL_OF = {word: name for name, listed in _LABELS.items() for word in listed.split()}
_SYSTEMS = {
    "br": r"br|brasil\w*|brazil\w*|nacional",
    "us": r"us|usa|eua|americano|americana|american",
    "eu": r"eu(?= ?\d)|europa|europeu|europeia|european|europe",
    "uk": r"uk|ingles|inglesa|british|england|reino unido",
}
_TOKEN = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?|[a-z]+|\"|''")
_CM = frozenset({"cm", "cms", "centimetro", "centimetros", "centimeters", "centimetres"})
_INCHES = frozenset({"in", "inch", "inches", "polegada", "polegadas", '"', "''"})
# Heights, weights and ages say nothing that a chart could use.
_OTHER_UNITS = frozenset({"kg", "kgs", "kilos", "quilos", "m", "anos", "years", "lb", "lbs"})
_UNITS = _CM | _INCHES | _OTHER_UNITS
_WORN = re.compile(r"\b(?:wear|usually|take|size|uso|visto|calco|numero|normally)\b")
_LETTERS = re.compile(r"(?<![\w'])(pp|p|m|gg|g|xgg|xg|xxl|xxs|xl|xs|s|l)(?![\w'])")
_NEAR = 4
_SHOES = (Decimal(33), Decimal(48))
_FEET = (Decimal(20), Decimal(32))
_ABROAD_SHOES = (Decimal(2), Decimal(15))
_CLOTHES = (Decimal(32), Decimal(58))
_BODY = (Decimal(55), Decimal(140))


@dataclass(frozen=True)
class Measured:
    """What a message tells: lengths in cm by what was measured, or a size in some numbers."""

    cm: Mapping[str, Decimal] = field(default_factory=dict)
    worn: str | None = None
    system: str | None = None

    def __bool__(self) -> bool:
        return bool(self.cm or self.worn)


@dataclass(frozen=True)
class _Number:
    value: Decimal
    text: str
    label: str | None
    unit: str | None


def read(text: str, chart: SizeChart, language: str) -> Measured:
    """What can be used with this chart; nothing where the message has nothing of it."""
    said = plain(text)
    system = system_in(text)
    is_worn = system is not None or _WORN.search(said) is not None
    # "UK 8 in Nike": here "in" is no inch.
    units = _UNITS - {"in"} if is_worn else _UNITS
    numbers = [one for one in _numbers(said, units) if one.unit not in _OTHER_UNITS]
    if FOOT in chart.measures:
        return _shoes(numbers, system, language)
    return _clothes(said, numbers, system, chart)


def system_in(text: str) -> str | None:
    """`uk` where the message names the numbers of a country."""
    said = plain(text)
    return next((name for name, word in _SYSTEMS.items() if _is_said(word, said)), None)


def _shoes(numbers: Sequence[_Number], system: str | None, language: str) -> Measured:
    for one in numbers:
        length = _length(one)
        is_foot = one.unit is not None or one.label == FOOT
        if (is_foot or system is None) and _within(length, _FEET):
            return Measured(cm={FOOT: length})
        if _within(one.value, _SHOES):
            # A number of ours means ours; in English the same numbers are European.
            return Measured(worn=one.text, system=system or ("br" if language == "pt" else "eu"))
        if _within(one.value, _ABROAD_SHOES) and system in {"us", "uk"}:
            return Measured(worn=one.text, system=system)
    return Measured()


def _clothes(
    said: str, numbers: Sequence[_Number], system: str | None, chart: SizeChart
) -> Measured:
    cm = {one.label: _length(one) for one in numbers if one.label in chart.measures and one.label}
    if cm:
        return Measured(cm=cm)
    bodies = [_length(one) for one in numbers if _within(_length(one), _BODY)]
    if bodies and (len(bodies) > 1 or len(chart.measures) == 1):
        return Measured(cm=dict(zip(chart.measures, bodies, strict=False)))
    worn = [one for one in numbers if one.unit is None and _within(one.value, _CLOTHES)]
    if worn or (system and numbers):
        return Measured(worn=(worn or numbers)[0].text, system=system or "br")
    letters = _LETTERS.findall(said)
    return Measured(worn=letters[0].upper()) if letters else Measured()


def _numbers(said: str, units: frozenset[str]) -> Iterator[_Number]:
    """The numbers with their labels: before them ("busto 92"), else behind ("92 de busto")."""
    tokens = _TOKEN.findall(said)
    label: str | None = None
    spent = -1  # where a label stands that the number before it has taken
    for at, token in enumerate(tokens):
        if token in _LABEL_OF and at != spent:
            label = _LABEL_OF[token]
        elif token[0].isdigit():
            behind = _label_behind(tokens, at)
            if label is None and behind is not None:
                label, spent = _LABEL_OF[tokens[behind]], behind
            unit = next((one for one in tokens[at + 1 : at + 2] if one in units), None)
            number = token.replace(",", ".")
            yield _Number(Decimal(number), number, label, unit)
            label = None


def _label_behind(tokens: Sequence[str], at: int) -> int | None:
    """Where the label of a number stands, before the next number."""
    for behind in range(at + 1, min(at + _NEAR, len(tokens))):
        if tokens[behind][0].isdigit():
            return None
        if tokens[behind] in _LABEL_OF:
            return behind
    return None


def _length(one: _Number) -> Decimal:
    return (one.value * _INCH).quantize(_CENTIMETRE) if one.unit in _INCHES else one.value


def _within(value: Decimal, limits: tuple[Decimal, Decimal]) -> bool:
    return limits[0] <= value <= limits[1]


def _is_said(words: str, said: str) -> bool:
    return re.search(rf"\b(?:{words})\b", said) is not None
