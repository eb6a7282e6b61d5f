"""The clocks of one ticket under its policy: started, stopped, paused and promised anew."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sla_service.sla.clocks import Clock, Ending
from sla_service.sla.policy import NO_POLICY, Facts, Metric, Policy, Rulebook

OPEN, PENDING, RESOLVED = "open", "pending", "resolved"
BOT = "bot"
Find = Callable[[int], Rulebook]
"""Gives the rulebook of an id."""


@dataclass(slots=True)
class Promises:
    """What a ticket is, as far as policies ask, and its clocks."""

    rulebook: Rulebook
    find: Find
    facts: Facts = field(default_factory=Facts)
    policy: Policy = NO_POLICY
    status: str = OPEN
    tier: str = BOT
    cycles: dict[Metric, int] = field(default_factory=dict)
    """How many clocks of each metric were started."""
    clocks: list[Clock] = field(default_factory=list)

    def live(self, metric: Metric) -> Clock | None:
        """The clock of a metric that may still run; there is at most one."""
        for clock in self.clocks:
            if clock.metric is metric and clock.ending is None:
                return clock
        return None

    def warnings(self, metric: Metric) -> tuple[float, ...]:
        """Fractions of a target that are told of; an escalation is itself the warning."""
        return () if metric is Metric.ESCALATION else self.policy.warnings

    def choose_policy(self, at: int, cause: str) -> None:
        """Fall under the first policy that matches now; a promise that changed is measured anew."""
        self.policy = self.rulebook.choose(self.facts)
        for clock in self.clocks:
            if clock.is_live and self._is_other_promise(clock):
                clock.pause(at, cause)
                self.promise(clock)
            self.run_or_stand(clock, at, cause)

    def _is_other_promise(self, clock: Clock) -> bool:
        policy, metric = self.policy, clock.metric
        return (
            clock.target != policy.target(metric, self.facts.priority, self.tier)
            or clock.calendar is not self.rulebook.calendar(policy, metric)
            or clock.warnings != self.warnings(metric)
        )

    def promise(self, clock: Clock) -> None:
        """Promise what the policy says today."""
        policy, metric = self.policy, clock.metric
        clock.promise(
            policy.target(metric, self.facts.priority, self.tier),
            policy.calendars.get(metric),
            self.rulebook.calendar(policy, metric),
            self.warnings(metric),
        )

    def start(self, metric: Metric, at: int, cause: str) -> None:
        """Begin a metric's next cycle, unless one is live."""
        if self.live(metric) is not None:
            return
        cycle = self.cycles.get(metric, 0)
        self.cycles[metric] = cycle + 1
        tier = self.tier if metric is Metric.ESCALATION else None
        clock = Clock(metric, cycle, at, None, tier=tier)
        self.promise(clock)
        self.clocks.append(clock)
        clock.begin(at, cause)
        self.run_or_stand(clock, at, cause)

    def run_or_stand(self, clock: Clock, at: int, cause: str) -> None:
        """Stand still in a status that pauses the metric, and run in any other."""
        if not clock.is_live:
            return
        stands = self.status in self.policy.pauses.get(clock.metric, ())
        if stands:
            clock.pause(at, cause)
        elif clock.since is None:
            clock.begin(at, cause)

    def backdate(self, metric: Metric, anchor: int, at: int, cause: str) -> None:
        """Count a live clock from an earlier beginning."""
        clock = self.live(metric)
        if clock is None or anchor >= clock.started_at:
            return
        clock.pause(at, cause)
        clock.backdate(anchor, cause)
        self.run_or_stand(clock, at, cause)

    def stop(self, metric: Metric, at: int, cause: str, ending: Ending) -> None:
        """End the live clock of a metric, if there is one."""
        clock = self.live(metric)
        if clock is not None:
            clock.end(at, cause, ending)
