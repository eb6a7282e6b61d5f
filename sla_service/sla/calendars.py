"""Calendar documents: opening hours, holidays and exceptions as a manager writes them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

import holidays as published
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from sla_service.sla.business_time import (
    FIRST_YEAR,
    LAST_YEAR,
    MIDNIGHT,
    BusinessTime,
    Hours,
    NeverOpen,
    Shifts,
)
from sla_service.sla.problems import Wrong, about, unknown

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _is_a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: part of a name is a folder on the disk
        raise Wrong(about("no_time_zone", name=name)) from None
    return name


def _are_days(text: str) -> str:
    list(_weekdays(text))
    return text


def _is_a_shift(text: str) -> str:
    _minutes(text)
    return text


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return value


def _has_one(texts: tuple[str, ...]) -> tuple[str, ...]:
    if not texts:
        raise Wrong(about("no_shift_named"))
    return texts


def _first_and_last(value: Any) -> Any:
    match value:
        case [int(first), int(last)] if first <= last:
            return value
    raise Wrong(about("no_years"))


def _as_date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if _DATE.fullmatch(value) else None
        except ValueError:
            raise Wrong(about("no_such_day")) from None
    if type(value) is not date:  # a datetime is one too, and an integer would be read as seconds
        raise Wrong(about("no_date"))
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Wrong(about("dates_range", first=FIRST_YEAR, last=LAST_YEAR))
    return value


def _with_reasons(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {day: "" if reason is None else reason for day, reason in value.items()}
    if isinstance(value, list | tuple) and all(isinstance(day, str | date) for day in value):
        return dict.fromkeys(value, "")
    return value


Zone = Annotated[str, AfterValidator(_is_a_zone)]
Days = Annotated[str, AfterValidator(_are_days)]
Date = Annotated[date, BeforeValidator(_as_date)]
ShiftTexts = Annotated[
    tuple[Annotated[str, AfterValidator(_is_a_shift)], ...],
    BeforeValidator(_listed),
    AfterValidator(_has_one),
]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class Holidays(BaseModel):
    """Public holidays of a country, and of a part of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: str = Field(description="ISO 3166 code, such as BR")
    subdivision: str | None = Field(None, description="State or region, such as SP")
    years: Annotated[tuple[Year, Year], BeforeValidator(_first_and_last)] = Field(
        description="First and last year"
    )

    @model_validator(mode="after")
    def _are_known(self) -> Self:
        try:
            published.country_holidays(self.country, subdiv=self.subdivision)
        except NotImplementedError:
            remark = about("no_holidays", country=self.country)
            if self.subdivision:
                remark = about("no_holidays_of_part", country=self.country, part=self.subdivision)
            raise Wrong(remark) from None
        return self

    def by_date(self) -> dict[date, str]:
        """The name of every holiday, as the library has them today."""
        first, last = self.years
        found = published.country_holidays(
            self.country, subdiv=self.subdivision, years=range(first, last + 1)
        )
        return dict(sorted(found.items()))


class CalendarDocument(BaseModel):
    """One calendar, in the words of docs/calendars.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time_zone: Zone
    hours: dict[Days, ShiftTexts] = {}
    always_open: bool = False
    holidays: Holidays | None = None
    open: Annotated[tuple[Date, ...], BeforeValidator(_listed)] = ()
    closed: Annotated[dict[Date, str], BeforeValidator(_with_reasons)] = {}
    special: dict[Date, ShiftTexts] = {}

    @field_validator("hours")
    @classmethod
    def _names_a_day_once(cls, hours: dict[str, Any]) -> dict[str, Any]:
        seen: dict[int, str] = {}
        for text in hours:
            for day in _weekdays(text):
                if day in seen:
                    twice = about("day_twice", day=_WEEK[day], first=seen[day], second=text)
                    raise Wrong(twice)
                seen[day] = text
        return hours

    @field_validator("closed", "special")
    @classmethod
    def _contradicts_nothing(cls, dates: dict[date, Any], info: ValidationInfo) -> dict[date, Any]:
        name = info.field_name or ""
        for earlier in {"closed": ("open",), "special": ("closed",)}[name]:
            for day in sorted(dates.keys() & set(info.data.get(earlier, ()))):
                raise Wrong(about("date_twice", day=str(day), first=earlier, second=name))
        return dates

    @model_validator(mode="after")
    def _is_open_at_times(self) -> Self:
        if self.always_open == bool(self.hours):
            raise Wrong(about("hours_both") if self.hours else about("hours_neither"))
        try:
            BusinessTime(_hours(self))
        except NeverOpen:
            raise Wrong(about("never_open")) from None
        return self


def read(document: CalendarDocument | Mapping[str, Any]) -> Hours:
    """The hours a document means, holidays included; raises pydantic's ValidationError."""
    return _hours(freeze(CalendarDocument.model_validate(document)))


def freeze(document: CalendarDocument) -> CalendarDocument:
    """The same calendar with its holidays written out as closed dates, each with its name.

    What is frozen means the same for ever, whatever a later version of the library knows.
    Dates in `open` or with special hours are no holidays here.
    """
    if document.holidays is None:
        return document
    kept = {*document.open, *document.special}
    found = {day: name for day, name in document.holidays.by_date().items() if day not in kept}
    closed = dict(sorted((found | document.closed).items()))
    return document.model_copy(update={"holidays": None, "open": (), "closed": closed})


def write(hours: Hours) -> CalendarDocument:
    """A document that means these hours; why a date is closed they don't know."""
    week = [(day, hours.weekly.get(day, ())) for day in range(len(_WEEK))]
    runs = [list(run) for _, run in groupby(week, key=lambda one: one[1])]
    return CalendarDocument(
        time_zone=hours.time_zone,
        hours={
            "-".join(dict.fromkeys((_WEEK[run[0][0]], _WEEK[run[-1][0]]))): _texts(run[0][1])
            for run in runs
            if run[0][1] and not hours.always_open
        },
        always_open=hours.always_open,
        closed=dict.fromkeys(sorted(hours.closed), ""),
        special={day: _texts(shifts) for day, shifts in sorted(hours.special.items())},
    )


def _hours(document: CalendarDocument) -> Hours:
    return Hours(
        time_zone=document.time_zone,
        weekly={
            day: _shifts(texts) for days, texts in document.hours.items() for day in _weekdays(days)
        },
        closed=frozenset(document.closed),
        special={day: _shifts(texts) for day, texts in document.special.items()},
        always_open=document.always_open,
    )


def _weekdays(text: str) -> Iterator[int]:
    """`mon-wed,fri` is 0, 1, 2, 4; `sat-mon` goes over the end of the week."""
    for part in text.lower().split(","):
        first, _, last = (word.strip() for word in part.partition("-"))
        for word in (first, last or first):
            if word not in _WEEK:
                raise Wrong(unknown(word, _WEEK, about("day")))
        start, end = _WEEK.index(first), _WEEK.index(last or first)
        yield from (day % 7 for day in range(start, end + 1 if start <= end else end + 8))


def _shifts(texts: tuple[str, ...]) -> Shifts:
    return tuple(map(_minutes, texts))


def _minutes(text: str) -> tuple[int, int]:
    found = _SHIFT.fullmatch(text.strip())
    if found is None:
        raise Wrong(about("no_shift", text=text))
    hour, minute, last_hour, last_minute = map(int, found.groups())
    opens, closes = hour * 60 + minute, last_hour * 60 + last_minute
    if minute > 59 or last_minute > 59 or opens >= MIDNIGHT or closes > MIDNIGHT:
        raise Wrong(about("beyond_day", text=text))
    return opens, closes


def _texts(shifts: Shifts) -> tuple[str, ...]:
    return tuple(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in shifts)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
