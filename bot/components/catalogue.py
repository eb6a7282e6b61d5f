"""The shop's own products in a message, by whatever part of their name is enough to tell them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.spelling import without_accents

_FILE = "catalogue.json"
_LONGEST = 1500  # characters looked at
_WORD = re.compile(r"[\w'’]+")
_SMALL_WORDS = frozenset(
    ("a", "com", "da", "de", "do", "e", "o", "and", "for", "of", "the", "with")
)
_FEWEST_WORDS = 2  # one word alone ("Aurora") may be a street, a shopper or a colour


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CatalogueExtractor(GraphComponent, EntityExtractorMixin):
    """Adds `product` entities whose value is the product's name in the shop's first language.

    A dictionary from runs of words to products: half the time of spaCy's PhraseMatcher over the
    same three thousand names, without its 460 MB.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The file with the catalogue, read at training; the languages that name a product."""
        return {"version": 1, "file": "simulator/shop/catalogue.json", "languages": ["pt", "en"]}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        names: dict[str, str] | None = None,
    ) -> None:
        """`names` maps what a product may be called, words joined by spaces, to its value."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._learn(names or {})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CatalogueExtractor:
        """A component that knows no product yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CatalogueExtractor:
        """The component with the products of its training."""
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, names)

    def train(self, training_data: TrainingData) -> Resource:
        """Read the catalogue; a shop without one has no names to find."""
        path = Path(self._config["file"])
        if path.exists():
            products = json.loads(path.read_text(encoding="utf-8"))["products"]
            self._learn(names_of(products, self._config["languages"]))
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(self._names), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Write each message's products, in place of shorter entities inside their names."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/") and self._names:
                found = self.add_extractor_name(list(self._products(text[:_LONGEST])))
                kept = [
                    each
                    for each in message.get(ENTITIES, [])
                    if not any(
                        own["start"] <= each["start"] and each["end"] <= own["end"] for own in found
                    )
                ]
                message.set(ENTITIES, [*kept, *found], add_to_output=True)
        return messages

    def _learn(self, names: dict[str, str]) -> None:
        self._names = names
        self._longest: dict[str, int] = {}
        for name in names:
            words = name.split()
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def _products(self, text: str) -> Iterator[dict[str, Any]]:
        spans = [(word.start(), word.end()) for word in _WORD.finditer(text)]
        kept = [(span, plain) for span in spans if (plain := _plain(text[slice(*span)]))]
        at = 0
        while at < len(kept):
            length = self._length_at(kept, at)
            if length:
                start, end = kept[at][0][0], kept[at + length - 1][0][1]
                name = " ".join(word for _, word in kept[at : at + length])
                yield {
                    "entity": "product",
                    "start": start,
                    "end": end,
                    "value": self._names[name],
                    "confidence_entity": 1.0,
                }
            at += length or 1

    def _length_at(self, words: list[tuple[tuple[int, int], str]], at: int) -> int:
        """How many of the words from here on are a product's name, as many as possible."""
        longest = min(self._longest.get(words[at][1], 0), len(words) - at)
        for length in range(longest, 0, -1):
            if " ".join(word for _, word in words[at : at + length]) in self._names:
                return length
        return 0


def names_of(products: Iterable[dict[str, Any]], languages: list[str]) -> dict[str, str]:
    """What each product may be called: its name, and its first and last word if no other's."""
    called: dict[str, str] = {}
    short: dict[str, str] = {}
    times: Counter[str] = Counter()
    for product in products:
        for language in languages:
            words = list(filter(None, map(_plain, _WORD.findall(product.get(language) or ""))))
            if len(words) < _FEWEST_WORDS:
                continue
            called[" ".join(words)] = product[languages[0]]
            pair = f"{words[0]} {words[-1]}"
            short[pair] = product[languages[0]]
            times[pair] += 1
    return {**{pair: value for pair, value in short.items() if times[pair] == 1}, **called}


def _plain(word: str) -> str:
    """The word without accents and a plural's s; nothing for the small words between others."""
    plain = without_accents(word).replace("’", "'")
    if plain in _SMALL_WORDS:
        return ""
    return plain.removesuffix("s") or plain
