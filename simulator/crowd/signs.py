"""By which words a shopper tells what the desk says, read from `signs.yml`."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from simulator.crowd.plain import plain

_FILE = Path(__file__).with_name("signs.yml")


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
Patterns = Annotated[list[Pattern], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StateClaim(_Part):
    """A sentence about an order, and the states in which it is true."""

    says: Pattern
    true_in: frozenset[str]


class _Signs(_Part):
    asks: list[dict[str, Patterns]]
    signs: dict[str, Patterns]
    states: list[StateClaim]


def shows(text: str, sign: str) -> bool:
    """Whether a text has one of the words of this sign."""
    return _sign(sign).search(plain(text)) is not None


@cache
def asks() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The kinds of questions with their words, those that say most first."""
    return tuple(
        (name, re.compile("|".join(patterns)))
        for entry in _read().asks
        for name, patterns in entry.items()
    )


def states() -> list[StateClaim]:
    """What may be said of an order."""
    return _read().states


@cache
def _sign(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_read().signs[name]))


@cache
def _read() -> _Signs:
    return _Signs.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
