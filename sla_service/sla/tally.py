"""Promises counted: how many were kept, by metric, policy, priority and hour of the day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sla_service.sla.clocks import Clock, ClockState
from sla_service.sla.instants import moment
from sla_service.sla.policy import Metric


class Outcome(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    LATE = "late"
    """Its deadline passed, whether or not it was answered, cancelled or taken up afterwards."""
    CANCELLED = "cancelled"
    """Nothing was owed any more before the deadline came."""
    RUNNING = "running"


_OUTCOMES = {ClockState.FULFILLED: Outcome.KEPT, ClockState.CANCELLED: Outcome.CANCELLED}


def outcome(clock: Clock) -> Outcome:
    """What became of a clock; a breach is never taken back."""
    if clock.breached_at is not None:
        return Outcome.LATE
    return _OUTCOMES.get(clock.state, Outcome.RUNNING)


class Kind(NamedTuple):
    """What promises are counted by."""

    metric: Metric
    policy: str
    priority: str
    hour: int
    """Of the local day, in which the promise was made."""


@dataclass(slots=True)
class Counts:
    """How many promises of a kind ended how."""

    kept: int = 0
    late: int = 0
    cancelled: int = 0
    running: int = 0

    @property
    def percent(self) -> float | None:
        """Kept, of those that were decided; None: none was."""
        return percentage(self.kept, self.late)

    def add(self, became: Outcome) -> None:
        """Count one more."""
        setattr(self, became.value, getattr(self, became.value) + 1)

    def __iadd__(self, other: "Counts") -> "Counts":
        self.kept += other.kept
        self.late += other.late
        self.cancelled += other.cancelled
        self.running += other.running
        return self


class Tally:
    """Counts of every kind of promise; its size does not grow with the tickets."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._counts: defaultdict[Kind, Counts] = defaultdict(Counts)

    def add(self, clock: Clock, policy: str, priority: str) -> None:
        """Count a clock; one that promises nothing is not counted."""
        if clock.target is None and not clock.fired:
            return
        hour = moment(clock.started_at).astimezone(self._zone).hour
        self._counts[Kind(clock.metric, policy, priority, hour)].add(outcome(clock))

    def total(self) -> Counts:
        """All of them."""
        return _sum(self._counts.values())

    def by(self, *names: str) -> dict[tuple[Any, ...], Counts]:
        """Counts by some of what a `Kind` has, in order."""
        found: defaultdict[tuple[Any, ...], Counts] = defaultdict(Counts)
        for kind, counts in self._counts.items():
            found[tuple(getattr(kind, name) for name in names)] += counts
        return dict(sorted(found.items(), key=lambda one: _place(one[0])))


def percentage(kept: int, late: int) -> float | None:
    """Kept of those decided, in percent with two decimals; None: none was decided."""
    return round(100 * kept / (kept + late), 2) if kept + late else None


_METRICS = {metric: place for place, metric in enumerate(Metric)}
_PRIORITIES = {"urgent": 0, "high": 1, "normal": 2, "low": 3}


def _place(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Metrics in the order of a ticket's life, priorities by weight, all else by itself."""
    return tuple(_METRICS.get(part, _PRIORITIES.get(part, part)) for part in key)


def _sum(many: Iterable[Counts]) -> Counts:
    total = Counts()
    for counts in many:
        total += counts
    return total


def compared(
    was: Tally | None, would: Tally, *names: str
) -> Iterator[tuple[tuple[Any, ...], Counts | None, Counts]]:
    """Kinds that either has, each with both counts."""
    left, right = was.by(*names) if was else {}, would.by(*names)
    for key in sorted(left.keys() | right.keys(), key=_place):
        yield key, left.get(key, Counts()) if was else None, right.get(key, Counts())
