"""The language a message is written in, when it says enough to tell."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.components.linear import LinearClassifier
from bot.components.spelling import visible, without_accents
from bot.components.vectors import Grams
from bot.components.wishes import wished_language

logger = logging.getLogger(__name__)

_NEUTRAL = (
    "a as app cep chat cpf e email g gg k link m menu me no normal o ok okay online p pdf pix pp"
    " r s site sms status total transfer uber video web whatsapp x xg xl y zap"
)
# Who only says a name speaks no language by it.
_NAMES = (
    "adriana alice aline amanda ana andre anna antonio beatriz bianca bruna bruno camila"
    " carla carlos carolina caio claudia daniel daniela david diego eduardo emily emma fabio"
    " felipe fernanda fernando flavia francisco gabriel gabriela guilherme gustavo helena igor"
    " isabela jack james jessica joao john jorge jose juliana julia kate larissa laura"
    " leonardo leticia lima lucas lucia luis luiz luiza manuel marcelo marcos maria mariana"
    " marina mario mary mateus matheus michael miguel natalia nicolas oliver olivia otavio"
    " patricia paula paulo pedro rafael rafaela raquel renata ricardo roberto rodrigo sandra"
    " sarah sergio sofia sophie thiago thomas tiago vanessa victor vinicius vitoria william"
    " almeida alves araujo barbosa cardoso carvalho clark duarte fernandes ferreira garcia"
    " gomes goncalves jones lopes martins mendes moreira nunes oliveira pereira ribeiro rocha"
    " rodrigues santos silva smith souza sousa teixeira vieira williams wilson"
)
_STRETCHED = re.compile(r"(\D)\1{2,}")
_GRAMS = (Grams("char_wb", 1, 4),)
_MUCH_MORE = 5  # times as often as in the other language: the word tells
_LONGEST = 600  # characters: a wall of text tells its language at once
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
# Addresses, links, codes and numbers say nothing about the language around them.
_NOT_WORDS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\S*\d\S*|[^\w\s'’-]|_")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageDetector(GraphComponent):
    """Writes `parse_data["language"]`: {"name": "pt" | "en" | None, "confidence", "explicit"}.

    `name` is None unless the message decides: "ok", "no", "M", "38", an emoji, an order number
    or a person's name never switch a conversation's language. Learns from the data's own language
    files, not from message metadata, which `rasa data split` destroys.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How sure it must be, where the examples are, and words that belong to no language."""
        return {
            "version": 4,
            "threshold": 0.8,
            "C": 10.0,
            "max_iter": 500,
            "files": {"pt": "data/**/nlu.pt.yml", "en": "data/**/nlu.en.yml"},
            "neutral": [*_NEUTRAL.split(), *_NAMES.split()],
            "wishes": {
                "pt": ["português", "portugues", "portuguese", "pt-br", "ptbr", "brazilian"],
                "en": ["inglês", "ingles", "english", "inglish", "englis"],
            },
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classifier: LinearClassifier | None = None,
        evidence: dict[str, str] | None = None,
    ) -> None:
        """`evidence` maps each word that only one language's files contain to that language."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier
        self._evidence = evidence or {}
        self._neutral = frozenset(config["neutral"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
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
    ) -> LanguageDetector:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            words = folder / "evidence.json"
            if not words.exists():
                return cls(config, model_storage, resource)
            evidence = json.loads(words.read_text(encoding="utf-8"))
            return cls(config, model_storage, resource, LinearClassifier.load(folder), evidence)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the language files; without them only explicit wishes are understood.

        The training data only tells Rasa's cache when to train again.
        """
        sentences = {
            language: list(_sentences(pattern))
            for language, pattern in self._config["files"].items()
        }
        with self._model_storage.write_to(self._resource) as folder:
            if all(sentences.values()) and len(sentences) > 1:
                self._learn(sentences)
                self._write(folder)
            else:
                logger.warning(
                    "No examples for every language in %s: only an explicit wish"
                    " will decide the language.",
                    self._config["files"],
                )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add to the examples."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Write each message's language."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = {"name": None, "confidence": 0.0, "explicit": False}
            if not text.startswith("/"):
                found = self._of(visible(text[:_LONGEST]))
            message.set("language", found, add_to_output=True)
        return messages

    def _of(self, text: str) -> dict[str, Any]:
        wish = wished_language(text, self._config["wishes"])
        if wish is not None:
            return {"name": wish, "confidence": 1.0, "explicit": True}
        words = _words(text)
        telling = [plain for word in words if (plain := _plain(word)) not in self._neutral]
        if self._classifier is None or not telling:
            return {"name": None, "confidence": 0.0, "explicit": False}
        shares = self._classifier.probabilities(" ".join(words))
        best = int(shares.argmax())
        name, confidence = self._classifier.classes[best], round(float(shares[best]), 3)
        # Letters alone can look Portuguese or English in a name; a word of the language must back
        # them.
        is_backed = any(self._evidence.get(word) == name for word in telling)
        decides = is_backed and confidence >= self._config["threshold"]
        return {"name": name if decides else None, "confidence": confidence, "explicit": False}

    def _learn(self, sentences: dict[str, list[str]]) -> None:
        # Phones type "nao" as often as "não".
        spelled = {
            language: [
                form for text in known for form in dict.fromkeys((text, without_accents(text)))
            ]
            for language, known in sentences.items()
        }
        texts = [text for known in spelled.values() for text in known]
        labels = [language for language, known in spelled.items() for _ in known]
        self._classifier = LinearClassifier.fit(
            texts, labels, _GRAMS, self._config["C"], self._config["max_iter"]
        )
        seen = {
            language: Counter(without_accents(word) for text in known for word in text.split())
            for language, known in sentences.items()
        }
        # Who mixes languages says "meu order": once in a while is no reason to doubt a word.
        self._evidence = {
            word: language
            for language, words in seen.items()
            for word, times in words.items()
            if all(
                times >= _MUCH_MORE * others[word]
                for other, others in seen.items()
                if other != language
            )
        }

    def _write(self, folder: Path) -> None:
        if self._classifier is not None:
            self._classifier.save(folder)
        (folder / "evidence.json").write_text(json.dumps(self._evidence), encoding="utf-8")


def _plain(word: str) -> str:
    return _STRETCHED.sub(r"\1", without_accents(word))


def _sentences(pattern: str) -> Iterator[str]:
    """The words of every example in the files, without what is annotated as an entity."""
    for path in sorted(Path().glob(pattern)):
        for block in read_yaml_file(path).get("nlu") or []:
            for text in _examples(block.get("examples")):
                words = " ".join(_words(_ENTITY.sub(" ", text)))
                if words and "intent" in block:
                    yield words


def _examples(examples: str | Iterable[dict[str, str]] | None) -> Iterator[str]:
    if isinstance(examples, str):
        for line in examples.splitlines():
            yield line.lstrip("- ").strip()
    else:
        for example in examples or []:
            yield example["text"].strip().lstrip("- ")


def _words(text: str) -> list[str]:
    return _WORD.findall(_NOT_WORDS.sub(" ", text.lower()))
