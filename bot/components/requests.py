"""Two requests in one message are two; a greeting before a request is no request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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
_FEW = 2  # of more requests than these, the whole reads less like each
_LONGEST = 500  # characters: a story of that length is told to people, not answered in parts
_END = re.compile(
    r"(?:[.?!…]+|;)[^\w\s]*(?:\s+|$)|\s*\n+\s*"
    r"|,?\s+(?=(?:e tamb[eé]m|e outra coisa|and also|and another thing)\b)"
    r"|,?\s+(?=e (?:qual|quais|quando|onde|quanto|que horas|voc[eê]s|vcs?) )"
    r"|,?\s+(?=and (?:what|when|where|which|how|do you|are you|can you|is there) )",
    re.IGNORECASE,
)

# Of who asks several things, also a comma ends one: "cadê meu pedido, que horas abrem e qual …?",
# and so does what begins with the next thing to do.
_COMMA = re.compile(
    r",\s+(?=(?:qual|quais|quando|onde|quanto|que horas|cad[eê]|kd|voc[eê]s|vcs?|tem|what|when"
    r"|where|which|how|do you|are you|can you|is there|mudar|trocar|cancelar|devolver|rastrear"
    r"|saber|change|exchange|cancel|return|track)\b)",
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
    spans = _cut(text, _END, 0, len(text))
    if len(spans) > 1:
        finer = [part for start, stop in spans for part in _cut(text, _COMMA, start, stop)]
        spans = finer if len(finer) <= _MOST_PARTS else spans
    return spans if 1 < len(spans) <= _MOST_PARTS else []


def _cut(text: str, at: re.Pattern[str], start: int, stop: int) -> list[tuple[int, int]]:
    """The stretches of a text between these ends that say something."""
    spans, begun = [], start
    for end in [*at.finditer(text, start, stop), None]:
        until = end.start() if end else stop
        if any(letter.isalnum() for letter in text[begun:until]):
            spans.append((begun, until))
        begun = end.end() if end else stop
    return spans


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RequestSplitter(GraphComponent):
    """Makes the first request of a message its intent and writes the second to `also`.

    Only when both sentences are understood by themselves, are about different matters, and the
    message as a whole reads like both. `also` is {"text", "intent", "entities"}, and holds an
    `also` of its own where there is a third. A greeting and a request is a request.
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
            if part.intent not in chatter and not self._is_told(part.intent, requests):
                requests.setdefault(part.intent, part)
        whole = message.get(INTENT)["name"]
        is_unclear = whole in {*self._small_talk, _FALLBACK}
        if len(requests) == 1 and is_unclear:
            _mean(message, next(iter(requests.values())))
        elif len(requests) > 1 and (is_unclear or self._is_of(whole, requests)):
            self._set(message, self._likely(message, list(requests.values())))

    def _set(self, message: Message, asked: Sequence[Part]) -> None:
        if len(asked) > 1:
            _mean(message, asked[0])
            message.set("also", _in_turn(message, *asked[1:]), add_to_output=True)

    def _is_of(self, whole: str, requests: Mapping[str, Part]) -> bool:
        """Whether the whole reads like one of them; of many, like another side of one."""
        return whole in requests or (len(requests) > _FEW and self._is_told(whole, requests))

    def _likely(self, message: Message, asked: list[Part]) -> list[Part]:
        """Those that the whole reads like: both of two, and of more those that it may be."""
        ranking = [each["name"] for each in message.get("intent_ranking") or []]
        ranking = [name for name in ranking if name != _FALLBACK]
        if len(asked) > _FEW:
            return [part for part in asked if part.intent in ranking]
        likely = ranking[: self._runners_up]
        return asked if all(part.intent in likely for part in asked) else []

    def _is_told(self, intent: str, requests: Iterable[str]) -> bool:
        """Whether it is but another side of a request ("it's late, I want a refund")."""
        return any({intent, other} <= matter for matter in self._matters for other in requests)


def _mean(message: Message, part: Part) -> None:
    intent = {"name": part.intent, "confidence": part.confidence}
    others = [
        each
        for each in message.get("intent_ranking") or []
        if each["name"] not in {part.intent, _FALLBACK}
    ]
    message.set(INTENT, intent, add_to_output=True)
    message.set("intent_ranking", [dict(intent), *others], add_to_output=True)


def _in_turn(message: Message, part: Part, *more: Part) -> dict[str, Any]:
    """The request with the ones that follow it."""
    request = _as_message(message, part)
    return {**request, "also": _in_turn(message, *more)} if more else request


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
