"""Size charts: sizes in several countries' numbers, beside what a tape measures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from order_system.texts import Texts, in_language
from order_system.vocabulary import Fit

_NAMES: dict[str, Texts] = {
    "br": {"pt": "BR", "en": "BR"},
    "us": {"pt": "EUA", "en": "US"},
    "eu": {"pt": "EU", "en": "EU"},
    "uk": {"pt": "UK", "en": "UK"},
    "foot": {"pt": "pé", "en": "foot"},
    "chest": {"pt": "busto/tórax", "en": "chest"},
    "waist": {"pt": "cintura", "en": "waist"},
    "hip": {"pt": "quadril", "en": "hips"},
    "length": {"pt": "comprimento", "en": "length"},
}


@dataclass(frozen=True)
class Span:
    """From and to in centimetres; the same number twice where there is but one."""

    low: Decimal
    high: Decimal

    def __str__(self) -> str:
        return f"{self.low}" if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True)
class SizeRow:
    """One size: `size` as the shop writes it, `systems` as others do, `measures` in cm."""

    size: str
    systems: Mapping[str, str]
    measures: Mapping[str, Span]


@dataclass(frozen=True)
class SizeChart:
    """The sizes of some goods, smallest first; `gender` is women, men or unisex."""

    ref: str
    title: Texts
    categories: tuple[str, ...]
    gender: str
    rows: tuple[SizeRow, ...]
    how_to_measure: Texts
    note: Texts = field(default_factory=dict)
    url: str | None = None
    has_image: bool = False

    @property
    def systems(self) -> tuple[str, ...]:
        """The countries' numbers it knows, in its own order."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.systems))

    @property
    def measures(self) -> tuple[str, ...]:
        """What it wants measured, the most telling first."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.measures))

    def rows_of(self, size: str, system: str | None = None) -> tuple[SizeRow, ...]:
        """The rows of a size in a country's number, or in the shop's own words without one.

        More than one where two of the shop's sizes share a number abroad, none for no size.
        """
        wanted = _plain(size)
        return tuple(
            row
            for row in self.rows
            if wanted in _spellings(row.size if system is None else row.systems.get(system, ""))
        )

    def rows_around(self, size: str, system: str) -> tuple[SizeRow, ...]:
        """The two rows between which a country's number lies; none outside of the chart."""
        wanted = _as_number(size)
        known = [(_as_number(row.systems.get(system, "")), row) for row in self.rows]
        for (low, smaller), (high, larger) in pairwise(known):
            if wanted is not None and low is not None and high is not None and low < wanted < high:
                return smaller, larger
        return ()


@dataclass(frozen=True)
class Recommendation:
    """The size to take; `other` is the neighbour when it lies between two.

    `measured` names the measure that decided, so that the reason can be told.
    """

    fit: Fit
    row: SizeRow | None
    other: SizeRow | None
    measured: str


def recommend(chart: SizeChart, measured: Mapping[str, Decimal]) -> Recommendation | None:
    """The size for these measures in cm: each one finds its row, and the largest row wins.

    A garment too tight can't be worn; one that is a little loose can. None when the chart has
    none of the measures.
    """
    found = [
        (*_place(chart, name, measured[name]), name) for name in chart.measures if name in measured
    ]
    if not found:
        return None
    position, fit, name = max(found, key=lambda one: one[0])
    row = chart.rows[position]
    if fit is Fit.BETWEEN:
        return Recommendation(fit, row, chart.rows[position - 1], name)
    return Recommendation(fit, row, None, name)


def as_text(chart: SizeChart, language: str) -> str:
    """The chart as lines to read in a message: a title, a line per size, how to measure."""
    lines = [in_language(chart.title, language)]
    for row in chart.rows:
        abroad = [
            f"{title(name, language)} {number}"
            for name, number in row.systems.items()
            if number and number != row.size
        ]
        in_cm = [f"{title(name, language)} {span} cm" for name, span in row.measures.items()]
        lines.append(f"{row.size}: {_decimal(', '.join(in_cm + abroad), language)}")
    lines.append(in_language(chart.how_to_measure, language))
    return "\n".join(line for line in lines if line)


def title(column: str, language: str) -> str:
    """The name of a measure or of a country's numbers; the shop's own word for others."""
    return in_language(_NAMES.get(column, {language: column}), language)


def _place(chart: SizeChart, name: str, value: Decimal) -> tuple[int, Fit]:
    """The row for one measure: inside its span, or the next larger one."""
    spans = [
        (position, row.measures[name])
        for position, row in enumerate(chart.rows)
        if name in row.measures
    ]
    for position, span in spans:
        if span.low <= value <= span.high:
            return position, Fit.EXACT
    if value < spans[0][1].low:
        return spans[0][0], Fit.SMALLER_THAN_ALL
    larger = [position for position, span in spans if span.low > value]
    return (larger[0], Fit.BETWEEN) if larger else (spans[-1][0], Fit.LARGER_THAN_ALL)


def _spellings(numbers: str) -> frozenset[str]:
    """`38/39`, `38-39` and `38` as they may be asked for."""
    whole = _plain(numbers)
    return frozenset({whole, *(part for part in whole.replace("-", "/").split("/") if part)})


def _plain(size: str) -> str:
    return size.strip().upper().replace(",", ".").replace(" ", "")


def _decimal(text: str, language: str) -> str:
    return text.replace(".", ",") if language.startswith("pt") else text


def _as_number(size: str) -> Decimal | None:
    try:
        return Decimal(size.strip().replace(",", "."))
    except InvalidOperation:
        return None
