"""A folded ticket as plain data for JSON: its clocks with every run, and what came of them."""

from typing import Any

from sla_service.sla.clocks import Clock, Run
from sla_service.sla.event_log import written
from sla_service.sla.fold import Effect, Ticket
from sla_service.sla.instants import SECOND


def of(ticket: Ticket, at: int) -> dict[str, Any]:
    """The statement of a ticket folded from all of its events and advanced to `at`.

    Instants are ISO 8601 in UTC, spans are seconds.
    """
    return {
        "clocks": [_clock(one, ticket, at) for one in ticket.clocks if one.has_promise],
        "effects": [_effect(one) for one in ticket.effects],
        "ticket": {
            "at": written(at),
            "status": ticket.status,
            "tier": ticket.tier,
            "priority": ticket.facts.priority,
            "policy": ticket.policy.name,
            "rulebook": ticket.rulebook.id,
            "first_contact_at": _instant(ticket.first_contact_at),
            "unanswered_at": _instant(ticket.unanswered_at),
        },
    }


def deadline(clock: Clock) -> int | None:
    """When a clock was or is due; of a stopped one, when it would have been.

    None while it stands still, since that moves the deadline, and where nothing is promised.
    """
    if clock.due_at is not None or clock.target is None or clock.stopped_at is None:
        return clock.due_at
    last = clock.runs[-1]
    if is_mark(last):
        return None
    left = clock.target - (clock.consumed - last.used)
    return clock.calendar.add(last.start, left)


def is_mark(run: Run) -> bool:
    """Whether a run only tells that something happened to a clock that stood still."""
    return run.start == run.end and run.began_by == run.ended_by


def seconds(span: int) -> int | float:
    """Microseconds as seconds."""
    return span / SECOND if span % SECOND else span // SECOND


def _clock(clock: Clock, ticket: Ticket, at: int) -> dict[str, Any]:
    return {
        "metric": clock.metric.value,
        "cycle": clock.cycle,
        "state": clock.state.value,
        "started_at": written(clock.started_at),
        "target_s": None if clock.target is None else seconds(clock.target),
        "consumed_s": seconds(clock.used(at)),
        "due_at": _instant(deadline(clock)),
        "breached_at": _instant(clock.breached_at),
        "stopped_at": _instant(clock.stopped_at),
        "fired": {kind: written(fired_at) for kind, fired_at in clock.fired.items()},
        "tier": clock.tier,
        "calendar": clock.calendar_name,
        "policy": ticket.policy.name,
        "runs": [*map(_run, clock.runs), *_under_way(clock, at)],
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "from": written(run.start),
        "to": written(run.end),
        "seconds": seconds(run.used),
        "wall_seconds": seconds(run.end - run.start),
        "began_by": run.began_by,
        "ended_by": run.ended_by,
    }


def _under_way(clock: Clock, at: int) -> list[dict[str, Any]]:
    """The run that goes on: it has no end yet."""
    if clock.since is None:
        return []
    used = clock.used(at) - clock.consumed
    run = Run(clock.since, at, used, clock.began_by, "", clock.target, clock.calendar_name)
    return [{**_run(run), "to": None, "ended_by": None}]


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "at": written(effect.at),
        "metric": effect.metric.value,
        "cycle": effect.cycle,
        "kind": effect.kind,
        "policy": effect.policy,
        "priority": effect.priority,
        "target_s": seconds(effect.target),
        "tier": effect.tier,
        "next_tier": effect.next_tier,
    }


def _instant(at: int | None) -> str | None:
    return None if at is None else written(at)
