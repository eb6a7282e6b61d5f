"""What contacts bring to the desk, whoever answers: the demand of a simulation."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random
from typing import Any

from sla_service.sla.events import Event, EventKind
from sla_service.sla.instants import HOUR, MINUTE, SECOND
from sla_service.sla.promises import BOT, PENDING, RESOLVED
from sla_service.sla.replay import History

_LOOKED_AHEAD = 4096
_TOLD = ("priority", "channel", "segment", "intent", "language", "tags")


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket's demand; instants and spans in microseconds."""

    number: int
    at: int
    """When the contact writes first."""
    facts: Mapping[str, Any]
    """What `opened` carries."""
    bot_time: int
    """How long the bot is at it before it solved the problem or gives up."""
    is_solved_by_bot: bool
    works: tuple[int, ...]
    """How long a person works on each reply, at least one: the bot may be overtaken."""
    thinks: tuple[int, ...] = ()
    """How long the contact takes to write again after each reply but the last."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How long people take, as medians; half the time it is less, and now and then far more."""

    work: int = 2 * MINUTE
    work_spread: float = 0.7
    think: int = 10 * MINUTE
    think_spread: float = 1.3
    bot_share: float | None = None
    """How many of the tickets the bot solves, from 0 to 1; None: as it was, or as is usual."""

    def works(self, draw: Random, replies: int) -> tuple[int, ...]:
        """How long a person works on each of so many replies."""
        return tuple(around(draw, self.work, self.work_spread) for _ in range(replies))

    def thinks(self, draw: Random, replies: int) -> tuple[int, ...]:
        """How long the contact waits after each but the last of so many replies."""
        return tuple(around(draw, self.think, self.think_spread) for _ in range(replies - 1))


def around(draw: Random, median: int, spread: float) -> int:
    """A span of the lognormal kind, from a second to a week."""
    span = round(draw.lognormvariate(math.log(median), spread))
    return min(max(span, SECOND), 7 * 24 * HOUR)


def recorded(histories: Iterable[History], habits: Habits, seed: int) -> Iterator[Case]:
    """What contacts brought, in the order of their first messages.

    Histories come in the order of tickets' numbers, which is nearly that of their beginnings: a
    few thousand are held back to put them right. How long work takes is not recorded: it is
    drawn, the same for the same seed.
    """
    held: list[tuple[int, int, Case]] = []
    for history in histories:
        draw = Random(f"{seed}:{history.ticket_id}")  # noqa: S311 - a simulation keeps no secret
        case = _case(history, habits, draw)
        if case is not None:
            heappush(held, (case.at, case.number, case))
        if len(held) > _LOOKED_AHEAD:
            yield heappop(held)[2]
    while held:
        yield heappop(held)[2]


def _case(history: History, habits: Habits, draw: Random) -> Case | None:
    """The demand in what happened. None: the contact never wrote."""
    seen = _Seen()
    for event in history.events:
        seen.look(event)
    if seen.first is None:
        return None
    is_bots = not seen.is_persons
    if habits.bot_share is not None:
        is_bots = draw.random() < habits.bot_share
    return Case(
        number=history.ticket_id,
        at=seen.first,
        facts=seen.facts,
        bot_time=around(draw, MINUTE, 0.8) if seen.bot_time is None else seen.bot_time,
        is_solved_by_bot=is_bots,
        works=habits.works(draw, len(seen.thinks) + 1),
        thinks=tuple(seen.thinks),
    )


@dataclass(slots=True)
class _Seen:
    """What contacts did in a history, apart from when they were answered."""

    facts: dict[str, Any] = field(default_factory=dict)
    """As they were known in the end."""
    first: int | None = None
    thinks: list[int] = field(default_factory=list)
    bot_time: int | None = None
    """Until the bot was done, less what it waited for the contact."""
    is_persons: bool = False
    _replied_at: int | None = None
    _asked_at: int | None = None
    _asked: int = 0

    def look(self, event: Event) -> None:
        """See one event."""
        told = event.payload
        self.facts |= {name: told[name] for name in _TOLD if name in told}
        if event.kind is EventKind.CONTACT_MESSAGE:
            self._wrote(event.at)
        elif event.kind is EventKind.STATUS:
            self._is_asked(event.at, is_pending=told["status"] == PENDING)
        if event.kind is EventKind.AGENT_MESSAGE:
            self._replied_at = event.at
        if _is_persons(event):
            self.is_persons = True
        if self.first is not None and self.bot_time is None and _leaves_bot(event):
            self._is_asked(event.at, is_pending=False)
            self.bot_time = event.at - self.first - self._asked

    def _wrote(self, at: int) -> None:
        self._is_asked(at, is_pending=False)
        if self.first is None:
            self.first = at
        if self._replied_at is not None:
            self.thinks.append(at - self._replied_at)
        self._replied_at = None

    def _is_asked(self, at: int, *, is_pending: bool) -> None:
        if self._asked_at is not None:
            self._asked += at - self._asked_at
        self._asked_at = at if is_pending else None


def _leaves_bot(event: Event) -> bool:
    is_status = event.kind is EventKind.STATUS
    return _is_persons(event) or (is_status and event.payload["status"] == RESOLVED)


def _is_persons(event: Event) -> bool:
    """Whether people have it from here on."""
    if event.kind in (EventKind.OPENED, EventKind.ASSIGNMENT):
        return bool(event.payload.get("tier", BOT) != BOT)
    return event.kind is EventKind.AGENT_MESSAGE
