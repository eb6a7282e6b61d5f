"""A message that says it is urgent goes to a person, whatever else it says."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.spelling import without_accents

_BETWEEN_PT = (
    "é era foi está ser seja tão muito mais assim tem ter há nenhuma qualquer precisa de com a"
    " uma isso tanta muita super lá exatamente"
)
_BETWEEN_EN = (
    "is it it's that was so very an any at all really super too be particularly exactly in a of"
    " the this need have"
)
_SHORTEST_WITH_TYPO = 6


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class UrgencyDetector(GraphComponent):
    """Sets the intent and `parse_data["urgent"]` when an urgent word stands un-negated.

    An attribute and not an entity, so that a test story stays `user: "é urgente"` with an intent.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The words it looks at come from a tokenizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Keywords and negations by language; `between` may stand between the two."""
        return {
            "version": 1,
            "intent": "talk_to_human",
            "keywords": {
                "pt": ["urgente", "urgentes", "urgentemente", "urgência", "urgentíssimo"],
                "en": ["urgent", "urgently", "urgency"],
            },
            "negations": {
                "pt": ["não", "nem", "sem", "nada", "nunca", "pouco", "tampouco"],
                "en": ["not", "no", "never", "isn't", "wasn't", "without", "hardly", "don't"],
            },
            "between": {"pt": _BETWEEN_PT.split(), "en": _BETWEEN_EN.split()},
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Compare everything without accents and case."""
        self._intent: str = config["intent"]
        self._keywords = _plain(config["keywords"])
        self._negations = _plain(config["negations"])
        self._between = _plain(config["between"]) | self._negations

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UrgencyDetector:
        """The component; it has nothing to learn."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Send each urgent message to a person."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/") and self._is_urgent(message):
                message.set(INTENT, {"name": self._intent, "confidence": 1.0}, add_to_output=True)
                message.set("urgent", True, add_to_output=True)
        return messages

    def _is_urgent(self, message: Message) -> bool:
        tokens: list[Token] = message.get("text_tokens") or []
        words = [_word(token) for token in tokens]
        return any(
            self._is_keyword(word) and not self._is_negated(at, words, tokens, message.get(TEXT))
            for at, word in enumerate(words)
        )

    def _is_keyword(self, word: str) -> bool:
        return word in self._keywords or any(
            min(len(word), len(keyword)) >= _SHORTEST_WITH_TYPO and is_one_slip_away(word, keyword)
            for keyword in self._keywords
        )

    def _is_negated(self, at: int, words: list[str], tokens: list[Token], text: str) -> bool:
        """Whether a negation reaches the word over nothing but small words ("não é tão urgente").

        Punctuation stops it: "não, é urgente" is urgent. So does any other word: "não chegou e
        é urgente".
        """
        for before in range(at - 1, -1, -1):
            gap = text[tokens[before].end : tokens[before + 1].start]
            if gap.strip(" ") or words[before] not in self._between:
                return False
            if words[before] in self._negations:
                return True
        return False


def is_one_slip_away(typed: str, meant: str) -> bool:
    """Whether one letter is missing, too much, wrong, or swapped with its neighbour."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    rest, wanted = typed[start:], meant[start:]
    return (
        rest[1:] == wanted[1:]
        or rest == wanted[1:]
        or rest[1:] == wanted
        or (rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:])
    )


def _word(token: Token) -> str:
    # Slang counts ("n é urgente"), but a lemma of several words is no single word to compare.
    return str(token.lemma) if " " not in token.lemma else without_accents(token.text)


def _plain(by_language: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(without_accents(word) for words in by_language.values() for word in words)
