"""Sizes, colours, products, dates and codes in a message, each with one value for all spellings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.spelling import without_accents
from bot.components.value_tables import COLORS, MONTHS, PRODUCTS

_LONGEST = 1500  # characters looked at: what comes later in a wall of text is no order's detail

_LETTERS = r"(?:PP|XXG|XG|EXG|GGG|GG|G[1-4]|XXS|XS|XXXL|XXL|XL|[PMGSL])"
_NUMBER = r"(?:1\d|[2-5]\d|[1-9])(?:[.,]5)?"
_WEARS = (
    r"tamanhos?|tam|numero|num|numeracao|size|sizes|visto|veste|vestem|uso|usa|usam|calco|calca o"
    r"|serve o|wear|wears|take an?|it in|tem no|tem em|tem o|pelo|pela|do you have|between|entre"
)
_ITEM = r"(?:an?|the|o|os|um|uma|in|no|em|e|is|eh|uk|us|eu|br)"


@dataclass(frozen=True)
class _Kind:
    """One way to find an entity; the group `v` is its text."""

    entity: str
    pattern: re.Pattern[str]
    value: Callable[[re.Match[str]], str]
    plain: bool = True  # looked for in lower case without accents


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ValueExtractor(GraphComponent, EntityExtractorMixin):
    """Adds what no other extractor has found; the first of two that overlap stays."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """A version that renews the cache."""
        return {"version": 1}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ValueExtractor:
        """The component; it has nothing to learn."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Write each message's values."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                entities = list(message.get(ENTITIES, []))
                for found in self.add_extractor_name(list(_values(text[:_LONGEST]))):
                    if not any(_overlap(found, other) for other in entities):
                        entities.append(found)
                message.set(ENTITIES, entities, add_to_output=True)
        return messages


def _values(text: str) -> Iterator[dict[str, Any]]:
    plain = _same_length(text)
    for kind in _KINDS:
        for match in kind.pattern.finditer(plain if kind.plain else text):
            start, end = match.span("v")
            yield {
                "entity": kind.entity,
                "start": start,
                "end": end,
                "value": kind.value(match),
                "confidence_entity": 1.0,
            }


def _same_length(text: str) -> str:
    """Lower case without accents, every character where it was."""
    return "".join(without_accents(letter)[:1] or letter for letter in text)


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _code(match: re.Match[str]) -> str:
    return re.sub(r"\W", "", match["v"]).upper()


def _postal(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match["v"])
    return f"{digits[:-3]}-{digits[-3:]}"


def _size(match: re.Match[str]) -> str:
    return match["v"].upper().replace(",", ".")


def _date(match: re.Match[str]) -> str:
    """ISO 8601, with a dash for each part that isn't said: "--03-12" is a 12th of March."""
    parts = match.groupdict()
    day, month, year = int(parts["d"]), parts.get("m"), parts.get("y")
    if month is None:
        return f"---{day:02}"
    number = int(month) if month.isdigit() else MONTHS[month[:3]]
    if year is None:
        return f"--{number:02}-{day:02}"
    return f"{int(year) + (2000 if len(year) == 2 else 0)}-{number:02}-{day:02}"


def _listed(table: dict[str, str]) -> re.Pattern[str]:
    longest_first = sorted(table, key=len, reverse=True)
    words = "|".join("[ -]".join(map(re.escape, word.split())) for word in longest_first)
    return re.compile(rf"\b(?P<v>{words})\b")


_MONTH = "|".join(f"{month}[a-z]*" for month in MONTHS)
_KINDS = (
    _Kind("tracking_code", re.compile(r"\b(?P<v>[a-z]{2} ?\d{9} ?[a-z]{2})\b"), _code),
    _Kind("postal_code", re.compile(r"(?<![\d-])(?P<v>\d{5}-\d{3})(?![\d-])"), _postal),
    _Kind(
        "postal_code",
        re.compile(r"\b(?:cep|codigo postal)\b\D{0,12}(?P<v>\d{8}|\d{4}-\d{3})\b"),
        _postal,
    ),
    _Kind(
        "date",
        re.compile(
            r"(?<![\d/])(?P<v>(?P<d>0?[1-9]|[12]\d|3[01])/(?P<m>0?[1-9]|1[0-2])"
            r"(?:/(?P<y>(?:20)?\d\d))?)(?![\d/])"
        ),
        _date,
    ),
    _Kind(
        "date",
        re.compile(
            rf"\b(?P<v>(?P<d>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)? (?:de |of )?(?P<m>{_MONTH})"
            r"(?: (?:de )?(?P<y>20\d\d))?)\b"
        ),
        _date,
    ),
    _Kind(
        "date",
        re.compile(rf"\b(?P<v>(?P<m>{_MONTH}) (?P<d>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?)\b"),
        _date,
    ),
    _Kind("date", re.compile(r"\b(?P<v>dia (?P<d>[12]\d|3[01]|0?[1-9]))\b(?![/:])"), _date),
    _Kind("date", re.compile(r"\b(?P<v>the (?P<d>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th))\b"), _date),
    _Kind(
        "size",
        re.compile(
            rf"\b(?:{_WEARS})(?:\s+{_ITEM}){{0,2}}\s*:?\s*"
            rf"(?P<v>{_LETTERS.lower()}|{_NUMBER})(?![\w.,/:-]\d|\w| ?(?:anos|years|dias|days|cm))"
        ),
        _size,
    ),
    _Kind(
        "size",
        re.compile(
            r"\b(?:no|em|in|do|por um|for an?) (?P<v>3[3-9]|4\d|5[0-4])"
            r"(?![\w.,/:-]\d|\w|%| ?(?:x|anos|years|dias|days|hours|horas|cm|reais|minut))"
        ),
        _size,
    ),
    _Kind("size", re.compile(rf"(?<![\w'’.-])(?P<v>{_LETTERS})(?![\w'’.-])"), _size, plain=False),
    _Kind("color", _listed(COLORS), lambda match: COLORS[match["v"].replace("-", " ")]),
    _Kind("product", _listed(PRODUCTS), lambda match: PRODUCTS[match["v"].replace("-", " ")]),
)
