"""Sizes, colours, products, dates and codes in a message, each with one value for all spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.spelling import without_accents
from bot.components.value_patterns import KINDS

_LONGEST = 1500  # characters looked at: what comes later in a wall of text is no order's detail
# Any four to eight digits may be an order's number, until the words around them say otherwise.
_GUESSED = "order_number"
_OF_A_CARD = re.compile(
    r"\b(?:ending(?: in| with)?|final|finais|terminad[oa](?: em)?|termina em)\W*$", re.IGNORECASE
)
_BEFORE = 20  # characters before a number that may say what it is


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ValueExtractor(GraphComponent, EntityExtractorMixin):
    """Adds what no other extractor has found; the first of two that overlap stays.

    But what is a postcode, a date or a code by its form or its words is no order number. What
    others found gets one spelling too.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """A version that renews the cache."""
        return {"version": 2}

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
                entities = list(_plainly(text, message.get(ENTITIES, [])))
                for found in self.add_extractor_name(list(_values(text[:_LONGEST]))):
                    others = [other for other in entities if _overlap(found, other)]
                    if all(other["entity"] == _GUESSED for other in others):
                        entities = [each for each in entities if each not in others] + [found]
                message.set(ENTITIES, entities, add_to_output=True)
        return messages


def _values(text: str) -> Iterator[dict[str, Any]]:
    plain = _same_length(text)
    for kind in KINDS:
        for match in kind.pattern.finditer(plain if kind.plain else text):
            start, end = match.span("v")
            value = kind.value(match)
            if value is not None:
                yield {
                    "entity": kind.entity,
                    "start": start,
                    "end": end,
                    "value": value,
                    "confidence_entity": 1.0,
                }


def _plainly(text: str, entities: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What others found: order numbers as digits, e-mails in lower case; no end of a card."""
    for each in entities:
        if each["entity"] == _GUESSED:
            if not _OF_A_CARD.search(text[: each["start"]][-_BEFORE:]):
                yield {**each, "value": re.sub(r"\D", "", str(each["value"]))}
        elif each["entity"] == "email":
            yield {**each, "value": str(each["value"]).lower()}
        else:
            yield each


def _same_length(text: str) -> str:
    """Lower case without accents, every character where it was."""
    return "".join(without_accents(letter)[:1] or letter for letter in text)


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])
