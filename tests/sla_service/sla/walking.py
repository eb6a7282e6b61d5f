"""Open time found the slow way: by asking of every minute whether the desk is open in it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sla_service.sla.business_time import Hours, Shifts
from sla_service.sla.instants import MINUTE, moment

_DAY = timedelta(days=1)


class Walk:
    """Counts like BusinessTime, minute by minute over the wall clock."""

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self._zone = ZoneInfo(hours.time_zone)

    def elapsed(self, start: int, end: int) -> int:
        """Open time between two instants."""
        return sum(till - since for since, till in self._open(start, end))

    def add(self, start: int, span: int, *, until: int) -> int | None:
        """The earliest instant with `span` elapsed; None when that is after `until`."""
        if span <= 0:
            return start
        for since, till in self._open(start, until):
            if till - since >= span:
                return since + span
            span -= till - since
        return None

    def is_open(self, at: int) -> bool:
        """Whether the desk is open in the minute that begins at or before an instant."""
        return self._is_open_at(self._wall(at // MINUTE * MINUTE))

    def _open(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        for minute in range(start // MINUTE * MINUTE, end, MINUTE):
            if self.is_open(minute):
                yield max(minute, start), min(minute + MINUTE, end)

    def _wall(self, minute: int) -> datetime:
        """What the wall shows; while it shows an hour again, the last minute of the first time."""
        local = moment(minute).astimezone(self._zone)
        while local.fold:
            minute -= MINUTE
            local = moment(minute).astimezone(self._zone)
        return local

    def _is_open_at(self, local: datetime) -> bool:
        today, minute = local.date(), local.hour * 60 + local.minute
        if today in self._hours.closed:
            return False
        return any(opens <= minute < closes for opens, closes in self._shifts(today)) or any(
            opens <= minute + 1440 < closes for opens, closes in self._shifts(today - _DAY)
        )

    def _shifts(self, day: date) -> Iterator[tuple[int, int]]:
        shifts: Shifts = self._hours.weekly.get(day.weekday(), ())
        if self._hours.always_open:
            shifts = ((0, 1440),)
        shifts = self._hours.special.get(day, shifts)
        for opens, closes in () if day in self._hours.closed else shifts:
            yield opens, closes if closes > opens else closes + 1440
