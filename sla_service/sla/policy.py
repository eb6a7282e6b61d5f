"""What was promised: policies with targets, calendars and an escalation chain, in a version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Metric(StrEnum):
    """What a promise is about."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    ESCALATION = "escalation"


class Calendar(Protocol):
    """Business time: all in whole microseconds, instants since 1970 UTC."""

    def elapsed(self, start: int, end: int) -> int:
        """Business time between two instants; 0 when `end` is not after `start`."""
        ...

    def add(self, start: int, span: int) -> int:
        """The earliest instant at which `span` of business time has passed since `start`."""
        ...


class Starts(StrEnum):
    """When the promise to respond begins."""

    CONTACT_MESSAGE = "contact_message"
    HANDOFF = "handoff"
    """When people get it: what the bot still holds runs no response clock."""


class Reopening(StrEnum):
    """What a reopened ticket's resolution clock does."""

    RESUME = "resume"
    """Goes on with what it had consumed, against today's target."""
    RESTART = "restart"
    """A new cycle from zero."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a policy may match on."""

    priority: str = "normal"
    channel: str = "whatsapp"
    segment: str | None = None
    intent: str | None = None
    language: str | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """Which tickets a policy is for: each named fact must be among its values; empty: any.

    Of `tags`, one is enough.
    """

    priority: frozenset[str] = frozenset()
    channel: frozenset[str] = frozenset()
    segment: frozenset[str] = frozenset()
    intent: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def covers(self, facts: Facts) -> bool:
        """Whether a ticket with these facts falls under it."""
        return (
            _among(facts.priority, self.priority)
            and _among(facts.channel, self.channel)
            and _among(facts.segment, self.segment)
            and _among(facts.intent, self.intent)
            and _among(facts.language, self.language)
            and (not self.tags or not self.tags.isdisjoint(facts.tags))
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A tier of the escalation chain, and how long an unanswered message may stay with it."""

    tier: str
    after: int
    """Microseconds of business time."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a version; immutable."""

    name: str
    match: Match = Match()
    targets: Mapping[Metric, Mapping[str, int]] = field(default_factory=dict)
    """Metric → priority → microseconds; a priority that is absent has no promise."""
    calendars: Mapping[Metric, str] = field(default_factory=dict)
    """Metric → name of a calendar in the rulebook; absent: around the clock."""
    warnings: tuple[float, ...] = ()
    """Fractions of the target, ascending, each above 0 and below 1."""
    bot_counts: bool = False
    """Whether the bot's replies are replies."""
    pauses: Mapping[Metric, frozenset[str]] = field(default_factory=dict)
    """Metric → statuses in which its clock stands still."""
    chain: tuple[Step, ...] = ()
    starts: Starts = Starts.CONTACT_MESSAGE
    reopening: Reopening = Reopening.RESUME

    def target(self, metric: Metric, priority: str, tier: str) -> int | None:
        """What is promised, in microseconds of business time; None: nothing."""
        if metric is Metric.ESCALATION:
            return next((step.after for step in self.chain if step.tier == tier), None)
        return self.targets.get(metric, {}).get(priority)

    def next_tier(self, tier: str) -> str | None:
        """Who is next in the chain; None after the last, or when `tier` is not in it."""
        tiers = [step.tier for step in self.chain]
        if tier not in tiers:
            return None
        place = tiers.index(tier) + 1
        return tiers[place] if place < len(tiers) else None


NO_POLICY = Policy("none")
"""What holds where no policy matches: nothing is promised."""


class AroundTheClock:
    """The calendar that is always open."""

    def elapsed(self, start: int, end: int) -> int:
        """All the time between two instants."""
        return max(end - start, 0)

    def add(self, start: int, span: int) -> int:
        """`span` later."""
        return start + max(span, 0)


ALWAYS = AroundTheClock()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A version of all policies in their order, with the calendars they name; immutable."""

    id: int
    policies: tuple[Policy, ...]
    calendars: Mapping[str, Calendar]

    def choose(self, facts: Facts) -> Policy:
        """The first policy that covers a ticket."""
        return next((one for one in self.policies if one.match.covers(facts)), NO_POLICY)

    def calendar(self, policy: Policy, metric: Metric) -> Calendar:
        """What a policy measures a metric by."""
        name = policy.calendars.get(metric)
        return ALWAYS if name is None else self.calendars[name]


def _among(value: str | None, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted
