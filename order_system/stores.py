"""Where a shop is and when somebody is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from order_system.addresses import Address
from order_system.texts import Texts

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_A_YEAR = 366


@dataclass(frozen=True)
class Hours:
    """From and to on one day, both on the same date; `closes` of midnight is the day's end."""

    opens: time
    closes: time


@dataclass(frozen=True)
class SpecialDay:
    """A date with hours of its own; none when it is closed."""

    hours: tuple[Hours, ...]
    because: Texts


@dataclass(frozen=True)
class Store:
    """A shop with a door, or a service with hours (`address` is None)."""

    ref: str
    name: Texts
    time_zone: str
    weekly: Mapping[str, tuple[Hours, ...]]
    special: Mapping[date, SpecialDay]
    address: Address | None = None
    latitude: float | None = None
    longitude: float | None = None
    phone: str | None = None
    url: str | None = None
    services: tuple[Texts, ...] = field(default_factory=tuple)

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """When it is open on this day, a special day before the week's."""
        special = self.special.get(day)
        return special.hours if special else self.weekly.get(DAYS[day.weekday()], ())

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at this instant."""
        local = at.astimezone(ZoneInfo(self.time_zone))
        return any(
            one.opens <= local.time() and (local.time() < one.closes or one.closes == time(0))
            for one in self.hours_on(local.date())
        )

    def opens_next(self, at: datetime) -> datetime | None:
        """The next opening after this instant, in the store's own zone; None within a year."""
        zone = ZoneInfo(self.time_zone)
        today = at.astimezone(zone).date()
        for ahead in range(_A_YEAR):
            day = today + timedelta(days=ahead)
            for hours in self.hours_on(day):
                opening = datetime.combine(day, hours.opens, zone)
                if opening > at:
                    return opening
        return None
