"""Why a ticket's clocks stand where they do: every moment with its cause, and whose time it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sla_service.sla import whose_time
from sla_service.sla.clocks import BREACHED, Clock, ClockState, Ending, Run
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.policy import Metric
from sla_service.sla.statement import deadline, is_mark
from sla_service.sla.whose_time import Spell

_MERGE = EventKind.MERGED_FROM.value
_RESOLVED = "status:resolved"
_ORDER = [*Metric]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a clock."""

    at: int
    what: str
    """started, started_standing, backdated, paused, resumed, reopened, changed, warned, breached,
    kept, late, cancelled, passed_on or stopped (and reopened later)."""
    cause: str = ""
    """As in `Run`; of a warning its percent; of `passed_on` the next tier, if there is one."""
    target: int | None = None
    """Of `changed`, `resumed` and `reopened`: what is promised from here, when it is another."""
    used: int | None = None
    """Of what ends a run: business time since the start, and `wall` by the wall clock."""
    wall: int | None = None


@dataclass(frozen=True, slots=True)
class ClockReasons:
    """One clock, from its start."""

    metric: Metric
    cycle: int
    tier: str | None
    state: ClockState
    target: int | None
    calendar: str | None
    deadline: int | None
    consumed: int
    wall: int
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """A ticket's promises explained, as of an instant; spans in microseconds."""

    at: int
    status: str
    tier: str
    priority: str
    policy: str
    clocks: tuple[ClockReasons, ...]
    spells: tuple[Spell, ...]


def why(ticket: Ticket, events: Sequence[Event], now: int) -> Why:
    """The reasons of a ticket that was folded from all of `events` and advanced to `now`.

    Clocks that never promised anything are left out.
    """
    return Why(
        at=now,
        status=ticket.status,
        tier=ticket.tier,
        priority=ticket.facts.priority,
        policy=ticket.policy.name,
        clocks=tuple(
            _reasons(clock, ticket, now)
            for clock in sorted(
                ticket.clocks, key=lambda one: (_ORDER.index(one.metric), one.cycle)
            )
            if clock.has_promise
        ),
        spells=whose_time.spells(ticket, events, now),
    )


def _reasons(clock: Clock, ticket: Ticket, now: int) -> ClockReasons:
    runs = [*clock.runs]
    if clock.since is not None:
        used = clock.used(now) - clock.consumed
        runs.append(Run(clock.since, now, used, clock.began_by, "", clock.target, None))
    return ClockReasons(
        metric=clock.metric,
        cycle=clock.cycle,
        tier=clock.tier,
        state=clock.state,
        target=clock.target,
        calendar=clock.calendar_name,
        deadline=deadline(clock),
        consumed=clock.used(now),
        wall=sum(run.end - run.start for run in runs),
        moments=tuple(_with_what_fired(clock, [*_of_runs(clock, runs, ticket)])),
    )


def _of_runs(clock: Clock, runs: Sequence[Run], ticket: Ticket) -> Iterator[Moment]:
    used = wall = 0
    pairs = [*pairwise([None, *runs, None])]
    for (before, run), (_, after) in pairwise(pairs):
        assert run is not None  # noqa: S101 - the pairs overlap
        used, wall = used + run.used, wall + run.end - run.start
        is_last = after is None
        if not (is_mark(run) and before is not None):
            yield _beginning(before, run, after)
        if is_last and clock.since is not None:
            return
        if is_last and clock.ending is not None:
            yield _ending(clock, run, ticket, used, wall)
        elif not _goes_on(run, after) and not (before is None and is_mark(run)):
            what = "stopped" if run.ended_by == _RESOLVED else "paused"
            yield Moment(run.end, what, run.ended_by, used=used, wall=wall)


def _beginning(before: Run | None, run: Run, after: Run | None) -> Moment:
    if run.began_by == run.ended_by == _MERGE and _touch(run, after) and _counts_back(before):
        return Moment(run.start, "backdated", run.began_by)
    if before is None or (_counts_back(before) and run.began_by != _MERGE):
        standing = before is None and is_mark(run) and not _touch(run, after)
        return Moment(run.start, "started_standing" if standing else "started", run.began_by)
    what = "resumed"
    if _goes_on(before, run):
        what = "changed"
    elif before.ended_by == _RESOLVED:
        what = "reopened"
    target = run.target if run.target != before.target else None
    return Moment(run.start, what, run.began_by, target=target)


def _ending(clock: Clock, run: Run, ticket: Ticket, used: int, wall: int) -> Moment:
    what, cause = "kept", run.ended_by
    if clock.ending is Ending.CANCELLED:
        what = "cancelled"
    elif clock.ending is Ending.PASSED_ON:
        what = "passed_on"
        cause = next(
            one.next_tier or ""
            for one in ticket.effects
            if one.metric is clock.metric and one.cycle == clock.cycle
        )
    elif clock.breached_at is not None:
        what = "late"
    return Moment(run.end, what, cause, used=used, wall=wall)


def _with_what_fired(clock: Clock, moments: list[Moment]) -> list[Moment]:
    for kind, at in clock.fired.items():
        moment = Moment(at, "breached")
        if kind != BREACHED:
            moment = Moment(at, "warned", kind.rpartition("_")[2])
        place = len(moments)
        while place and (
            moments[place - 1].at > at
            or (place == len(moments) and clock.stopped_at == moments[place - 1].at == at)
        ):
            place -= 1
        moments.insert(place, moment)
    return moments


def _goes_on(run: Run, after: Run | None) -> bool:
    """Whether the next run measures on from the same instant, by the same cause or an older one."""
    if not _touch(run, after) or after is None:
        return False
    return run.ended_by in {after.began_by, _MERGE}


def _touch(run: Run, after: Run | None) -> bool:
    return after is not None and run.end == after.start


def _counts_back(before: Run | None) -> bool:
    return before is None or before.began_by == before.ended_by == _MERGE
