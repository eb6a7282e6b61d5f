"""Words that say no more, or yes again, as designers list them in `data/desk/keywords.yml`."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from sla_service.conversations.plain_words import plain

_LONGEST = 60  # characters; what is longer is a sentence
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_GAPS = re.compile(r"\s+")
_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=_LONGEST)]
_Words = Mapping[Literal["pt", "en"], list[_Word]]


class KeywordsUnreadable(Exception):
    """The file of the words that stop and start messages is not as it should be."""


class Wish(StrEnum):
    """What a keyword asks for."""

    OUT = "opt_out"
    IN = "opt_in"
    IN_AGAIN = "opt_in_again"
    """Counts only for who has said no before; from everybody else it means something else."""


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    opt_out: _Words
    opt_in: _Words
    opt_in_again: _Words


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword that a message consists of, and the language it is listed under."""

    wish: Wish
    language: str


@dataclass(frozen=True, slots=True)
class Keywords:
    """Each by its plain form: a message is one when nothing else stands in it."""

    listed: Mapping[str, Keyword]

    def find(self, text: str) -> Keyword | None:
        """The keyword that a whole message is, whatever its case, accents and punctuation."""
        return self.listed.get(_comparable(text)) if len(text) <= _LONGEST else None


def load(data_dir: Path) -> Keywords:
    """The keywords of the file. Raises KeywordsUnreadable, and for a word that means two things."""
    path = data_dir / "desk" / "keywords.yml"
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["keywords"]
        document = _Document.model_validate(raw)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValidationError) as error:
        raise KeywordsUnreadable(f"{path}: {error}") from error
    listed: dict[str, Keyword] = {}
    for word, keyword in _all(document):
        known = listed.setdefault(word, keyword)
        if known.wish is not keyword.wish:
            raise KeywordsUnreadable(f"{path}: {word} means {known.wish} and {keyword.wish}")
    return Keywords(listed)


def _all(document: _Document) -> Iterable[tuple[str, Keyword]]:
    for wish in Wish:
        words: _Words = getattr(document, wish.value)
        for language, listed in words.items():
            for word in listed:
                yield _comparable(word), Keyword(wish, language)


def _comparable(text: str) -> str:
    words = plain(unicodedata.normalize("NFC", text))
    return _GAPS.sub(" ", _EDGES.sub("", words))
