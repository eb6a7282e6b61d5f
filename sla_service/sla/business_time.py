"""Business time: the open hours of a calendar as sorted instants, counted by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, chain
from typing import cast
from zoneinfo import ZoneInfo

from sla_service.errors import DomainError
from sla_service.sla.instants import HOUR, instant, micros, moment

Shifts = tuple[tuple[int, int], ...]
"""Pairs of opening and closing in minutes of the local day; closing not after opening: next day."""

MIDNIGHT = 1440
"""The minute of the local day at which it ends."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
_WALL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a local time
_ALL_DAY: Shifts = ((0, MIDNIGHT),)
_DAY, _WEEK, _YEAR = timedelta(days=1), timedelta(days=7), timedelta(days=365)
_EARLIEST = instant(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
_LATEST = instant(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC))
_MARGIN = 48 * HOUR  # local and UTC years begin less than this apart


class NeverOpen(DomainError):
    """The calendar has no open time within a year."""

    status = 422


class TooFar(DomainError):
    """Business time is reckoned from 1900 to 2199 only."""

    status = 422


@dataclass(frozen=True, slots=True)
class Hours:
    """When a desk is open, by the clock on its wall."""

    time_zone: str
    weekly: Mapping[int, Shifts] = field(default_factory=dict)
    """Weekday, Monday is 0 → the shifts that begin on it."""
    closed: frozenset[date] = frozenset()
    """Dates with no open time: none of their shifts begins, and a night before ends at 00:00."""
    special: Mapping[date, Shifts] = field(default_factory=dict)
    """Dates whose shifts replace those of the weekday."""
    always_open: bool = False
    """Every date from 00:00 to 24:00, instead of `weekly`."""

    def beginning_on(self, day: date) -> Shifts:
        """The shifts that begin on a local date."""
        if day in self.closed:
            return ()
        if day in self.special:
            return self.special[day]
        return _ALL_DAY if self.always_open else self.weekly.get(day.weekday(), ())


class BusinessTime:
    """Counts open time: whole microseconds, instants since 1970 UTC.

    Years are indexed when first asked about and kept: an answer takes about a microsecond.
    Raises TooFar for instants outside 1900 to 2199.
    """

    __slots__ = ("_hours", "_index", "_years", "_zone")

    def __init__(self, hours: Hours) -> None:
        """Raises NeverOpen when these hours leave a year without open time."""
        _refuse_a_year_of_rest(hours)
        self._hours = hours
        self._zone = ZoneInfo(hours.time_zone)
        self._years: dict[int, list[tuple[int, int]]] = {}
        self._index = _NOTHING

    @property
    def time_zone(self) -> str:
        """The zone of the clock on the wall."""
        return self._hours.time_zone

    def elapsed(self, start: int, end: int) -> int:
        """Business time between two instants; 0 when `end` is not after `start`."""
        if end <= start:
            return 0
        index = self._index
        if start < index.low or end > index.high:
            index = self._reach(start, end)
        return index.opened(end) - index.opened(start)

    def add(self, start: int, span: int) -> int:
        """The earliest instant at which `span` of business time has passed since `start`."""
        if span <= 0:
            return start
        index = self._index
        if start < index.low or start > index.high:
            index = self._reach(start, start)
        while (wanted := index.opened(start) + span) > index.cumulative[-1]:
            index = self._reach(start, index.high)
        place = bisect_left(index.cumulative, wanted)
        return index.ends[place] - (index.cumulative[place] - wanted)

    def is_open(self, at: int) -> bool:
        """Whether business time passes right after an instant: open at opening, not at closing."""
        index = self._reach(at, at)
        return at < index.ends[bisect_right(index.starts, at) - 1]

    def next_open(self, at: int) -> int:
        """The earliest open instant that is not before `at`."""
        return self.add(at, 1) - 1

    def _reach(self, start: int, end: int) -> "_Index":
        """An index over both instants and what it covers already, at least a day beyond `end`."""
        if start < _EARLIEST or end >= _LATEST:
            raise TooFar
        first = min((moment(start - _MARGIN).year, *self._years))
        last = max((moment(end + _MARGIN).year, *self._years))
        if first not in self._years or last not in self._years:
            for year in range(first, last + 1):
                if year not in self._years:
                    self._years[year] = _open_spans(self._hours, self._zone, year)
            spans = chain.from_iterable(self._years[year] for year in range(first, last + 1))
            self._index = _Index.of(
                from_local(datetime(first, 1, 1), self._zone),  # noqa: DTZ001 - a local time
                from_local(datetime(last + 1, 1, 1), self._zone),  # noqa: DTZ001 - a local time
                spans,
            )
        return self._index


def from_local(local: datetime, zone: ZoneInfo) -> int:
    """The instant of a naive local time; never earlier for a later local time.

    A time that the zone skips is the instant of the change; one that it repeats, the first.
    """
    offset, other = _offset(local, zone), _offset(local.replace(fold=1), zone)
    first = micros(local - _WALL_EPOCH - offset)
    if offset >= other:  # an ordinary time, or the first of two
        return first
    return _change_between(micros(local - _WALL_EPOCH - other), first, zone)


@dataclass(frozen=True, slots=True)
class _Index:
    low: int
    high: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    cumulative: tuple[int, ...]
    """Open time from `low` to each end."""

    @classmethod
    def of(cls, low: int, high: int, spans: Iterable[tuple[int, int]]) -> "_Index":
        # The empty first span stands to the left of every instant: no bisection finds nothing.
        starts, ends = zip((low, low), *spans, strict=True)
        lengths = (end - start for start, end in zip(starts, ends, strict=True))
        return cls(low, high, starts, ends, tuple(accumulate(lengths)))

    def opened(self, at: int) -> int:
        """Open time from `low` to an instant that is not before it."""
        place = bisect_right(self.starts, at) - 1
        left = self.ends[place] - at
        return self.cumulative[place] - left if left > 0 else self.cumulative[place]


_NOTHING = _Index.of(_LATEST, _EARLIEST, ())


def _open_spans(hours: Hours, zone: ZoneInfo, year: int) -> list[tuple[int, int]]:
    """The open spans of a local year, sorted and apart."""
    spans: list[tuple[int, int]] = []
    for opens, closes in sorted(_as_instants(hours, zone, year)):
        if spans and opens <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], closes))
        elif opens < closes:
            spans.append((opens, closes))
    return spans


def _as_instants(hours: Hours, zone: ZoneInfo, year: int) -> Iterator[tuple[int, int]]:
    day = date(year, 1, 1)
    while day.year == year:
        midnight = datetime.combine(day, time())
        for opens, closes in _open_minutes(hours, day):
            yield (
                from_local(midnight + timedelta(minutes=opens), zone),
                from_local(midnight + timedelta(minutes=closes), zone),
            )
        day += _DAY


def _open_minutes(hours: Hours, day: date) -> Iterator[tuple[int, int]]:
    """What is open of a local date: its shifts up to midnight, and the rest of the night before."""
    if day in hours.closed:
        return
    for opens, closes in hours.beginning_on(day):
        yield opens, closes if closes > opens else MIDNIGHT
    for opens, closes in hours.beginning_on(day - _DAY):
        if closes <= opens:
            yield 0, closes


def _offset(local: datetime, zone: ZoneInfo) -> timedelta:
    # Called without a datetime of that zone: half the time of an index goes into these.
    return cast("timedelta", zone.utcoffset(local))


def _change_between(before: int, after: int, zone: ZoneInfo) -> int:
    """The first instant after `before`, up to `after`, at which the zone's offset is another."""
    offset = moment(before).astimezone(zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if moment(middle).astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _refuse_a_year_of_rest(hours: Hours) -> None:
    """Refuse hours that leave a promise without a deadline, before anybody relies on them."""
    if not hours.always_open and not any(hours.weekly.values()):
        raise NeverOpen
    changed = sorted(hours.closed | hours.special.keys())
    if not changed:
        return
    day, end, rest = changed[0] - _WEEK, changed[-1] + _WEEK, 0
    while day < end:
        rest = 0 if hours.beginning_on(day) else rest + 1
        if rest >= _YEAR.days:
            raise NeverOpen
        day += _DAY
