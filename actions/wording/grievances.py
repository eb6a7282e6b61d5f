"""What a complaint is about, and in which temper it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions.wording import phrases

_FOLDER = Path(__file__).parents[2] / "data" / "complaints"
_WORD = re.compile(r"[a-z']{2,}")
_FEWEST_WORDS = 3
_FEWEST_LETTERS, _SHOUTED = 15, 0.7
_CRIES = re.compile(r"[!?]{4,}")


def topic_in(text: str) -> str | None:
    """The matter that the words name; None when they name none."""
    said = phrases.comparable(text)
    return next((name for name, found in _topics().items() if found.search(said)), None)


def title(topic: str | None, language: str) -> str:
    """What people read of it; nothing where it has no name."""
    return str(_read("topics")["topics"][topic]["title"][language]) if topic else ""


def tells_something(text: str) -> bool:
    """Whether a complaint says what happened, and not only that there is one."""
    if topic_in(text):
        return True
    words = {word.strip("'") for word in _WORD.findall(phrases.comparable(text))}
    return len(words - _empty()) >= _FEWEST_WORDS


def is_furious(text: str) -> bool:
    """Whether whoever writes has lost patience: by words, capitals, or rows of marks."""
    letters = [letter for letter in text if letter.isalpha()]
    is_shouted = len(letters) >= _FEWEST_LETTERS and (
        sum(map(str.isupper, letters)) / len(letters) >= _SHOUTED
    )
    return is_shouted or bool(_CRIES.search(text)) or _holds("furious", text)


def is_insult(text: str) -> bool:
    """Whether it calls names."""
    return _holds("insults", text)


def _holds(temper: str, text: str) -> bool:
    return bool(_tempers()[temper].search(phrases.comparable(text)))


@cache
def _topics() -> Mapping[str, re.Pattern[str]]:
    listed = _read("topics")["topics"]
    return {name: phrases.pattern(each["words"]) for name, each in listed.items()}


@cache
def _tempers() -> Mapping[str, re.Pattern[str]]:
    return {name: phrases.pattern(words) for name, words in _read("temper").items()}


@cache
def _empty() -> frozenset[str]:
    listed: Mapping[str, str] = _read("topics")["says_nothing"]
    return frozenset(word for words in listed.values() for word in words.split())


@cache
def _read(name: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    return read
