"""What was recorded, folded once more: under the rulebooks that held, and under another one.

What people did stays as it was; what follows from the promises themselves (deadlines, warnings,
escalations) is reckoned anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sla_service.sla.clocks import Clock
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.policy import Metric, Rulebook
from sla_service.sla.tally import Tally

_Key = tuple[Metric, int]
# What may change under which policy and priority a ticket's promises are counted.
_RENAMING = frozenset({EventKind.PRIORITY, EventKind.ATTRIBUTES, EventKind.RULEBOOK})


@dataclass(frozen=True, slots=True)
class History:
    """A ticket's events in their order, and the rulebook that it began under."""

    ticket_id: int
    rulebook_id: int
    events: Sequence[Event]


class Account:
    """One ticket's promises, each counted once, under the policy and priority it ended with."""

    __slots__ = ("_names", "_tally", "ticket")

    def __init__(self, ticket: Ticket, tally: Tally) -> None:
        self.ticket = ticket
        self._tally = tally
        self._names: dict[_Key, tuple[str, str]] = {}
        """Of clocks that ended and may go on."""

    def happen(self, event: Event) -> None:
        """Let an event happen."""
        if event.kind in _RENAMING:
            self.advance(event.at)
        self.ticket.apply(event)
        self._settle()

    def advance(self, until: int) -> None:
        """Let everything become true whose instant lies before `until`."""
        self.ticket.advance(until)
        self._settle()

    def close(self) -> None:
        """Count what is left, as it stands."""
        for clock in self.ticket.clocks:
            self._count(clock)
        self.ticket.clocks = []

    def _settle(self) -> None:
        """Count what ended, except the latest resolution: it may be reopened."""
        clocks = self.ticket.clocks
        if all(clock.is_live for clock in clocks):
            return
        resolution = next(
            (one for one in reversed(clocks) if one.metric is Metric.RESOLUTION), None
        )
        kept: list[Clock] = []
        for clock in clocks:
            key = (clock.metric, clock.cycle)
            if clock.is_live:
                self._names.pop(key, None)
                kept.append(clock)
            elif clock is resolution:
                self._names.setdefault(key, self._called())
                kept.append(clock)
            else:
                self._count(clock)
        self.ticket.clocks = kept

    def _count(self, clock: Clock) -> None:
        names = self._names.pop((clock.metric, clock.cycle), None)
        self._tally.add(clock, *(names or self._called()))

    def _called(self) -> tuple[str, str]:
        return self.ticket.policy.name, self.ticket.facts.priority


@dataclass(slots=True)
class Replay:
    """Folds histories twice, and counts both sides."""

    rulebook: Rulebook
    """What would have been promised."""
    find: Callable[[int], Rulebook]
    """What was promised: the rulebook of an id."""
    until: int
    """Where it all ends: what is not due by then is still running."""
    zone: ZoneInfo
    """Whose hours promises are counted by."""
    was: Tally = field(init=False)
    would: Tally = field(init=False)
    tickets: int = 0

    def __post_init__(self) -> None:
        self.was, self.would = Tally(self.zone), Tally(self.zone)

    def add(self, history: History) -> None:
        """Fold one more ticket."""
        self.tickets += 1
        was = Account(Ticket.fresh(self.find(history.rulebook_id), self.find), self.was)
        would = Account(Ticket.fresh(self.rulebook, lambda _: self.rulebook), self.would)
        for event in history.events:
            if event.at >= self.until:
                break
            was.happen(event)
            would.happen(event)
        for account in (was, would):
            account.advance(self.until)
            account.close()
