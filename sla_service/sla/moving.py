"""What another rulebook would change for a ticket: its policy, its targets, its deadlines."""

from dataclasses import dataclass

from sla_service.sla.clocks import Clock
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.policy import Metric


@dataclass(frozen=True, slots=True)
class Promised:
    """What a clock promises; spans and instants in microseconds."""

    target: int | None
    calendar: str | None
    due_at: int | None
    """None: nothing is promised, or the clock stands still."""


@dataclass(frozen=True, slots=True)
class ClockMove:
    """A live clock before and after."""

    metric: Metric
    cycle: int
    before: Promised
    after: Promised


@dataclass(frozen=True, slots=True)
class Move:
    """What changes for a ticket, if anything does."""

    policy_before: str
    policy_after: str
    clocks: tuple[ClockMove, ...]
    """Those that change."""

    @property
    def is_change(self) -> bool:
        """Whether anybody could see a difference."""
        return self.policy_before != self.policy_after or bool(self.clocks)


def move(ticket: Ticket, rulebook_id: int, at: int) -> tuple[Event, Move]:
    """Put a ticket under another rulebook, at an instant; its `find` must have it.

    Returns what happened to the ticket, and what that changed.
    """
    ticket.advance(at)
    policy, before = ticket.policy.name, _promises(ticket)
    event = Event(max(at, ticket.at), EventKind.RULEBOOK, {"rulebook": rulebook_id})
    ticket.apply(event)
    after = _promises(ticket)
    clocks = tuple(
        ClockMove(*key, before[key], after[key])
        for key in sorted(before.keys() & after.keys())
        if before[key] != after[key]
    )
    return event, Move(policy, ticket.policy.name, clocks)


def _promises(ticket: Ticket) -> dict[tuple[Metric, int], Promised]:
    return {(one.metric, one.cycle): _promised(one) for one in ticket.clocks if one.is_live}


def _promised(clock: Clock) -> Promised:
    return Promised(clock.target, clock.calendar_name, clock.due_at)
