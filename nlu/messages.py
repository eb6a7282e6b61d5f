"""Messages whose meaning is known: those that the bot learns from, and those to measure it with."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("pt", "en")
OUTSIDE = "out_of_scope"
FALLBACK = "nlu_fallback"
OWN = "own"
OWN_FOLDER = ROOT / "tests" / "bot" / "nlu"


@dataclass(frozen=True)
class Value:
    """An entity in a text, and the value that all its spellings share."""

    entity: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Asked:
    """One message and what a fair judge accepts; `entities` is None where nobody marked them."""

    text: str
    intent: str
    language: str
    tier: str = "-"
    accepted: frozenset[str] = frozenset()
    entities: tuple[Value, ...] | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What floors and tables are kept for."""
        return self.language, self.intent


@cache
def taught() -> tuple[Asked, ...]:
    """Every example of both languages, in the order of the files."""
    return tuple(
        _asked(each, language, "taught")
        for language in LANGUAGES
        for path in sorted((ROOT / "data").rglob(f"nlu.{language}.yml"))
        for each in RasaYAMLReader().read(path).intent_examples
    )


def own() -> tuple[Asked, ...]:
    """Our own messages to measure with, in both languages."""
    return read(sorted(OWN_FOLDER.glob("*.yml")))


def read(paths: Iterable[Path]) -> tuple[Asked, ...]:
    """Messages to measure with, from tables (`…_pt.tsv`) and from files like ours."""
    return tuple(
        each for path in paths for each in (_yaml(path) if path.suffix == ".yml" else _table(path))
    )


def examples(messages: Iterable[Asked]) -> list[Message]:
    """Messages as Rasa learns from them."""
    return [
        Message.build(
            each.text,
            each.intent,
            entities=[_entity(value, each.text) for value in each.entities or ()],
        )
        for each in messages
    ]


def _yaml(path: Path) -> list[Asked]:
    """Our own files; in those called `entities.…` every entity is marked."""
    is_marked = path.stem.startswith("entities")
    return [
        _asked(each, _language(path), OWN, is_marked)
        for each in RasaYAMLReader().read(path).intent_examples
    ]


def _table(path: Path) -> list[Asked]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Asked(
            row["text"],
            row["intent"],
            _language(path),
            row.get("tier") or "-",
            frozenset(filter(None, (row.get("accept_also") or "").split(","))),
        )
        for row in rows
    ]


def _language(path: Path) -> str:
    """`…_pt.tsv` and `….pt.yml` are Portuguese."""
    return "pt" if "pt" in path.stem.replace(".", "_").split("_") else "en"


def _asked(message: Message, language: str, tier: str, is_marked: bool = True) -> Asked:
    marked = tuple(
        Value(each["entity"], each["start"], each["end"], str(each["value"]))
        for each in message.get("entities", [])
    )
    return Asked(
        message.get("text"),
        message.get("intent"),
        language,
        tier,
        entities=marked if is_marked else None,
    )


def _entity(value: Value, text: str) -> dict[str, object]:
    return {
        "entity": value.entity,
        "start": value.start,
        "end": value.end,
        "value": value.value,
        "text": text[value.start : value.end],
    }
