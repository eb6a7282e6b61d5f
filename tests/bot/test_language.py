"""A message decides the language only when it says enough; a wish always does."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.language import LanguageDetector
from bot.components.wishes import wished_language
from tests.bot.server import PROJECT

CONTEXT = ExecutionContext(GraphSchema({}))
NAMES = LanguageDetector.get_default_config()["wishes"]


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageDetector]:
    """A detector that learnt from the little shop, went to disk and came back."""
    before = Path.cwd()
    os.chdir(PROJECT)
    try:
        yield trained(tmp_path_factory.mktemp("language"))
    finally:
        os.chdir(before)


def trained(folder: Path) -> LanguageDetector:
    config = LanguageDetector.get_default_config()
    storage, resource = LocalModelStorage(folder), Resource("language")
    LanguageDetector.create(config, storage, resource, CONTEXT).train(TrainingData())
    return LanguageDetector.load(config, storage, resource, CONTEXT)


def language_of(detector: LanguageDetector, text: str) -> dict[str, object]:
    message = detector.process([Message({"text": text})])[0]
    found = message.as_dict(only_output_properties=True)["language"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cadê meu pedido 48213?", "pt"),
        ("oi, quero falar com uma pessoa", "pt"),
        ("nao quero mais", "pt"),
        ("where is my order 48213?", "en"),
        ("hi, i want to talk to a person", "en"),
        ("i don't want it anymore", "en"),
    ],
)
def test_a_sentence_decides(detector: LanguageDetector, text: str, name: str) -> None:
    found = language_of(detector, text)
    assert (found["name"], found["explicit"]) == (name, False)


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "OK!",
        "no",
        "M",
        "38",
        "GG",
        "👍",
        "48213",
        "#48213",
        "pix",
        "ana@loja.com.br",
        "https://loja.com.br/pedido/1",
        "AA123456789BR",
        "Ana Souza",
        "Priya",
        "João Silva",
        "R$ 199,90",
        "/affirm",
        "???",
        "kkkk",
        "",
        "\u200b",
    ],
)
def test_a_neutral_text_decides_nothing(detector: LanguageDetector, text: str) -> None:
    assert language_of(detector, text)["name"] is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("english", "en"),
        ("English please", "en"),
        ("in english please", "en"),
        ("can we speak English?", "en"),
        ("do you speak english?", "en"),
        ("could you answer me in english", "en"),
        ("i'd prefer english", "en"),
        ("inglês", "en"),
        ("em inglês, por favor", "en"),
        ("pode falar em inglês?", "en"),
        ("não falo português", "en"),
        ("i don't speak portuguese", "en"),
        ("sorry, I can't really read portuguese", "en"),
        ("português", "pt"),
        ("em português por favor", "pt"),
        ("quero em portugues", "pt"),
        ("fala português?", "pt"),
        ("muda pra português", "pt"),
        ("não entendo inglês", "pt"),
        ("i don't understand english", "pt"),
        ("portuguese please", "pt"),
        ("please switch from english to portuguese", "pt"),
    ],
)
def test_a_wish_is_explicit(detector: LanguageDetector, text: str, name: str) -> None:
    assert language_of(detector, text) == {"name": name, "confidence": 1.0, "explicit": True}


@pytest.mark.parametrize(
    "text",
    [
        "english or portuguese?",
        "comprei uma camisa da seleção portuguesa",
        "o livro de inglês não chegou",
        "my english breakfast tea is late",
        "where is my order",
    ],
)
def test_a_language_that_is_only_mentioned_is_no_wish(text: str) -> None:
    assert wished_language(text, NAMES) is None


def test_without_the_files_only_wishes_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    detector = trained(tmp_path)
    assert language_of(detector, "cadê meu pedido")["name"] is None
    assert language_of(detector, "in english please")["name"] == "en"
