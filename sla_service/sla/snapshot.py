"""A ticket's promises as plain JSON and back: the fold goes on from there with the next event.

Clocks that ended are left out, except the latest resolution clock, which may be reopened.
"""

from typing import Any

from sla_service.sla.clocks import Clock, Ending, Run
from sla_service.sla.fold import Ticket
from sla_service.sla.policy import NO_POLICY, Facts, Metric, Policy
from sla_service.sla.promises import Find


def dump(ticket: Ticket) -> dict[str, Any]:
    """What `load` needs; effects are not part of it."""
    resolution = [one for one in ticket.clocks if one.metric is Metric.RESOLUTION][-1:]
    kept = [one for one in ticket.clocks if one.is_live or one in resolution]
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
        "cycles": dict(ticket.cycles),
        "clocks": [_dump_clock(one) for one in kept],
    }


def load(data: dict[str, Any], find: Find) -> Ticket:
    """The ticket of a snapshot; `find` gives the rulebook of an id."""
    rulebook = find(data["rulebook"])
    facts = Facts(**{**data["facts"], "tags": frozenset(data["facts"]["tags"])})
    ticket = Ticket(
        rulebook,
        find,
        facts=facts,
        policy=_policy(rulebook.policies, data["policy"]),
        status=data["status"],
        tier=data["tier"],
        cycles={Metric(metric): count for metric, count in data["cycles"].items()},
        at=data["at"],
        first_contact_at=data["first_contact_at"],
        unanswered_at=data["unanswered_at"],
        is_first_done=data["is_first_done"],
        is_merged=data["is_merged"],
    )
    ticket.clocks = [_load_clock(one, ticket) for one in data["clocks"]]
    return ticket


def runs(clock: Clock) -> list[list[Any]]:
    """A clock's stretches as rows: start, end, used, began by, ended by, target, calendar."""
    return [
        [run.start, run.end, run.used, run.began_by, run.ended_by, run.target, run.calendar]
        for run in clock.runs
    ]


def _policy(policies: tuple[Policy, ...], name: str) -> Policy:
    return next((one for one in policies if one.name == name), NO_POLICY)


def _facts(facts: Facts) -> dict[str, Any]:
    return {
        "priority": facts.priority,
        "channel": facts.channel,
        "segment": facts.segment,
        "intent": facts.intent,
        "language": facts.language,
        "tags": sorted(facts.tags),
    }


def _dump_clock(clock: Clock) -> dict[str, Any]:
    return {
        "metric": clock.metric,
        "cycle": clock.cycle,
        "started_at": clock.started_at,
        "target": clock.target,
        "calendar": clock.calendar_name,
        "warnings": list(clock.warnings),
        "tier": clock.tier,
        "consumed": clock.consumed,
        "since": clock.since,
        "began_by": clock.began_by,
        "stopped_at": clock.stopped_at,
        "ending": clock.ending,
        "fired": dict(clock.fired),
        "passed": sorted(clock.passed),
        "runs": runs(clock),
    }


def _load_clock(data: dict[str, Any], ticket: Ticket) -> Clock:
    metric = Metric(data["metric"])
    return Clock(
        metric=metric,
        cycle=data["cycle"],
        started_at=data["started_at"],
        target=data["target"],
        calendar_name=data["calendar"],
        calendar=ticket.rulebook.calendar(ticket.policy, metric),
        warnings=tuple(data["warnings"]),
        tier=data["tier"],
        consumed=data["consumed"],
        since=data["since"],
        began_by=data["began_by"],
        stopped_at=data["stopped_at"],
        ending=Ending(data["ending"]) if data["ending"] else None,
        fired=dict(data["fired"]),
        passed=frozenset(data["passed"]),
        runs=[Run(*row) for row in data["runs"]],
    )
