"""How days are written and said, in ISO 8601 as far as the words go.

A dash stands for each part that isn't said: "--03-12" is a 12th of March, "---12" some 12th,
"-W-5" a Friday. Counted from the day of the message are "P0D" (today), "-P1D" (yesterday), "P1W"
(next week); "-W-5/P1W" is the Friday of next week and "-W-5/-P1W" the last one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.components.value_tables import COUNTS, MONTHS, RELATIVE_DAYS, UNITS, WEEKDAYS

Value = Callable[[re.Match[str]], "str | None"]

_MOST_MONTHS = 12
_MONTH = "|".join(f"{month}[a-z]*" for month in MONTHS)
_DAY = r"[12]\d|3[01]|0?[1-9]"
_RELATIVE = "|".join(sorted(RELATIVE_DAYS, key=len, reverse=True))
_COUNT = rf"\d{{1,2}}|{'|'.join(COUNTS)}"
_UNIT = "|".join(UNITS)
_WEEKDAY = rf"(?P<w>{'|'.join(WEEKDAYS)})(?:s?[ -]feiras?)?"
_NEXT = r"proxim[oa]|next"
_LAST = r"ultim[oa]|last|past"
# "Segunda" and "quarta" are "second" and "fourth" too.
_DAY_NAMES = r"(?:segunda|terca|quarta|quinta|sexta)[ -]feiras?|sabados?|domingos?|quinta|sexta"
_ENGLISH = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_NOT_A_DAY = r"(?! via\b| vez\b| opcao\b| parcela\b| compra\b| parte\b| tentativa\b)"


def _written(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    day, month, year = int(parts["d"]), parts.get("m"), parts.get("y")
    if month is None:
        return f"---{day:02}"
    number = int(month) if month.isdigit() else MONTHS[month[:3]]
    if number > _MOST_MONTHS >= day:  # as Americans write it
        number, day = day, number
    if number > _MOST_MONTHS:
        return None
    if year is None:
        return f"--{number:02}-{day:02}"
    return f"{int(year) + (2000 if len(year) == 2 else 0)}-{number:02}-{day:02}"


def _relative(match: re.Match[str]) -> str:
    return RELATIVE_DAYS[match["v"]]


def _counted(match: re.Match[str]) -> str:
    number = match["n"]
    count = int(number) if number.isdigit() else COUNTS[number]
    sign = "" if match.groupdict().get("ahead") else "-"
    return f"{sign}P{count}{UNITS[match['u']]}"


def _weekday(match: re.Match[str]) -> str:
    named = match["v"]
    day = f"-W-{next(number for word, number in WEEKDAYS.items() if word in named)}"
    if re.search(rf"\b(?:{_LAST}|passad[oa])\b", named):
        return f"{day}/-P1W"
    return f"{day}/P1W" if re.search(rf"\b(?:{_NEXT}|que vem)\b", named) else day


DATES: tuple[tuple[re.Pattern[str], Value], ...] = (
    (re.compile(rf"(?<![\w/])(?P<v>(?P<y>20\d\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>{_DAY}))\b"), _written),
    (
        re.compile(
            r"(?<![\d/.-])(?P<v>(?P<d>0?[1-9]|[12]\d|3[01])(?P<s>[/.-])(?P<m>0?[1-9]|[12]\d|3[01])"
            r"(?P=s)(?P<y>(?:20)?\d\d))(?![\d/-])"
        ),
        _written,
    ),
    (
        re.compile(
            r"(?<![\d/])(?P<v>(?P<d>0?[1-9]|[12]\d|3[01])/(?P<m>0?[1-9]|[12]\d|3[01]))(?![\d/])"
        ),
        _written,
    ),
    (
        re.compile(
            rf"\b(?P<v>(?P<d>{_DAY})(?:st|nd|rd|th|o|º)? (?:de |of )?(?P<m>{_MONTH})"
            r"(?:,? (?:de )?(?P<y>20\d\d))?)\b"
        ),
        _written,
    ),
    (
        re.compile(
            rf"\b(?P<v>(?P<m>{_MONTH}) (?P<d>{_DAY})(?:st|nd|rd|th)?(?:,? (?P<y>20\d\d))?)\b"
        ),
        _written,
    ),
    (re.compile(rf"\b(?P<v>dia (?P<d>{_DAY}))\b(?![/:])"), _written),
    (re.compile(rf"\b(?P<v>the (?P<d>{_DAY})(?:st|nd|rd|th))\b"), _written),
    (re.compile(rf"\b(?P<v>{_RELATIVE})\b"), _relative),
    (
        re.compile(rf"\b(?P<v>(?:ha|faz|fazem) (?:uns |umas )?(?P<n>{_COUNT}) (?P<u>{_UNIT}))\b"),
        _counted,
    ),
    (
        re.compile(rf"\b(?P<v>(?P<n>{_COUNT}) (?P<u>{_UNIT}) (?:atras|ago))\b"),
        _counted,
    ),
    (
        re.compile(rf"\b(?P<v>(?P<ahead>daqui(?: a)?) (?P<n>{_COUNT}) (?P<u>{_UNIT}))\b"),
        _counted,
    ),
    (
        re.compile(
            rf"\b(?P<v>(?:{_NEXT}|{_LAST}) {_WEEKDAY}|(?P<w2>{_DAY_NAMES})"
            rf"(?: que vem| passad[oa])?|{_ENGLISH})\b{_NOT_A_DAY}"
        ),
        _weekday,
    ),
    (
        re.compile(
            r"\b(?:na|ate|essa|nesta|nessa|toda|desde|de) (?P<v>(?:segunda|quarta|terca)"
            rf"(?: que vem| passada)?)\b{_NOT_A_DAY}"
        ),
        _weekday,
    ),
)
"""Patterns in the order in which they are looked for, each with the value of what it finds."""
