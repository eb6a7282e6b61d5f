"""Single words that go into responses: what a way to pay or a weekday is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

_DATA = Path(__file__).parents[2] / "data"


def word(topic: str, group: str, key: str, language: str) -> str:
    """What `key` is called, as `data/<topic>/words.yml` says; `other` for what it doesn't have."""
    known = _read(topic)[group]
    return known.get(key, known.get("other", {})).get(language, key)


def listed(items: Sequence[str], language: str) -> str:
    """`a, b e c`."""
    if len(items) < 2:
        return "".join(items)
    joint = " and " if language == "en" else " e "
    return ", ".join(items[:-1]) + joint + items[-1]


@cache
def _read(topic: str) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    path = _DATA / topic / "words.yml"
    read: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(
        path.read_text(encoding="utf-8")
    )
    return read
