"""When a team is left in peace."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the local day, in minutes since midnight; they may pass midnight."""

    begins: int
    ends: int
    time_zone: str

    def until(self, at: datetime) -> datetime | None:
        """When the quiet hours end that `at` lies in; None when it lies in none."""
        zone = ZoneInfo(self.time_zone)
        local = at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        since_begin = (minute - self.begins) % _DAY
        if since_begin >= (self.ends - self.begins) % _DAY:
            return None
        is_tomorrow = minute >= self.ends
        day = local.date() + timedelta(days=1 if is_tomorrow else 0)
        end = datetime.combine(day, time(self.ends // 60, self.ends % 60), zone).astimezone(UTC)
        # Where clocks go back, an hour happens twice, and its first end may have passed.
        return end if end > at else end.astimezone(zone).replace(fold=1).astimezone(UTC)
