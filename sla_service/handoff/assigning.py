"""Who gets a conversation next: a pure choice among the people who are there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Strategy(StrEnum):
    """How conversations are spread over those who can take them."""

    LEAST_LOADED = "least_loaded"
    """Whoever has the most room, as a part of what they can take."""
    ROUND_ROBIN = "round_robin"
    """Whoever got something longest ago."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who answers: what they can, and what they have to do."""

    id: int
    is_there: bool = True
    languages: Collection[str] = ()
    """Empty: any."""
    skills: Collection[str] = ()
    team: str | None = None
    capacity: int = 5
    load: int = 0
    """Conversations that they hold, and offers that wait for their answer."""
    last_given_at: datetime | None = None

    @property
    def has_room(self) -> bool:
        """Whether they are there and can take one more."""
        return self.is_there and self.load < self.capacity


@dataclass(frozen=True, slots=True)
class Need:
    """What a conversation asks of whoever gets it, and who had it offered already."""

    language: str | None = None
    skill: str | None = None
    team: str | None = None
    agent_id: int | None = None
    declined: Collection[int] = ()
    """Who said no."""
    let_pass: Sequence[int] = ()
    """Who let an offer pass, the latest last; the others come first."""


def choose(people: Sequence[Candidate], need: Need, strategy: Strategy) -> Candidate | None:
    """Who gets it; None: nobody can take it now.

    What nobody in the house can (a skill, a language, a team) is not insisted on: else it would
    wait for ever.
    """
    fit = [one for one in _fitting(people, need) if one.has_room and one.id not in need.declined]
    wished = [one for one in fit if one.id == need.agent_id and one.id not in need.let_pass]
    if wished:
        return wished[0]
    return min(fit, key=lambda one: (_passed(one, need), *_rank(one, strategy)), default=None)


def _fitting(people: Sequence[Candidate], need: Need) -> list[Candidate]:
    fit = list(people)
    fit = _if_any(fit, (one for one in fit if need.team in {None, one.team}))
    fit = _if_any(fit, (one for one in fit if need.skill is None or need.skill in one.skills))
    return _if_any(
        fit,
        (
            one
            for one in fit
            if need.language is None or not one.languages or need.language in one.languages
        ),
    )


def _if_any(people: list[Candidate], narrower: Iterable[Candidate]) -> list[Candidate]:
    return list(narrower) or people


def _passed(one: Candidate, need: Need) -> int:
    """Nobody's turn comes again before everybody had one."""
    passed = [place for place, who in enumerate(need.let_pass, 1) if who == one.id]
    return max(passed, default=0)


def _rank(one: Candidate, strategy: Strategy) -> tuple[float, datetime, int]:
    given_at = one.last_given_at or _LONG_AGO
    if strategy is Strategy.ROUND_ROBIN:
        return 0, given_at, one.id
    return one.load / one.capacity, given_at, one.id
