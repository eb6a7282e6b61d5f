"""The desk simulated event by event: contacts write, the bot solves its share, agents the rest.

Chance lies in the cases alone: the same cases under the same rulebook with the same agents give
the same events, and two runs that differ in one thing differ by that thing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from sla_service.sla.cases import Case
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import SECOND
from sla_service.sla.policy import Metric, Rulebook
from sla_service.sla.promises import BOT, PENDING, RESOLVED
from sla_service.sla.replay import Account, History
from sla_service.sla.staffing import Agent, Floor, Job, Load, Seat
from sla_service.sla.tally import Tally

AGENT = "agent"
"""Who gets what the bot gives up, where a policy's chain doesn't say."""
_BOT_SPEAKS_AFTER = 2 * SECOND


@dataclass(frozen=True, slots=True)
class Finished:
    """A ticket at its end, or as it stands when all is over."""

    history: History
    is_resolved: bool


@dataclass(slots=True, eq=False)
class _Job(Job):
    case: Case = field(kw_only=True)
    events: list[Event] = field(default_factory=list)


class Simulation:
    """One run over cases; counts every promise in `tally`."""

    def __init__(self, rulebook: Rulebook, agents: Sequence[Agent], tally: Tally) -> None:
        self._rulebook = rulebook
        self._tally = tally
        self._floor = Floor(agents)
        self._open: dict[int, _Job] = {}
        self._finished: list[Finished] = []
        self._agenda: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._planned = 0
        self._at = 0

    @property
    def load(self) -> Load:
        """How busy people were."""
        return self._floor.load

    def run(self, cases: Iterable[Case]) -> Iterator[Finished]:
        """Every case in, in the order of their beginnings; every ticket out, as it ends.

        Only open tickets are held. Those that nobody can end come last, unresolved.
        """
        for case in cases:
            yield from self._until(case.at)
            self._arrive(case)
        yield from self._until(None)
        for job in list(self._open.values()):
            job.account.advance(self._at)
            self._close(job, is_resolved=False)
        yield from self._finished

    def _until(self, at: int | None) -> Iterator[Finished]:
        """Do everything planned up to an instant; None: everything."""
        while self._agenda and (at is None or self._agenda[0][0] <= at):
            self._at, _, act, subject = heappop(self._agenda)
            act(*subject)
            if self._finished:
                yield from self._finished
                self._finished = []

    def _plan(self, at: int, act: Callable[..., None], *subject: object) -> None:
        self._planned += 1
        heappush(self._agenda, (at, self._planned, act, subject))

    def _arrive(self, case: Case) -> None:
        self._at = max(case.at, self._at)
        ticket = Ticket.fresh(self._rulebook, lambda _: self._rulebook)
        job = _Job(case.number, Account(ticket, self._tally), case=case)
        self._open[case.number] = job
        self._happen(job, EventKind.OPENED, case.facts)
        self._happen(job, EventKind.CONTACT_MESSAGE)
        self._plan(self._at + min(_BOT_SPEAKS_AFTER, case.bot_time), self._bot_speaks, job)
        self._plan(self._at + case.bot_time, self._bot_ends, job)
        self._watch(job)

    def _bot_speaks(self, job: _Job) -> None:
        if job.account.ticket.tier == BOT:
            self._happen(job, EventKind.BOT_MESSAGE)

    def _bot_ends(self, job: _Job) -> None:
        """The bot has solved it or gives up, unless people were quicker."""
        job.account.advance(self._at)
        if job.account.ticket.tier != BOT:
            return
        if job.case.is_solved_by_bot:
            self._happen(job, EventKind.STATUS, {"status": RESOLVED})
            self._close(job, is_resolved=True)
        else:
            self._happen(job, EventKind.ASSIGNMENT, {"tier": _first_tier(job)})
            self._route(job)

    def _escalate(self, job: _Job) -> None:
        if not job.is_over:
            job.account.advance(self._at)
            self._route(job)

    def _route(self, job: _Job) -> None:
        """Let a ticket that waits for people stand in the queue of its tier."""
        tier = job.account.ticket.tier
        if not (job.is_answered or job.is_taken or tier in (BOT, job.waits_as)):
            self._floor.put(job, self._at, tier, is_escalated=tier != _first_tier(job))
            self._match()
        self._watch(job)

    def _watch(self, job: _Job) -> None:
        """Plan to look at the ticket when its tier's patience ends."""
        clock = job.account.ticket.live(Metric.ESCALATION)
        fire = None if clock is None or job.is_taken else clock.next_fire()
        if fire is not None and fire[0] + 1 != job.watched:
            job.watched = fire[0] + 1  # what is due becomes true right after its instant
            self._plan(job.watched, self._escalate, job)

    def _match(self) -> None:
        """Idle agents on duty take what is most urgent; those off duty see to it when they come."""
        for seat, job in self._floor.matches(self._at):
            assert isinstance(job, _Job)  # noqa: S101 - we put nothing else there
            works = job.case.works
            work = works[min(job.replies, len(works) - 1)]
            self._floor.load.work += work
            self._plan(self._at + work, self._reply, job, seat)
        if self._floor.waiting:
            for seat in self._floor.idle:
                opens = seat.agent.shifts.next_open(self._at)
                if opens > self._at and opens != seat.wakes_at:
                    seat.wakes_at = opens
                    self._plan(opens, self._match)

    def _reply(self, job: _Job, seat: Seat) -> None:
        self._happen(job, EventKind.AGENT_MESSAGE)
        self._floor.load.replies += 1
        job.is_answered, job.is_taken = True, False
        job.replies += 1
        if job.replies <= len(job.case.thinks):
            self._happen(job, EventKind.STATUS, {"status": PENDING})
            self._plan(self._at + job.case.thinks[job.replies - 1], self._write_again, job)
        else:
            self._happen(job, EventKind.STATUS, {"status": RESOLVED})
            self._close(job, is_resolved=True)
        self._floor.idle.append(seat)
        self._match()

    def _write_again(self, job: _Job) -> None:
        job.is_answered = False
        self._happen(job, EventKind.CONTACT_MESSAGE)
        self._route(job)

    def _happen(self, job: _Job, kind: EventKind, told: Any = None) -> None:
        event = Event(self._at, kind, dict(told or {}))
        job.events.append(event)
        job.account.happen(event)

    def _close(self, job: _Job, *, is_resolved: bool) -> None:
        job.is_over = True
        job.account.close()
        del self._open[job.number]
        history = History(job.number, self._rulebook.id, job.events)
        self._finished.append(Finished(history, is_resolved))


def _first_tier(job: Job) -> str:
    """Whose turn it is after the bot's."""
    return job.account.ticket.policy.next_tier(BOT) or AGENT
