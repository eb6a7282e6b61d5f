"""Whom a handoff goes to: rules as data, of which the first that fits counts."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from sla_service.conversations.plain_words import plain
from sla_service.handoff.tables import Reason
from sla_service.tickets.tables import Priority

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


def _listed(value: object) -> object:
    """A single value stands for a list of one."""
    return [value] if isinstance(value, str) else value


type _Some[T] = Annotated[list[T], BeforeValidator(_listed), Field(max_length=100)]


class When(BaseModel):
    """What must be so: each part that is named must hold, one of its values is enough."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keywords: _Some[Word] = []
    """Words or phrases in what the contact wrote, whatever their case and accents."""
    reason: _Some[Reason] = []
    intent: _Some[Word] = []
    language: _Some[Literal["pt", "en"]] = []
    priority: _Some[Priority] = []
    tag: _Some[Word] = []
    contact: _Some[Word] = []
    """Numbers, user ids or user names."""
    channel: _Some[Word] = []
    business_hours: Literal["open", "closed"] | None = None


class Then(BaseModel):
    """What becomes of it; what is absent stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    skill: Word | None = None
    team: Word | None = None
    agent: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    """Who gets it if they are there and have room; else whoever can."""
    priority: Priority | None = None
    tags: _Some[Word] = []
    queue: Literal["offered", "picked"] = "offered"
    """Offered to somebody, or left for people to pick."""


class Rule(BaseModel):
    """One rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    when: When = When()
    then: Then
    is_active: bool = True


class Rules(BaseModel):
    """All rules, in the order in which they are tried."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: Annotated[list[Rule], Field(max_length=500)]


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at; kept with each handoff, so that a dry run asks the same question."""

    reason: str
    text: str = ""
    intent: str | None = None
    language: str | None = None
    priority: str = Priority.NORMAL.value
    tags: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    channel: str = "whatsapp"
    is_open: bool = True

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {**asdict(self), "tags": list(self.tags), "contact": list(self.contact)}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Self:
        """As it was kept."""
        lists = {"tags": tuple(kept["tags"]), "contact": tuple(kept["contact"])}
        return cls(**{**kept, **lists})


def first(rules: Sequence[Rule], facts: Facts) -> Rule | None:
    """The first active rule that fits; None: nothing special."""
    said = _comparable(facts.text)
    return next((rule for rule in rules if rule.is_active and _fits(rule.when, facts, said)), None)


def _fits(when: When, facts: Facts, said: str) -> bool:
    wanted = when.business_hours
    return (
        (wanted is None or (wanted == "open") == facts.is_open)
        and _among(facts.reason, when.reason)
        and _among(facts.intent, when.intent)
        and _among(facts.language, when.language)
        and _among(facts.priority, when.priority)
        and _among(facts.channel, when.channel)
        and _meet(facts.tags, when.tag)
        and _meet(map(_identity, facts.contact), [_identity(one) for one in when.contact])
        and (not when.keywords or any(_stands_in(word, said) for word in when.keywords))
    )


def _among(value: str | None, wanted: Sequence[str]) -> bool:
    return not wanted or value in wanted


def _meet(values: Iterable[str], wanted: Sequence[str]) -> bool:
    return not wanted or not set(wanted).isdisjoint(values)


def _identity(text: str) -> str:
    """A number without its punctuation, a user name without its @, in small letters."""
    digits = re.sub(r"[\s()+.-]", "", text)
    return digits if digits.isdigit() else text.removeprefix("@").lower()


def _stands_in(word: str, said: str) -> bool:
    pattern = r"\s+".join(re.escape(part) for part in _comparable(word).split())
    return re.search(rf"\b{pattern}\b", said) is not None


def _comparable(text: str) -> str:
    return plain(unicodedata.normalize("NFC", text))
