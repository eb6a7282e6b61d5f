"""Events in, clocks out: what was promised to a ticket, whether it was kept, and what comes next.

A pure fold: the same events under the same rulebooks give the same clocks, whoever looks and
whenever. An event at a deadline comes before the deadline: an answer at the last instant is in
time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar, NamedTuple

from sla_service.sla.clocks import BREACHED, Clock, Ending
from sla_service.sla.events import Event, EventKind
from sla_service.sla.policy import Metric, Reopening, Rulebook, Starts
from sla_service.sla.promises import BOT, OPEN, PENDING, RESOLVED, Find, Promises

RESPONSES = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
_NAMED = ("priority", "channel", "segment", "intent", "language")
_ORDER = {metric: place for place, metric in enumerate(Metric)}


class Effect(NamedTuple):
    """Something that became true about a clock, at a logical instant: it is dated at the deadline,
    whenever anybody notices.
    """

    at: int
    metric: Metric
    cycle: int
    kind: str
    policy: str
    priority: str
    target: int
    tier: str | None = None
    """Escalation: who had it."""
    next_tier: str | None = None
    """Escalation: who gets it; None after the last."""


@dataclass(slots=True)
class Ticket(Promises):
    """One ticket's promises: `apply` and `advance` move them, `effects` is what fired."""

    at: int = 0
    """The last instant that is settled; nothing can happen before it any more."""
    first_contact_at: int | None = None
    unanswered_at: int | None = None
    """The first message of the run that nobody has answered."""
    is_first_done: bool = False
    is_merged: bool = False
    effects: list[Effect] = field(default_factory=list)

    @classmethod
    def fresh(cls, rulebook: Rulebook, find: Find) -> "Ticket":
        """A ticket to which nothing has happened."""
        ticket = cls(rulebook, find)
        ticket.policy = rulebook.choose(ticket.facts)
        return ticket

    @property
    def next_fire_at(self) -> int | None:
        """When something becomes true by itself."""
        first: int | None = None
        for clock in self.clocks:
            if clock.ending is None and (fire := clock.next_fire()) is not None:
                first = fire[0] if first is None else min(first, fire[0])
        return first

    def advance(self, until: int) -> None:
        """Let everything become true whose instant lies before `until`."""
        while True:
            due = [
                (fire[0], fire[1] == BREACHED, _ORDER[clock.metric], fire[1], clock)
                for clock in self.clocks
                if clock.ending is None
                and (fire := clock.next_fire()) is not None
                and fire[0] < until
            ]
            if not due:
                break
            at, _, _, kind, clock = due[0] if len(due) == 1 else min(due, key=lambda one: one[:3])
            self._fire(clock, kind, at)
        self.at = max(self.at, until)

    def apply(self, event: Event) -> None:
        """Let an event happen; one dated before what is settled happens at that instant."""
        at = max(event.at, self.at)
        if self.is_merged:
            self.at = at
            return
        self.advance(at)
        self._HANDLERS[event.kind](self, at, event)

    def _fire(self, clock: Clock, kind: str, at: int) -> None:
        clock.fire(kind, at)
        next_tier = None
        if clock.metric is Metric.ESCALATION:
            next_tier = self.policy.next_tier(self.tier)
        self.effects.append(
            Effect(
                at=at,
                metric=clock.metric,
                cycle=clock.cycle,
                kind=kind,
                policy=self.policy.name,
                priority=self.facts.priority,
                target=clock.target or 0,
                tier=clock.tier,
                next_tier=next_tier,
            )
        )
        if clock.metric is Metric.ESCALATION:
            clock.end(at, "due", Ending.PASSED_ON)
            if next_tier is not None:
                self._move(next_tier, at, f"escalation:{next_tier}")

    def _contact_message(self, at: int, event: Event) -> None:
        cause = event.kind.value
        if self.status in (RESOLVED, PENDING):
            self._set_status(OPEN, at, cause)
        if self.first_contact_at is None:
            self.first_contact_at = at
        if self.cycles.get(Metric.RESOLUTION, 0) == 0:
            self.start(Metric.RESOLUTION, at, cause)
        if self.unanswered_at is None:
            self.unanswered_at = at
            self._await_response(at, cause)
            self.start(Metric.ESCALATION, at, cause)

    def _reply(self, at: int, event: Event) -> None:
        if event.kind is EventKind.BOT_MESSAGE and not self.policy.bot_counts:
            return
        is_first = self.live(Metric.FIRST_RESPONSE) is not None
        for metric in (*RESPONSES, Metric.ESCALATION):
            self._keep(metric, at, event.kind.value)
        if is_first or event.kind is EventKind.AGENT_MESSAGE or not self._is_before_handoff:
            self.is_first_done = True
        self.unanswered_at = None

    def _note(self, at: int, event: Event) -> None:
        """Nobody outside sees it: no promise is touched."""

    def _opened(self, at: int, event: Event) -> None:
        if "rulebook" in event.payload:
            self.rulebook = self.find(event.payload["rulebook"])
        self.status = event.payload.get("status", self.status)
        self.tier = event.payload.get("tier", self.tier)
        self._learn(at, event)

    def _status(self, at: int, event: Event) -> None:
        status = event.payload["status"]
        self._set_status(status, at, f"status:{status}")

    def _learn(self, at: int, event: Event) -> None:
        """Priority or attributes changed: another policy may be the first that matches."""
        told = event.payload
        new = {name: told[name] for name in _NAMED if name in told}
        if "tags" in told:
            new["tags"] = frozenset(told["tags"])
        self.facts = replace(self.facts, **new)
        cause = event.kind.value
        if event.kind is EventKind.PRIORITY:
            cause = f"priority:{self.facts.priority}"
        self.choose_policy(at, cause)

    def _new_rulebook(self, at: int, event: Event) -> None:
        self.rulebook = self.find(event.payload["rulebook"])
        self.choose_policy(at, f"rulebook:{self.rulebook.id}")

    def _assignment(self, at: int, event: Event) -> None:
        tier = event.payload["tier"]
        if tier != self.tier:
            self._keep(Metric.ESCALATION, at, f"assignment:{tier}")
            self._move(tier, at, f"assignment:{tier}")

    def _acknowledgement(self, at: int, event: Event) -> None:
        self.stop(Metric.ESCALATION, at, event.kind.value, Ending.CANCELLED)

    def _merged_into(self, at: int, event: Event) -> None:
        for metric in Metric:
            self.stop(metric, at, event.kind.value, Ending.CANCELLED)
        self.unanswered_at = None
        self.is_merged = True

    def _merged_from(self, at: int, event: Event) -> None:
        """The older anchor counts: whoever has waited longest has waited since then."""
        cause = event.kind.value
        began, waits = event.payload.get("first_contact_at"), event.payload.get("unanswered_at")
        if self.status == RESOLVED:
            return
        if began is not None:
            self.first_contact_at = min(began, self.first_contact_at or began)
            if self.cycles.get(Metric.RESOLUTION, 0) == 0:
                self.start(Metric.RESOLUTION, at, cause)
            self.backdate(Metric.RESOLUTION, began, at, cause)
        if waits is not None:
            if self.unanswered_at is None:
                self._await_response(at, cause)
                self.start(Metric.ESCALATION, at, cause)
            self.unanswered_at = min(waits, self.unanswered_at or waits)
            for metric in (*RESPONSES, Metric.ESCALATION):
                self.backdate(metric, waits, at, cause)

    def _keep(self, metric: Metric, at: int, cause: str) -> None:
        """What was promised is done; where that is too late and nobody has noticed, it is noticed
        now, except that nobody is called for a message that has just been answered.
        """
        clock = self.live(metric)
        ending = Ending.FULFILLED
        if clock is not None and clock.is_overdue(at):
            if metric is Metric.ESCALATION:
                ending = Ending.CANCELLED
            else:
                self._fire(clock, BREACHED, at)
        self.stop(metric, at, cause, ending)

    def _set_status(self, to: str, at: int, cause: str) -> None:
        if to == self.status:
            return
        was, self.status = self.status, to
        if to == RESOLVED:
            self.is_first_done |= self.live(Metric.FIRST_RESPONSE) is not None
            for metric in (*RESPONSES, Metric.ESCALATION):
                self.stop(metric, at, cause, Ending.CANCELLED)
            self._keep(Metric.RESOLUTION, at, cause)
            self.unanswered_at = None
            return
        if was == RESOLVED:
            self._reopen(at, cause)
        for clock in self.clocks:
            self.run_or_stand(clock, at, cause)

    def _reopen(self, at: int, cause: str) -> None:
        last = next((one for one in reversed(self.clocks) if one.metric is Metric.RESOLUTION), None)
        if last is None or last.ending is not Ending.FULFILLED:
            return
        if self.policy.reopening is Reopening.RESTART:
            self.start(Metric.RESOLUTION, at, cause)
            return
        last.reopen()
        self.promise(last)
        self.run_or_stand(last, at, cause)

    def _move(self, tier: str, at: int, cause: str) -> None:
        """Another tier has it: what people promised begins or ends, and their patience starts."""
        is_handoff, self.tier = self._is_before_handoff, tier
        if self._is_before_handoff:
            self.is_first_done |= self.live(Metric.FIRST_RESPONSE) is not None
            for metric in RESPONSES:
                self.stop(metric, at, cause, Ending.CANCELLED)
        elif is_handoff and self._has_only_heard_the_bot:
            self.unanswered_at = at
        if self.unanswered_at is not None:
            self._await_response(at, cause)
            self.start(Metric.ESCALATION, at, cause)

    @property
    def _is_before_handoff(self) -> bool:
        return self.policy.starts is Starts.HANDOFF and self.tier == BOT

    @property
    def _has_only_heard_the_bot(self) -> bool:
        """Whether the contact, whose messages the bot has answered, was never promised a person."""
        return (
            self.policy.bot_counts
            and self.status != RESOLVED
            and self.unanswered_at is None
            and self.first_contact_at is not None
            and not self.is_first_done
        )

    def _await_response(self, at: int, cause: str) -> None:
        if self._is_before_handoff:
            return
        if self.live(Metric.FIRST_RESPONSE) or self.live(Metric.NEXT_RESPONSE):
            return
        self.start(RESPONSES[self.is_first_done], at, cause)

    _HANDLERS: ClassVar[dict[EventKind, Callable[["Ticket", int, Event], None]]] = {
        EventKind.OPENED: _opened,
        EventKind.CONTACT_MESSAGE: _contact_message,
        EventKind.AGENT_MESSAGE: _reply,
        EventKind.BOT_MESSAGE: _reply,
        EventKind.NOTE: _note,
        EventKind.STATUS: _status,
        EventKind.PRIORITY: _learn,
        EventKind.ATTRIBUTES: _learn,
        EventKind.ASSIGNMENT: _assignment,
        EventKind.ACKNOWLEDGEMENT: _acknowledgement,
        EventKind.RULEBOOK: _new_rulebook,
        EventKind.MERGED_INTO: _merged_into,
        EventKind.MERGED_FROM: _merged_from,
    }
