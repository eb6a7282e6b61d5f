"""The words of alerts, read from `words/` where people can change them."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sla_service.notify.values import LANGUAGES

_FOLDER = Path(__file__).parent / "words"
_FORMATTER = string.Formatter()


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words, as the file nests them."""

    tree: Mapping[str, Any]

    def say(self, *path: str, **values: object) -> str:
        """The sentence at `path`, in one line."""
        return str(self._at(path)).format(**values)

    def lines(self, *path: str, **values: object) -> list[str]:
        """The text at `path`, without the lines that have a field without a value."""
        text = str(self._at(path))
        return [
            line.format(**values)
            for line in text.splitlines()
            if all(values.get(name) not in {None, ""} for name in fields(line))
        ]

    def name(self, group: str, name: str) -> str:
        """What people call a metric, a tier or a priority; its own name when none is given."""
        return str(self.tree[group].get(name, name))

    def month(self, number: int) -> str:
        """A month's short name, from 1."""
        return str(self.tree["months"][number - 1])

    def _at(self, path: tuple[str, ...]) -> Any:
        found: Any = self.tree
        for step in path:
            found = found[step]
        return found


def fields(text: str) -> set[str]:
    """The names of the fields in a sentence."""
    return {name for _, name, _, _ in _FORMATTER.parse(text) if name is not None}


@cache
def read(language: str) -> Words:
    """The words of a language; Portuguese for one that isn't known."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    return Words(
        yaml.load(_FOLDER.joinpath(f"{known}.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    )
