"""Hours of a week as people write them: `seg a sex 10h–20h`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from actions.wording import dates, words
from order_system.stores import DAYS, Hours, Store


def week(store: Store, language: str) -> str:
    """The days that share their hours together, the closed ones left out."""
    groups: list[tuple[list[str], tuple[Hours, ...]]] = []
    for day in DAYS:
        hours = store.weekly.get(day, ())
        if groups and groups[-1][1] == hours:
            groups[-1][0].append(day)
        else:
            groups.append(([day], hours))
    return ", ".join(
        f"{_days(days, language)} {of_day(hours, language)}" for days, hours in groups if hours
    )


def of_day(hours: Sequence[Hours], language: str) -> str:
    """`10h–12h e 13h–18h`."""
    spans = [f"{dates.clock(one.opens, language)}–{_closes(one, language)}" for one in hours]
    return words.listed(spans, language)


def weekday(day: date, language: str) -> str:
    """`sábado`."""
    return words.word("store", "weekdays", DAYS[day.weekday()], language)


def _days(days: Sequence[str], language: str) -> str:
    first, last = (words.word("store", "short", day, language) for day in (days[0], days[-1]))
    if len(days) == 1:
        return first
    return f"{first} {'to' if language == 'en' else 'a'} {last}"


def _closes(one: Hours, language: str) -> str:
    if one.closes == time(0):
        return words.word("store", "short", "midnight", language)
    return dates.clock(one.closes, language)
