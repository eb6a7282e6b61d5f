"""What would have been, beside what was: other policies, other calendars, other people."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from sla_service.sla import cases
from sla_service.sla.cases import Case, Habits
from sla_service.sla.policy import Rulebook
from sla_service.sla.replay import History, Replay
from sla_service.sla.simulation import Simulation
from sla_service.sla.staffing import Agent, Load
from sla_service.sla.tally import Tally

Tick = Callable[[], None]
"""Told after each ticket."""


@dataclass(frozen=True, slots=True)
class Result:
    """Promises of both sides."""

    tickets: int
    was: Tally | None
    """What happened, or what happens under the policies compared with; None: nothing to compare."""
    would: Tally
    unresolved: int = 0
    """Simulated tickets that nobody could end."""
    load: Load | None = None
    """How busy simulated people were."""
    span: tuple[int, int] | None = None
    """The first and the last simulated instant."""

    def beside(self, was: Tally | None) -> "Result":
        """The same, compared with another side."""
        return replace(self, was=was)


@dataclass(frozen=True, slots=True)
class Experiment:
    """The terms of a comparison."""

    rulebook: Rulebook
    zone: ZoneInfo
    agents: Sequence[Agent] = ()
    habits: Habits = field(default_factory=Habits)
    seed: int = 1

    def refold(
        self,
        histories: Iterable[History],
        find: Callable[[int], Rulebook],
        until: int,
        tick: Tick,
    ) -> Result:
        """What was recorded, under the other rulebook: people did what they did."""
        replay = Replay(self.rulebook, find, until, self.zone)
        for history in histories:
            replay.add(history)
            tick()
        return Result(replay.tickets, replay.was, replay.would)

    def restaff(
        self,
        histories: Iterable[History],
        find: Callable[[int], Rulebook],
        until: int,
        tick: Tick,
    ) -> Result:
        """What contacts brought, answered by other people under the other rulebook."""
        replay = Replay(self.rulebook, find, until, self.zone)

        def passing() -> Iterator[History]:
            for history in histories:
                replay.add(history)
                tick()
                yield history

        result = self.simulate(cases.recorded(passing(), self.habits, self.seed), lambda: None)
        return result.beside(replay.was)

    def simulate(self, demand: Iterable[Case], tick: Tick) -> Result:
        """What contacts bring, answered by these people under this rulebook."""
        tally = Tally(self.zone)
        simulation = Simulation(self.rulebook, self.agents, tally)
        tickets = unresolved = 0
        first, last = 2**63, 0
        for finished in simulation.run(demand):
            tickets += 1
            unresolved += not finished.is_resolved
            events = finished.history.events
            first, last = min(first, events[0].at), max(last, events[-1].at)
            tick()
        span = (first, last) if tickets else None
        return Result(tickets, None, tally, unresolved, simulation.load, span)
