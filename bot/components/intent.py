"""What the person wants: linear machines over words and meaning, in both languages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, RESPONSE_SELECTOR, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.judgement import KEPT
from bot.components.meaning import Meaning, meanings
from bot.components.requests import PARTS, Part, sentences
from bot.components.understanding import Understanding, reading_for
from bot.components.unseen import Lessons

LONGEST = 1500  # characters: what a wall of text is about stands in its beginning


def vectors_of(said: Sequence[str]) -> Meaning:
    """What examples mean; those of an earlier training lie beside Rasa's cache."""
    reading = reading_for(len(said))
    name = "-".join(["meanings", *map(str, reading.layers)])
    kept = Path(os.environ.get("RASA_CACHE_DIRECTORY", ".rasa/cache")) / f"{name}.npz"
    return meanings(reading).of_all(said, kept)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TfidfIntentClassifier(IntentClassifier, GraphComponent):
    """Ranks the intents of a message; retrieval intents (`faq/<key>`) resolve to their key."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The lemmas it reads come from a tokenizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """C of the machines, how many intents to report, which share of ours must pass, and
        how sure makes a second look needless (0: there is none)."""
        return {
            "C": 0.7,
            "ranking_length": 5,
            "kept": KEPT,
            "sure": 0.95,
            "version": 9,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        learnt: Understanding | None = None,
    ) -> None:
        """A component that has not `learnt` knows nothing until it is trained."""
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
    ) -> TfidfIntentClassifier:
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
    ) -> TfidfIntentClassifier:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            if not any(folder.iterdir()):
                return cls(config, model_storage, resource)
            return cls(config, model_storage, resource, Understanding.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [_features(example) for example in examples]
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        if len(set(labels)) > 1:
            self._learnt = self._understanding(examples, Lessons(texts, labels))
        with self._model_storage.write_to(self._resource) as folder:
            if self._learnt:
                self._learnt.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add to the examples."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message its intent, ranking and, for retrieval intents, the response key."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/") and self._learnt is not None:
                self._classify(message, self._learnt)
                message.set(PARTS, self._parts(message, self._learnt))
            else:  # a button's payload is read by Rasa at the end, but all expect an intent
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
        return messages

    def _understanding(self, examples: list[Message], lessons: Lessons) -> Understanding:
        strength, kept = self._config["C"], self._config["kept"]
        if not self._config["sure"]:
            return Understanding.fit(lessons, strength, kept)
        with ThreadPoolExecutor(1) as beside:
            vectors = beside.submit(vectors_of, [example.get(TEXT) for example in examples])
            return Understanding.fit(lessons, strength, kept, vectors.result)

    def _classify(self, message: Message, learnt: Understanding) -> None:
        found = learnt.confidences(_features(message), message.get(TEXT), self._config["sure"])
        by_label = dict(zip(learnt.classes, map(float, found), strict=True))
        ranking = self._ranking(by_label)
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        retrieval = {label.split("/")[0] for label in by_label if "/" in label}
        if retrieval:
            message.set(
                RESPONSE_SELECTOR,
                _selected(ranking[0]["name"], retrieval, by_label),
                add_to_output=True,
            )

    def _parts(self, message: Message, learnt: Understanding) -> list[Part]:
        """What each sentence of the message would mean by itself, at first sight."""
        parts = []
        for start, end in sentences(message.get(TEXT)):
            said = message.get(TEXT)[start:end]
            found = learnt.confidences(_features(message, start, end), said, sure=0.0)
            best = self._ranking(dict(zip(learnt.classes, map(float, found), strict=True)))[0]
            parts.append(Part(start, end, best["name"], best["confidence"]))
        return parts

    def _ranking(self, by_label: dict[str, float]) -> list[dict[str, Any]]:
        by_intent: dict[str, float] = {}
        for label, share in by_label.items():
            intent = label.split("/")[0]
            by_intent[intent] = by_intent.get(intent, 0.0) + share
        best = sorted(by_intent.items(), key=lambda entry: -entry[1])
        return [
            {"name": intent, "confidence": round(share, 4)}
            for intent, share in best[: self._config["ranking_length"]]
        ]


def _features(message: Message, start: int = 0, end: int | None = None) -> str:
    tokens = message.get("text_tokens")
    stop = len(message.get(TEXT)) if end is None else end
    words = (
        [token.lemma for token in tokens if start <= token.start < stop]
        if tokens
        else [message.get(TEXT)[start:stop].lower()]
    )
    return " ".join(words)[:LONGEST]


def _selected(intent: str, retrieval: set[str], by_label: dict[str, float]) -> dict[str, Any]:
    """What Rasa's own response selector would write, for the stock `utter_<intent>` actions."""
    selected: dict[str, Any] = {"all_retrieval_intents": sorted(retrieval)}
    if intent in retrieval:
        of_intent = {
            label: share for label, share in by_label.items() if label.startswith(f"{intent}/")
        }
        key = max(of_intent, key=of_intent.__getitem__)
        response = {
            "intent_response_key": key,
            "utter_action": f"utter_{key}",
            "confidence": round(of_intent[key], 4),
            "responses": [],
        }
        selected[intent] = {"response": response, "ranking": []}
    return selected
