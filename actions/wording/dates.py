"""The day at the shop, and how each language writes a day."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAY = re.compile(r"-W-([1-7])(?:/P1W)?")
_AHEAD = re.compile(r"P(\d{1,3})D")
_ISO = re.compile(r"(?:(\d{4})-|--)(?:(\d\d)-|-)(\d\d)")


def today() -> date:
    """The day it is at the shop."""
    return day_of(datetime.fromtimestamp(time.time(), _zone()))


def day_of(instant: datetime) -> date:
    """The day at the shop on which `instant` falls."""
    return _local(instant).date()


def written(day: date, language: str, today: date) -> str:
    """`12/03` or `March 12`, with the year only when it isn't this one."""
    is_this_year = day.year == today.year
    if language == "en":
        text = f"{_MONTHS[day.month - 1]} {day.day}"
        return text if is_this_year else f"{text}, {day.year}"
    return f"{day:%d/%m}" if is_this_year else f"{day:%d/%m/%Y}"


def moment(instant: datetime, language: str, today: date) -> str:
    """`12/03 às 14:05` or `March 12 at 2:05 pm`, by the shop's clock."""
    day = written(day_of(instant), language, today)
    return f"{day} {'at' if language == 'en' else 'às'} {clock(_local(instant), language)}"


def clock(at: datetime | dt.time, language: str) -> str:
    """`14:05` or `2:05 pm`; full hours as `14h` and `2 pm`."""
    if language == "en":
        full = f"{at.hour % 12 or 12}"
        return f"{full}{f':{at:%M}' if at.minute else ''} {'pm' if at.hour >= 12 else 'am'}"
    return f"{at:%H:%M}" if at.minute else f"{at.hour}h"


def meant(value: str, today: date) -> date | None:
    """The next day that a `date` entity names; None for a span, or one that can't be a day."""
    if found := _WEEKDAY.fullmatch(value):
        ahead = (int(found[1]) - today.isoweekday()) % 7
        return today + timedelta(days=ahead)
    if found := _AHEAD.fullmatch(value):
        return today + timedelta(days=int(found[1]))
    if found := _ISO.fullmatch(value):
        try:
            return date(int(found[1] or today.year), int(found[2] or today.month), int(found[3]))
        except ValueError:
            return None
    return None


def short(day: date, language: str) -> str:
    """`12/03` or `Mar 12`, for a button."""
    return f"{_MONTHS[day.month - 1][:3]} {day.day}" if language == "en" else f"{day:%d/%m}"


def _local(instant: datetime) -> datetime:
    return instant.astimezone(_zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(os.environ.get("SHOP_TIMEZONE") or "America/Sao_Paulo")
