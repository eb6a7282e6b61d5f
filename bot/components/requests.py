"""Two requests in one message are two; a greeting before a request is no request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

PARTS = "parts"
"""What the classifier makes of each sentence, for the splitter alone: not in the output."""

_FALLBACK = "nlu_fallback"
_MOST_PARTS = 4
_LONGEST = 500  # characters: a story of that length is told to people, not answered in parts
_END = re.compile(
    r"(?:[.?!…]+|;)[^\w\s]*(?:\s+|$)|\s*\n+\s*"
    r"|,?\s+(?=(?:e tamb[eé]m|e outra coisa|and also|and another thing)\b)"
    r"|,?\s+(?=e (?:qual|quais|quando|onde|quanto|que horas|voc[eê]s|vcs?) )"
    r"|,?\s+(?=and (?:what|when|where|which|how|do you|are you|can you|is there) )",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """A sentence of a message and what it wants."""

    start: int
    end: int
    intent: str
    confidence: float


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a short message begin and end; nothing when there is but one."""
    if len(text) > _LONGEST:
        return []
    spans, start = [], 0
    for end in [*_END.finditer(text), None]:
        stop = end.start() if end else len(text)
        if any(letter.isalnum() for letter in text[start:stop]):
            spans.append((start, stop))
        start = end.end() if end else stop
    return spans if 1 < len(spans) <= _MOST_PARTS else []


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RequestSplitter(GraphComponent):
    """Makes the first request of a message its intent and writes the second to `also`.

    Only when both sentences are understood by themselves, are about different matters, and the
    message as a whole reads like both. `also` is {"text", "intent", "entities"}. A greeting and a
    request is a request.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """A classifier that judges sentences too."""
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How sure each part must be; what is no request; what is never done in passing;
        what is one matter seen from two sides."""
        return {
            "version": 1,
            "sure": 0.75,
            "runners_up": 3,
            "small_talk": ["greet", "thank", "goodbye", "menu_choice"],
            "details": ["inform_order_number", "inform_email", "affirm", "deny", "send_media"],
            "alone": ["talk_to_human", "complaint", "fraud_report", "out_of_scope"],
            "one_matter": [
                ["track_order", "order_status", "delivery_late"],
                ["return_item", "exchange_item", "refund_status"],
                ["delivery_late", "refund_status"],
                ["delivery_late", "cancel_order"],
                ["order_status", "payment_issue"],
                ["sizing_help", "size_chart"],
                ["exchange_item", "sizing_help"],
                ["exchange_item", "product_availability"],
            ],
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """See `get_default_config`."""
        self._sure: float = config["sure"]
        self._runners_up: int = config["runners_up"]
        self._small_talk = frozenset(config["small_talk"])
        self._details = frozenset(config["details"])
        self._alone = frozenset(config["alone"])
        self._matters = [frozenset(intents) for intents in config["one_matter"]]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RequestSplitter:
        """The component; it has nothing to learn."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at each message that has several sentences."""
        for message in messages:
            parts: Sequence[Part] = message.get(PARTS) or ()
            if parts and not message.get("urgent"):
                self._split(message, parts)
        return messages

    def _split(self, message: Message, parts: Sequence[Part]) -> None:
        sure = [part for part in parts if part.confidence >= self._sure]
        if any(part.intent in self._alone for part in sure):
            return
        chatter = self._small_talk | self._details
        requests: dict[str, Part] = {}
        for part in sure:
            if part.intent not in chatter and not self._is_told(part, requests):
                requests.setdefault(part.intent, part)
        whole = message.get(INTENT)["name"]
        is_unclear = whole in {*self._small_talk, _FALLBACK}
        if len(requests) == 1 and is_unclear:
            _mean(message, next(iter(requests.values())))
        elif len(requests) > 1 and (whole in requests or is_unclear):
            first, second = list(requests.values())[:2]
            if self._reads_like(message, first, second):
                _mean(message, first)
                message.set("also", _as_message(message, second), add_to_output=True)

    def _is_told(self, part: Part, requests: Iterable[str]) -> bool:
        """Whether a sentence is but another side of a request ("it's late, I want a refund")."""
        return any({part.intent, other} <= matter for matter in self._matters for other in requests)

    def _reads_like(self, message: Message, *parts: Part) -> bool:
        ranking = [each["name"] for each in message.get("intent_ranking") or []]
        likely = [name for name in ranking if name != _FALLBACK][: self._runners_up]
        return all(part.intent in likely for part in parts)


def _mean(message: Message, part: Part) -> None:
    intent = {"name": part.intent, "confidence": part.confidence}
    others = [
        each
        for each in message.get("intent_ranking") or []
        if each["name"] not in {part.intent, _FALLBACK}
    ]
    message.set(INTENT, intent, add_to_output=True)
    message.set("intent_ranking", [dict(intent), *others], add_to_output=True)


def _as_message(message: Message, part: Part) -> dict[str, Any]:
    return {
        "text": message.get(TEXT)[part.start : part.end],
        "intent": {"name": part.intent, "confidence": part.confidence},
        "entities": [
            {**each, "start": each["start"] - part.start, "end": each["end"] - part.start}
            for each in message.get(ENTITIES) or []
            if part.start <= each["start"] and each["end"] <= part.end
        ],
    }
