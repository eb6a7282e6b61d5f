"""A ticket's promises as plain JSON and back: the fold goes on from there with the next event.

Clocks that ended are left out, except the latest resolution clock, which may be reopened. A clock
is a list, since every sweep reads and writes it: metric, cycle, started_at, target, calendar, tier,
consumed, since, began_by, stopped_at, ending, fired, passed, runs. What it is warned of is the
policy's to say.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sla_service.sla.clocks import Clock, Ending, Run
from sla_service.sla.fold import Ticket
from sla_service.sla.policy import NO_POLICY, Facts, Metric, Policy
from sla_service.sla.promises import Find

_METRICS: dict[str, Metric] = {metric.value: metric for metric in Metric}
_NAMED = ("priority", "channel", "segment", "intent", "language")
_RUNS_KEPT = 12
_ENDINGS: dict[str | None, Ending | None] = {None: None} | {one.value: one for one in Ending}


def dump(ticket: Ticket) -> dict[str, Any]:
    """What `load` needs; effects are not part of it."""
    resolution = None
    for one in ticket.clocks:
        if one.metric is Metric.RESOLUTION:
            resolution = one
    return {
        "rulebook": ticket.rulebook.id,
        "policy": ticket.policy.name,
        "facts": _facts(ticket.facts),
        "status": ticket.status,
        "tier": ticket.tier,
        "at": ticket.at,
        "first_contact_at": ticket.first_contact_at,
        "unanswered_at": ticket.unanswered_at,
        "is_first_done": ticket.is_first_done,
        "is_merged": ticket.is_merged,
        "cycles": {str(metric): count for metric, count in ticket.cycles.items()},
        "clocks": [
            one.written or _dump_clock(one)
            for one in ticket.clocks
            if one.ending is None or one is resolution
        ],
    }


def load(data: dict[str, Any], find: Find) -> Ticket:
    """The ticket of a snapshot; `find` gives the rulebook of an id."""
    rulebook = find(data["rulebook"])
    facts = data["facts"]
    ticket = Ticket(
        rulebook,
        find,
        facts=_shared(tuple(facts[name] for name in _NAMED), tuple(facts["tags"])),
        policy=_policy(rulebook.policies, data["policy"]),
        status=data["status"],
        tier=data["tier"],
        cycles={_METRICS[metric]: count for metric, count in data["cycles"].items()},
        at=data["at"],
        first_contact_at=data["first_contact_at"],
        unanswered_at=data["unanswered_at"],
        is_first_done=data["is_first_done"],
        is_merged=data["is_merged"],
    )
    ticket.clocks = [_load_clock(one, ticket) for one in data["clocks"]]
    return ticket


def promised(clocks: Sequence[list[Any]], clock: Clock) -> bool:
    """Whether a clock is among those of a snapshot, and promised something there; see Clock."""
    for row in clocks:
        if row[1] == clock.cycle and row[0] == clock.metric:
            target, fired = row[3], row[11]
            return target is not None or bool(fired)
    return False


def runs(clock: Clock) -> list[list[Any]]:
    """A clock's stretches as rows: start, end, used, began by, ended by, target, calendar.

    Of a clock that went on and stood still very often, what lies far behind is added up, apart
    before and after its breach: a ticket must not grow with every message. Each of its stretches
    is still in its events.
    """
    if len(clock.runs) <= _RUNS_KEPT:
        return [list(run) for run in clock.runs]
    old, recent = clock.runs[:-_RUNS_KEPT], clock.runs[-_RUNS_KEPT:]
    breach = clock.breached_at
    behind = [run for run in old if breach is None or run.end <= breach]
    late = [run for run in old[len(behind) :] if breach is not None and run.start >= breach]
    across = old[len(behind) : len(old) - len(late)]
    return [list(run) for run in (*_added_up(behind), *across, *_added_up(late), *recent)]


def _added_up(runs: list[Run]) -> list[Run]:
    """One stretch as long as all of them; it ends too early by as long as the clock stood still."""
    if len(runs) < 2:
        return runs
    first = runs[0]
    wall = sum(run.end - run.start for run in runs)
    used = sum(run.used for run in runs)
    return [
        runs[-1]._replace(
            start=first.start, end=first.start + wall, used=used, began_by=first.began_by
        )
    ]


def _policy(policies: tuple[Policy, ...], name: str) -> Policy:
    for policy in policies:
        if policy.name == name:
            return policy
    return NO_POLICY


@lru_cache(maxsize=1024)
def _shared(named: tuple[Any, ...], tags: tuple[str, ...]) -> Facts:
    """Facts are values, and many tickets have the same."""
    return Facts(*(*named, frozenset(tags)))


def _facts(facts: Facts) -> dict[str, Any]:
    return {
        "priority": facts.priority,
        "channel": facts.channel,
        "segment": facts.segment,
        "intent": facts.intent,
        "language": facts.language,
        "tags": sorted(facts.tags),
    }


def _dump_clock(clock: Clock) -> list[Any]:
    return [
        clock.metric.value,
        clock.cycle,
        clock.started_at,
        clock.target,
        clock.calendar_name,
        clock.tier,
        clock.consumed,
        clock.since,
        clock.began_by,
        clock.stopped_at,
        clock.ending and clock.ending.value,
        dict(clock.fired),
        sorted(clock.passed),
        runs(clock),
    ]


def _load_clock(row: list[Any], ticket: Ticket) -> Clock:
    (
        name,
        cycle,
        started_at,
        target,
        calendar,
        tier,
        consumed,
        since,
        began_by,
        stopped_at,
        ending,
        fired,
        passed,
        stretches,
    ) = row
    metric = _METRICS[name]
    return Clock(
        metric,
        cycle,
        started_at,
        target,
        calendar,
        ticket.rulebook.calendar(ticket.policy, metric),
        ticket.warnings(metric),
        tier,
        consumed,
        since,
        began_by,
        stopped_at,
        _ENDINGS[ending],
        dict(fired),
        frozenset(passed),
        [Run(*stretch) for stretch in stretches],
        written=row,
    )
