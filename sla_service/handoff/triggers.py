"""Words that call for people at once, as the shop lists them in `data/desk/triggers.yml`."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sla_service.conversations.plain_words import plain
from sla_service.handoff.tables import Reason
from sla_service.tickets.tables import Priority

_LONGEST_TEXT = 4096
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]
Phrases = Mapping[Literal["pt", "en"], list[Phrase]]


class TriggersUnreadable(Exception):
    """The file of the words that call for people is not as it should be."""


class TriggerDocument(BaseModel):
    """One entry of the file: words by language, what cancels them, and what they mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Literal[Reason.URGENT, Reason.FRAUD, Reason.LEGAL, Reason.COMPLAINT]
    priority: Priority
    words: Phrases
    unless: Phrases = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that was found: why people are needed, how much it matters, and in which language."""

    reason: Reason
    priority: Priority
    language: str
    word: str


@dataclass(frozen=True, slots=True)
class _Listed:
    reason: Reason
    priority: Priority
    words: Mapping[str, re.Pattern[str]]
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Triggers:
    """All lists, the most important first."""

    listed: tuple[_Listed, ...] = ()

    def find(self, text: str) -> Trigger | None:
        """The first list of which a word stands in a text, whatever its case and accents."""
        said = _comparable(text[:_LONGEST_TEXT])
        for one in self.listed:
            rest = one.unless.sub(" ", said) if one.unless else said
            for language, words in one.words.items():
                if found := words.search(rest):
                    return Trigger(one.reason, one.priority, language, found[0])
        return None


def of(documents: Iterable[TriggerDocument]) -> Triggers:
    """Triggers that look for what documents list."""
    return Triggers(
        tuple(
            _Listed(
                one.reason,
                one.priority,
                {name: _any_of(words) for name, words in one.words.items() if words},
                _any_of(cancelling) if (cancelling := _flat(one.unless)) else None,
            )
            for one in documents
        )
    )


def load(data_dir: Path) -> Triggers:
    """The triggers of the file. Raises TriggersUnreadable."""
    path = data_dir / "desk" / "triggers.yml"
    try:
        listed = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["triggers"]
        return of(TriggerDocument.model_validate(one) for one in listed)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValidationError) as error:
        raise TriggersUnreadable(f"{path}: {error}") from error


def _flat(phrases: Phrases) -> list[str]:
    return [phrase for listed in phrases.values() for phrase in listed]


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of some phrases as whole words; `*` at an end stands for any ending."""
    return re.compile("|".join(_pattern(phrase) for phrase in phrases))


def _pattern(phrase: str) -> str:
    words = [re.escape(word) for word in _comparable(phrase.rstrip("*")).split()]
    end = r"\w*" if phrase.endswith("*") else r"\b"
    return rf"\b{r'\s+'.join(words)}{end}"


def _comparable(text: str) -> str:
    return plain(unicodedata.normalize("NFC", text)).replace("’", "'")
