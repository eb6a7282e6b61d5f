"""Who is there to answer, and what waits for them: the most urgent deadline goes first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Protocol

from sla_service.sla.replay import Account

NO_DEADLINE = 2**63


class Shifts(Protocol):
    """When somebody works."""

    def is_open(self, at: int) -> bool:
        """Whether they work at an instant."""
        ...

    def next_open(self, at: int) -> int:
        """When they work next; `at` itself when they do then."""
        ...

    def elapsed(self, start: int, end: int) -> int:
        """How long they work between two instants."""
        ...


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who answers. What they have taken up they finish, also after hours."""

    shifts: Shifts
    is_senior: bool = False
    """Seniors take every ticket; where there are any, escalated ones are theirs alone."""


@dataclass(slots=True, eq=False)
class Seat:
    """An agent at work."""

    number: int
    agent: Agent
    wakes_at: int = -1
    """When they are next looked for, off duty."""


@dataclass(slots=True, eq=False)
class Job:
    """A ticket under way."""

    number: int
    account: Account
    replies: int = 0
    is_answered: bool = False
    is_taken: bool = False
    is_over: bool = False
    waits_as: str | None = None
    """The tier in whose queue it stands."""
    watched: int = -1
    """When its escalation is looked at next."""


@dataclass(slots=True)
class Load:
    """How busy people were; spans in microseconds."""

    replies: int = 0
    work: int = 0
    taken: int = 0
    waited: int = 0
    """From a ticket's place in the queue until somebody took it, all together."""
    longest_queue: int = 0


@dataclass(slots=True)
class Floor:
    """Idle agents and waiting tickets."""

    agents: Sequence[Agent]
    load: Load = field(default_factory=Load)
    idle: list[Seat] = field(init=False)
    """Whoever has been idle longest comes first."""
    waiting: int = 0
    _has_seniors: bool = field(init=False)
    _queues: tuple[list[tuple[int, int, int, str, Job]], ...] = field(init=False)

    def __post_init__(self) -> None:
        self.idle = [Seat(number, agent) for number, agent in enumerate(self.agents)]
        self._has_seniors = any(agent.is_senior for agent in self.agents)
        self._queues = ([], [])

    def put(self, job: Job, at: int, tier: str, *, is_escalated: bool) -> None:
        """Queue a ticket, or move it to the queue of another tier."""
        if job.waits_as is None:
            self.waiting += 1
            self.load.longest_queue = max(self.load.longest_queue, self.waiting)
        job.waits_as = tier
        queue = self._queues[is_escalated and self._has_seniors]
        heappush(queue, (_deadline(job), at, job.number, tier, job))

    def matches(self, at: int) -> Iterator[tuple[Seat, Job]]:
        """Idle agents on duty, each with the most urgent ticket they may take."""
        for seat in tuple(self.idle):
            if not self.waiting:
                return
            if seat.agent.shifts.is_open(at):
                job = self._take(seat.agent, at)
                if job is not None:
                    self.idle.remove(seat)
                    yield seat, job

    def _take(self, agent: Agent, at: int) -> Job | None:
        heads = [
            queue
            for queue in (self._queues if agent.is_senior else self._queues[:1])
            if _is_fresh(queue)
        ]
        if not heads:
            return None
        _, since, _, _, job = heappop(min(heads, key=lambda queue: queue[0][:3]))
        job.waits_as, job.is_taken = None, True
        self.waiting -= 1
        self.load.taken += 1
        self.load.waited += at - since
        return job


def _deadline(job: Job) -> int:
    """What was promised to the contact next; an escalation promises nothing to them."""
    return min(
        (
            due
            for clock in job.account.ticket.clocks
            if clock.tier is None and clock.is_live and (due := clock.due_at) is not None
        ),
        default=NO_DEADLINE,
    )


def _is_fresh(queue: list[tuple[int, int, int, str, Job]]) -> bool:
    """Whether anybody waits in a queue; those who moved on are dropped on the way."""
    while queue and queue[0][4].waits_as != queue[0][3]:
        heappop(queue)
    return bool(queue)
