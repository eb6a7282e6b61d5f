"""Tickets with random lives: events, policies and calendars in which instants like to coincide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, combinations
from math import prod
from typing import Any

from hypothesis import strategies as st

from sla_service.sla.business_time import BusinessTime, Hours
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import HOUR, MINUTE, SECOND, instant
from sla_service.sla.policy import (
    Calendar,
    Match,
    Metric,
    Policy,
    Reopening,
    Rulebook,
    Starts,
    Step,
)

# A Friday evening in São Paulo: a lunch break, a weekend and a change of the clocks are near.
FRIDAY = instant(datetime(2018, 11, 2, 20, 30, tzinfo=UTC))
PRIORITIES = ("low", "normal", "high", "urgent")
STATUSES = ("open", "pending", "on_hold", "resolved")
TIERS = ("bot", "agent", "senior", "lawyer")  # a lawyer stands in no chain
PROMISES = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)
ALWAYS_OPEN = "always open"

CALENDARS: dict[str, Calendar] = {
    "shop": BusinessTime(
        Hours(
            "America/Sao_Paulo",
            {**dict.fromkeys(range(5), ((540, 720), (780, 1080))), 5: ((540, 780),)},
            closed=frozenset({date(2018, 11, 5)}),
        )
    ),
    "night": BusinessTime(
        Hours("America/Sao_Paulo", dict.fromkeys(range(7), ((1320, 360), (1065, 1095))))
    ),
    ALWAYS_OPEN: BusinessTime(Hours("America/Sao_Paulo", always_open=True)),
}


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket's whole log, and the rulebooks it may come under; it begins under the first."""

    rulebooks: tuple[Rulebook, ...]
    events: tuple[Event, ...]

    def find(self, rulebook_id: int) -> Rulebook:
        """The rulebook of an id."""
        return self.rulebooks[rulebook_id - 1]

    def fresh(self) -> Ticket:
        """Before anything happened."""
        return Ticket.fresh(self.rulebooks[0], self.find)

    def told(self, events: Sequence[Event] | None = None) -> Ticket:
        """After all of its events, or after others."""
        ticket = self.fresh()
        for event in self.events if events is None else events:
            ticket.apply(event)
        return ticket

    @property
    def end(self) -> int:
        """Long after its last event: all that fires has fired."""
        return self.events[-1].at + 90 * 24 * HOUR


# Few and round, so that events meet deadlines and warnings to the microsecond.
_SPANS = (MINUTE, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR)
_GAPS = (0, 0, 0, 1, SECOND, *_SPANS, 5 * MINUTE, 15 * MINUTE, 2 * HOUR, 15 * HOUR)
GAPS = st.one_of(st.sampled_from(_GAPS), st.integers(0, 3 * 24 * HOUR))
_WARNINGS = (0.25, 0.5, 0.8, 0.9)
_CHAINS: tuple[tuple[str, ...], ...] = ((), TIERS[:1], TIERS[1:3], TIERS[:3])


def _picks(*pools: Sequence[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """One of each, by a single draw: that is what makes many stories cheap to invent."""

    def pick(number: int) -> tuple[Any, ...]:
        picked = []
        for pool in pools:
            number, place = divmod(number, len(pool))
            picked.append(pool[place])
        return tuple(picked)

    return st.integers(0, prod(map(len, pools)) - 1).map(pick)


def _subsets(values: Sequence[Any]) -> list[tuple[Any, ...]]:
    return list(chain.from_iterable(combinations(values, size) for size in range(len(values) + 1)))


_MATCHES = _picks(
    [frozenset(one) for one in [(), *_subsets(PRIORITIES)]],
    [frozenset(), frozenset({"fraud_report"})],
    [frozenset(), frozenset({"vip"})],
)
_TARGETS = _picks(*[(None, *_SPANS)] * len(PRIORITIES))
_MEASURES = _picks(
    *[(None, *CALENDARS)] * len(Metric), *[_subsets(("pending", "on_hold"))] * len(Metric)
)
_WAYS = _picks(_subsets(_WARNINGS), (False, True), _CHAINS, list(Starts), list(Reopening))
_PATIENCE = _picks(*[_SPANS] * 3)


@st.composite
def policies(draw: st.DrawFn, name: str, *, bot_counts: bool | None = None) -> Policy:
    """A policy with promises for some priorities, some of them by a calendar."""
    priority, intent, tags = draw(_MATCHES)
    measures = draw(_MEASURES)
    warnings, counts, tiers, starts, reopening = draw(_WAYS)
    spans = {metric: zip(PRIORITIES, draw(_TARGETS), strict=True) for metric in PROMISES}
    return Policy(
        name,
        match=Match(priority=priority, intent=intent, tags=tags),
        targets={
            metric: {priority: span for priority, span in found if span is not None}
            for metric, found in spans.items()
        },
        calendars={
            metric: calendar
            for metric, calendar in zip(Metric, measures, strict=False)
            if calendar is not None
        },
        warnings=warnings,
        bot_counts=counts if bot_counts is None else bot_counts,
        pauses={
            metric: frozenset(statuses)
            for metric, statuses in zip(Metric, measures[len(Metric) :], strict=True)
        },
        chain=tuple(map(Step, tiers, draw(_PATIENCE))),
        starts=starts,
        reopening=reopening,
    )


@st.composite
def rulebooks(draw: st.DrawFn, rulebook_id: int, *, bot_counts: bool | None = None) -> Rulebook:
    """A few policies; some tickets may fall under none."""
    names = [f"policy {nth}" for nth in range(draw(st.integers(1, 3)))]
    found = tuple(draw(policies(name, bot_counts=bot_counts)) for name in names)
    return Rulebook(rulebook_id, found, CALENDARS)


_HAPPENED: list[tuple[EventKind, dict[str, Any]]] = [
    *[(EventKind.CONTACT_MESSAGE, {})] * 4,
    *[(EventKind.AGENT_MESSAGE, {})] * 2,
    *[(EventKind.BOT_MESSAGE, {})] * 2,
    (EventKind.NOTE, {}),
    (EventKind.ACKNOWLEDGEMENT, {}),
    *[(EventKind.STATUS, {"status": status}) for status in STATUSES],
    *[(EventKind.PRIORITY, {"priority": one}) for one in PRIORITIES],
    *[(EventKind.ASSIGNMENT, {"tier": tier}) for tier in TIERS],
    (EventKind.ATTRIBUTES, {"intent": "fraud_report"}),
    (EventKind.ATTRIBUTES, {"tags": ["vip"]}),
    (EventKind.ATTRIBUTES, {"intent": None, "tags": []}),
    (EventKind.RULEBOOK, {"rulebook": 1}),
    (EventKind.RULEBOOK, {"rulebook": 2}),
    (EventKind.MERGED_FROM, {"first_contact_at": 2 * HOUR, "unanswered_at": 5 * MINUTE}),
    (EventKind.MERGED_FROM, {"first_contact_at": 24 * HOUR, "unanswered_at": None}),
    (EventKind.MERGED_FROM, {"first_contact_at": 30 * MINUTE, "unanswered_at": 30 * MINUTE}),
    (EventKind.MERGED_INTO, {}),
]
_STEPS = st.one_of(
    _picks(_HAPPENED, _GAPS),
    st.tuples(st.sampled_from(_HAPPENED), st.integers(0, 3 * 24 * HOUR)),
)
_OPENED = _picks((None, *PRIORITIES), (None, *TIERS), (None, None, *STATUSES), (False, True, True))


@st.composite
def logs(draw: st.DrawFn, max_size: int = 16) -> tuple[Event, ...]:
    """A life; most begin with the contact's message."""
    priority, tier, status, is_spoken_to = draw(_OPENED)
    opened = {"priority": priority, "tier": tier, "status": status}
    at = FRIDAY
    told = [Event(at, EventKind.OPENED, {key: one for key, one in opened.items() if one})]
    if is_spoken_to:
        told.append(Event(at, EventKind.CONTACT_MESSAGE))
    for (kind, said), gap in draw(st.lists(_STEPS, min_size=1, max_size=max_size)):
        at += gap
        payload = said
        if kind is EventKind.MERGED_FROM:  # said: how long ago
            payload = {key: None if ago is None else at - ago for key, ago in said.items()}
        told.append(Event(at, kind, payload))
    return tuple(told)


@st.composite
def stories(draw: st.DrawFn, *, bot_counts: bool | None = None) -> Story:
    """A ticket's life under one or two rulebooks."""
    books = tuple(draw(rulebooks(number, bot_counts=bot_counts)) for number in (1, 2))
    return Story(books, draw(logs()))
