"""One promise under way: a clock that runs, pauses and stops in business time."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sla_service.sla.policy import ALWAYS, Calendar, Metric

BREACHED = "breached"
_WARNED = "warned_"
_NONE: frozenset[str] = frozenset()


class ClockState(StrEnum):
    """What to call a clock."""

    RUNNING = "running"
    PAUSED = "paused"
    FULFILLED = "fulfilled"
    """Stopped in time."""
    BREACHED = "breached"
    """The deadline passed, whatever came after; `stopped_at` tells whether it was answered."""
    CANCELLED = "cancelled"
    """Nothing was owed any more, and nothing was late; counted apart."""


class Ending(StrEnum):
    """How a clock ended."""

    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    PASSED_ON = "passed_on"
    """An escalation clock that came due."""


class Run(NamedTuple):
    """A stretch in which a clock ran, and what began and ended it."""

    start: int
    end: int
    used: int
    """Business time, microseconds."""
    began_by: str
    ended_by: str
    target: int | None
    calendar: str | None


@dataclass(slots=True)
class Clock:
    """The state of (metric, cycle) of one ticket; instants and spans in microseconds.

    A clock without a target runs all the same: should one be promised later, it counts from where
    the wait began.
    """

    metric: Metric
    cycle: int
    started_at: int
    target: int | None
    calendar_name: str | None = None
    calendar: Calendar = ALWAYS
    warnings: tuple[float, ...] = ()
    tier: str | None = None
    """Whose patience an escalation clock measures."""
    consumed: int = 0
    since: int | None = None
    """Where the present run began; None: it stands still."""
    began_by: str = ""
    stopped_at: int | None = None
    ending: Ending | None = None
    fired: dict[str, int] = field(default_factory=dict)
    """Kind → the instant at which it became true; each at most once, ever."""
    passed: frozenset[str] = frozenset()
    """Warnings that a change of target or a merge has put behind us: they are not sent."""
    runs: list[Run] = field(default_factory=list)
    written: list[Any] | None = field(default=None, repr=False, compare=False)
    """The clock in the snapshot it came from; None: it is new, or was moved."""
    _ahead: tuple[int, str] | None = field(default=None, init=False, repr=False, compare=False)
    _is_reckoned: bool = field(default=False, init=False, repr=False, compare=False)

    @property
    def is_live(self) -> bool:
        """Whether it may still run."""
        return self.ending is None

    @property
    def has_promise(self) -> bool:
        """Whether anything is promised, or was and came true; others run unseen."""
        return self.target is not None or bool(self.fired)

    @property
    def breached_at(self) -> int | None:
        """The deadline that passed."""
        return self.fired.get(BREACHED)

    @property
    def state(self) -> ClockState:
        """The one word for it."""
        if BREACHED in self.fired:
            return ClockState.BREACHED
        if self.ending is Ending.CANCELLED:
            return ClockState.CANCELLED
        if self.ending is Ending.FULFILLED:
            return ClockState.FULFILLED
        return ClockState.RUNNING if self.since is not None else ClockState.PAUSED

    @property
    def due_at(self) -> int | None:
        """The deadline: the one that passed, or the one ahead while it runs."""
        if BREACHED in self.fired:
            return self.fired[BREACHED]
        ahead = self.next_fire()
        if ahead is not None and ahead[1] == BREACHED:
            return ahead[0]
        if self.since is None or self.target is None:
            return None
        return self._when(self.since, self.target)

    def used(self, at: int) -> int:
        """Business time consumed until `at`."""
        if self.since is None:
            return self.consumed
        return self.consumed + self.calendar.elapsed(self.since, at)

    def is_overdue(self, at: int) -> bool:
        """Whether it has consumed more than promised and nobody has noticed.

        That is so where a change of target and the end of the wait meet: it never ran in between.
        """
        if self.target is None or BREACHED in self.fired:
            return False
        return self.used(at) > self.target

    def next_fire(self) -> tuple[int, str] | None:
        """When the next warning or the breach becomes true, and which; None when none will."""
        if not self._is_reckoned:
            self._ahead, self._is_reckoned = self._reckoned(), True
        return self._ahead

    def fire(self, kind: str, at: int) -> None:
        """Let a warning or the breach become true."""
        self.fired[kind] = at
        self._moved()

    def begin(self, at: int, cause: str) -> None:
        """Run from `at` on."""
        self.since, self.began_by = at, cause
        self._moved()

    def pause(self, at: int, cause: str) -> None:
        """Stand still from `at` on."""
        if self.since is None:
            return
        used = self.calendar.elapsed(self.since, at)
        self.runs.append(
            Run(self.since, at, used, self.began_by, cause, self.target, self.calendar_name)
        )
        self.consumed += used
        self.since = None
        self._moved()

    def end(self, at: int, cause: str, ending: Ending) -> None:
        """Stop for good; a run of no length tells what stopped a clock that stood still."""
        if self.since is None:
            self.begin(at, cause)
        self.pause(at, cause)
        self.stopped_at, self.ending = at, ending
        self._moved()

    def reopen(self) -> None:
        """Take back the end; what was consumed and what fired stay."""
        self.stopped_at = self.ending = None
        self._moved()

    def promise(
        self,
        target: int | None,
        calendar_name: str | None,
        calendar: Calendar,
        warnings: tuple[float, ...],
    ) -> None:
        """Measure by another target and calendar from now on; the clock stands still meanwhile."""
        self.target, self.calendar_name, self.calendar = target, calendar_name, calendar
        self.warnings = warnings
        self._pass_warnings()

    def backdate(self, anchor: int, cause: str) -> None:
        """Count from an earlier beginning; the clock stands still meanwhile."""
        if anchor >= self.started_at:
            return
        used = self.calendar.elapsed(anchor, self.started_at)
        self.runs.insert(
            0,
            Run(anchor, self.started_at, used, cause, cause, self.target, self.calendar_name),
        )
        self.consumed += used
        self.started_at = anchor
        self._pass_warnings()

    def _pass_warnings(self) -> None:
        """Leave out the warnings that lie behind; one that is due right now is still to come."""
        self._moved()
        self.passed = _NONE
        if self.consumed and self.target is not None:
            self.passed = frozenset(
                kind
                for kind, wanted in _steps(self.target, self.warnings)[:-1]
                if kind not in self.fired and self.consumed > wanted
            )

    def _moved(self) -> None:
        self._is_reckoned, self.written = False, None

    def _reckoned(self) -> tuple[int, str] | None:
        if self.since is None or self.target is None or BREACHED in self.fired:
            return None
        for kind, wanted in _steps(self.target, self.warnings):
            if kind not in self.fired and kind not in self.passed:
                return self._when(self.since, wanted), kind
        return None

    def _when(self, since: int, target: int) -> int:
        """When `target` is consumed, if it runs on from `since`; at once when it is already."""
        left = target - self.consumed
        return since if left <= 0 else self.calendar.add(since, left)


@lru_cache(maxsize=1024)
def _steps(target: int, warnings: tuple[float, ...]) -> tuple[tuple[str, int], ...]:
    """What becomes true in turn: `warned_80` for 0.8, and the breach; and what is consumed then,
    in microseconds.
    """
    told = ((f"{_WARNED}{share * 100:g}", round(target * share)) for share in warnings)
    return (*told, (BREACHED, target))
