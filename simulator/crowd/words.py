"""What shoppers say of their own accord, read from `words.yml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from simulator.crowd.goals import Goal

_FILE = Path(__file__).with_name("words.yml")
_Phrases = list[str]


class Phrases(BaseModel):
    """The phrases of one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agree: _Phrases
    refuse: _Phrases
    thanks: _Phrases
    impatient: _Phrases
    waver: _Phrases
    person: _Phrases
    no_photo: _Phrases
    any: _Phrases
    one: _Phrases
    foot: _Phrases
    body: _Phrases
    name: _Phrases
    reasons: dict[Goal, _Phrases]
    again: dict[Goal, _Phrases]


class Words(BaseModel):
    """Both languages, and the words that tell choices and changes apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pt: Phrases
    en: Phrases
    matters: dict[Goal, _Phrases]
    changes: dict[Goal, _Phrases]


def phrases(language: str) -> Phrases:
    """What is said in this language."""
    return _words().en if language == "en" else _words().pt


def matters() -> Mapping[Goal, _Phrases]:
    """By which words somebody finds their matter among others, the best first."""
    return _words().matters


def changes() -> Mapping[Goal, _Phrases]:
    """What a read-back may be about for somebody with this goal."""
    return _words().changes


@cache
def _words() -> Words:
    return Words.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
