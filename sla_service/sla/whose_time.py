"""Whose time it was: the bot's, a wait for a person, a person's, or a wait for the contact."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sla_service.sla.clocks import BREACHED
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Effect, Ticket
from sla_service.sla.policy import Metric
from sla_service.sla.promises import BOT, OPEN, PENDING, RESOLVED


class Whose(StrEnum):
    """Who had it in their hands, while the ticket wasn't resolved."""

    BOT = "bot"
    WAITING = "waiting"
    """People had it, and none had answered the contact's message."""
    PERSON = "person"
    """People had it, and the contact had their answer."""
    CONTACT = "contact"
    """It was pending: the contact was waited for."""
    ON_HOLD = "on_hold"


_APART = {PENDING: Whose.CONTACT, "on_hold": Whose.ON_HOLD}


@dataclass(frozen=True, slots=True)
class Spell:
    """All of somebody's time with a ticket, in microseconds."""

    whose: Whose
    business: int
    """By the calendar of the ticket's resolution today."""
    wall: int


def spells(ticket: Ticket, events: Sequence[Event], until: int) -> tuple[Spell, ...]:
    """The time from the first event until an instant, by whose it was.

    `ticket` was folded from all of the events and advanced until then.
    """
    calendar = ticket.rulebook.calendar(ticket.policy, Metric.RESOLUTION)
    business, wall = dict.fromkeys(Whose, 0), dict.fromkeys(Whose, 0)
    hands, since = _Hands(), until
    for step in (*_in_order(events, ticket.effects), None):
        at = until if step is None else step.at
        if (whose := hands.whose) is not None and since < at:
            business[whose] += calendar.elapsed(since, at)
            wall[whose] += at - since
        since = at
        if step is not None:
            hands = hands.after(step)
    return tuple(Spell(one, business[one], wall[one]) for one in Whose)


def _in_order(events: Sequence[Event], effects: Sequence[Effect]) -> Iterator[Event | Effect]:
    """What happened, and what became true by itself; at one instant, the event comes first."""
    escalated = [one for one in effects if one.metric is Metric.ESCALATION and one.kind == BREACHED]
    steps: list[Event | Effect] = [*events, *escalated]
    yield from sorted(steps, key=lambda step: step.at)


@dataclass(frozen=True, slots=True)
class _Hands:
    """What a ticket looks like to whoever asks whose turn it is."""

    status: str = OPEN
    tier: str = BOT
    is_waiting: bool = False
    is_with_person: bool = False
    """A person answered last, whoever the ticket is assigned to."""
    has_begun: bool = False
    is_over: bool = False

    @property
    def whose(self) -> Whose | None:
        if not self.has_begun or self.is_over or self.status == RESOLVED:
            return None
        if self.status in _APART:
            return _APART[self.status]
        if self.is_with_person:
            return Whose.PERSON
        if self.tier == BOT:
            return Whose.BOT
        return Whose.WAITING if self.is_waiting else Whose.PERSON

    def after(self, step: Event | Effect) -> "_Hands":
        if isinstance(step, Effect):
            return replace(self, tier=step.next_tier or self.tier)
        if self.is_over:
            return self
        return replace(self, has_begun=True, **self._changes(step))

    def _changes(self, event: Event) -> dict[str, Any]:
        told = event.payload
        changes = dict(_CHANGES.get(event.kind, {}))
        match event.kind:
            case EventKind.CONTACT_MESSAGE if self.status in {RESOLVED, PENDING}:
                changes["status"] = OPEN
            case EventKind.OPENED | EventKind.STATUS | EventKind.ASSIGNMENT:
                changes = {name: told[name] for name in ("status", "tier") if name in told}
                if changes.get("status") == RESOLVED:
                    changes |= {"is_waiting": False, "is_with_person": False}
                elif changes.get("tier") == BOT:
                    changes["is_with_person"] = False
            case EventKind.MERGED_FROM if told.get("unanswered_at") is not None:
                changes = {"is_waiting": True, "is_with_person": False}
        return changes


_CHANGES: dict[EventKind, dict[str, Any]] = {
    EventKind.CONTACT_MESSAGE: {"is_waiting": True, "is_with_person": False},
    EventKind.AGENT_MESSAGE: {"is_waiting": False, "is_with_person": True},
    EventKind.MERGED_INTO: {"is_over": True},
}
