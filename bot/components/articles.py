"""Which article of the knowledge base a message may be asking for, and whether it asks for any."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.linear import LinearClassifier
from bot.components.tokenizer import NormalizingTokenizer
from bot.components.vectors import CONCEPT, Grams

ARTICLES = "articles"
"""Of a message: `general`, how much rather it asks for an article than for what an intent does
(0 is the border), and `ranking`, the likeliest articles with their scores, the likeliest first.
Far below the border (`FAR`), where nobody answers with an article, there is no ranking."""

FAR = -1.0

GRAMS = (Grams("word", 1, 2), Grams("char_wb", 2, 5), Grams(CONCEPT, 1, 1, weight=0.5))
_LONGEST = 1500  # characters: what a wall of text is about stands in its beginning
_ASKS, _ORDERS = "article", "intent"
_FOREIGN = "out_of_scope"
_GATE, _CHOICE = "gate", "choice"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ArticleFinder(GraphComponent):
    """Ranks the articles in `folder` for each message; the message's intent is left alone.

    Two linear machines: one tells questions for articles from all that intents are taught with,
    the other tells the articles apart. What they learn from are the articles' own titles,
    questions, tags and answers.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The lemmas it reads come from a tokenizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the articles are, C of the machines, and how many articles to report."""
        return {"version": 2, "folder": "data/knowledge/articles", "C": 0.7, "ranking_length": 5}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other articles are another model."""
        if "folder" not in config:  # Rasa asks once more of what it took from its cache
            return None
        digest = hashlib.sha256()
        for path in sorted(Path(config["folder"]).glob("*/*.md")):
            digest.update(path.as_posix().encode() + path.read_bytes())
        return digest.hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        learnt: tuple[LinearClassifier, LinearClassifier] | None = None,
    ) -> None:
        """A component that has not `learnt` finds nothing; learnt are the gate and the choice."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._learnt = learnt

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ArticleFinder:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ArticleFinder:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            if not (folder / _GATE).is_dir():
                return cls(config, model_storage, resource)
            gate, choice = (LinearClassifier.load(folder / name) for name in (_GATE, _CHOICE))
        return cls(config, model_storage, resource, (gate, choice))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the articles, and from the examples of all intents what is none of them."""
        texts, keys = self._articles()
        others = [example for example in training_data.intent_examples if example.get(TEXT)]
        foreign = [_words(example) for example in others if example.get(INTENT) == _FOREIGN]
        if len(set(keys)) > 1 and foreign:
            strength = self._config["C"]
            ordered = [_words(example) for example in others]
            labels = [_ASKS] * len(texts) + [_ORDERS] * len(ordered)
            gate = LinearClassifier.fit_margins([*texts, *ordered], labels, GRAMS, strength)
            named = [*keys, *([""] * len(foreign))]
            choice = LinearClassifier.fit_margins([*texts, *foreign], named, GRAMS, strength)
            self._learnt = (gate, choice)
        with self._model_storage.write_to(self._resource) as folder:
            for name, machine in zip((_GATE, _CHOICE), self._learnt or (), strict=False):
                (folder / name).mkdir()
                machine.save(folder / name)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add to the examples."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Say of each message which articles it may be asking for."""
        for message in messages:
            text = message.get(TEXT)
            if self._learnt is not None and text and not text.startswith("/"):
                found = self._found(_words(message), *self._learnt)
                message.set(ARTICLES, found, add_to_output=True)
        return messages

    def _found(
        self, words: str, gate: LinearClassifier, choice: LinearClassifier
    ) -> dict[str, Any] | None:
        sides = gate.scores(words)
        if sides is None:
            return None
        by_side = dict(zip(gate.classes, map(float, sides), strict=True))
        general = round(by_side[_ASKS] - by_side[_ORDERS], 3)
        if general < FAR:
            return {"general": general, "ranking": []}
        scores = choice.scores(words)
        if scores is None:
            return None
        best = [int(at) for at in np.argsort(-scores) if choice.classes[at]]
        return {
            "general": general,
            "ranking": [
                {"id": choice.classes[at], "score": round(float(scores[at]), 3)}
                for at in best[: self._config["ranking_length"]]
            ],
        }

    def _articles(self) -> tuple[list[str], list[str]]:
        """What the articles say of themselves, as the tokenizer reads it, and which says it."""
        texts: list[str] = []
        keys: list[str] = []
        tokenizer = NormalizingTokenizer(NormalizingTokenizer.get_default_config())
        for path in sorted(Path(self._config["folder"]).glob("*/*.md")):
            front = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
            said = [front["title"], front["answer"], *front["questions"], *front["tags"]]
            for text in map(str, said):
                tokens = tokenizer.tokenize(Message({TEXT: text}), TEXT)
                texts.append(" ".join(token.lemma for token in tokens))
                keys.append(str(front["id"]))
        return texts, keys


def _words(message: Message) -> str:
    tokens: Sequence[Any] = message.get("text_tokens") or ()
    return " ".join(token.lemma for token in tokens)[:_LONGEST] or message.get(TEXT).lower()
