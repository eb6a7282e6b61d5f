"""Which days a report is about, as people count them where they are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_service.errors import DomainError
from sla_service.sla.business_time import FIRST_YEAR, LAST_YEAR, from_local
from sla_service.sla.instants import moment

TIME_ZONE = "America/Sao_Paulo"
"""Whose days are meant when nobody says."""
_USUAL_DAYS = 30


class UnknownTimeZone(DomainError):
    """There is no such time zone; write one like America/Sao_Paulo."""

    status = 422


class NoSuchPeriod(DomainError):
    """A period goes from a day to the same or a later one, between 1900 and 2199."""

    status = 422


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, as instants from `since` until before `until`."""

    since: datetime
    until: datetime
    zone: ZoneInfo

    @classmethod
    def of(
        cls,
        since: date | None,
        until: date | None,
        *,
        at: datetime,
        time_zone: str = TIME_ZONE,
    ) -> "Period":
        """Both days included; by default the 30 days up to today, which is the day of `at`.

        Raises UnknownTimeZone, NoSuchPeriod.
        """
        where = zone(time_zone)
        last = until or at.astimezone(where).date()
        first = since or last - timedelta(days=_USUAL_DAYS - 1)
        if not (FIRST_YEAR < first.year <= last.year < LAST_YEAR and first <= last):
            raise NoSuchPeriod(since=first.isoformat(), until=last.isoformat())
        return cls(midnight(first, where), midnight(last + timedelta(days=1), where), where)


def midnight(day: date, where: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return moment(from_local(datetime.combine(day, time()), where))


def zone(name: str) -> ZoneInfo:
    """The time zone of a name. Raises UnknownTimeZone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: part of a name is a folder on the disk
        raise UnknownTimeZone(time_zone=name[:100]) from None
