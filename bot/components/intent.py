"""What the person wants: one sparse linear classifier over both languages."""

from __future__ import annotations

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

from bot.components.linear import Grams, LinearClassifier

_GRAMS = (Grams("word", 1, 2), Grams("char_wb", 2, 5))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TfidfIntentClassifier(IntentClassifier, GraphComponent):
    """Ranks the intents of a message; retrieval intents (`faq/<key>`) resolve to their key."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The lemmas it reads come from a tokenizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """C of the regression, its iterations, how many intents to report, cache version."""
        return {"C": 10.0, "max_iter": 500, "ranking_length": 5, "version": 1}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classifier: LinearClassifier | None = None,
    ) -> None:
        """A component without `classifier` knows nothing until it is trained."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier

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
            classifier = LinearClassifier.load(folder) if any(folder.iterdir()) else None
        return cls(config, model_storage, resource, classifier)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [_features(example) for example in examples]
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        if len(set(labels)) > 1:
            self._classifier = LinearClassifier.fit(
                texts, labels, _GRAMS, self._config["C"], self._config["max_iter"]
            )
        with self._model_storage.write_to(self._resource) as folder:
            if self._classifier is not None:
                self._classifier.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add to the examples."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message its intent, ranking and, for retrieval intents, the response key."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/") and self._classifier is not None:
                self._classify(message, self._classifier)
            else:  # a button's payload is read by Rasa at the end, but all expect an intent
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
        return messages

    def _classify(self, message: Message, classifier: LinearClassifier) -> None:
        shares = classifier.probabilities(_features(message))
        by_label = dict(zip(classifier.classes, map(float, shares), strict=True))
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


def _features(message: Message) -> str:
    tokens = message.get("text_tokens")
    return " ".join(token.lemma for token in tokens) if tokens else message.get(TEXT).lower()


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
