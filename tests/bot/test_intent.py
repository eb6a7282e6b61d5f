"""The frozen classifier says what scikit-learn says, and knows what it doesn't know."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from bot.components.intent import TfidfIntentClassifier
from bot.components.linear import LinearClassifier
from bot.components.tokenizer import NormalizingTokenizer
from bot.components.vectors import Grams

EXAMPLES = {
    "track_order": ["cadê meu pedido", "onde está minha compra", "where is my order", "track it"],
    "talk_to_human": ["quero falar com uma pessoa", "atendente", "a human please", "an agent"],
    "faq/pix": ["aceita pix", "posso pagar com pix", "do you take pix", "pay with pix"],
    "faq/hours": ["que horas abre", "horário da loja", "when do you open", "opening hours"],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier training left is not found."""
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))


def trained(tmp_path: Path, **config: Any) -> TfidfIntentClassifier:
    """A classifier that went to disk and came back."""
    examples = []
    for text, label in zip(TEXTS, LABELS, strict=True):
        data = {"text": text, "intent": label.split("/")[0]}
        if "/" in label:
            data["intent_response_key"] = label
        examples.append(Message(data))
    tokenizer = NormalizingTokenizer(NormalizingTokenizer.get_default_config())
    data = tokenizer.process_training_data(TrainingData(examples))
    settings = {**TfidfIntentClassifier.get_default_config(), **config}
    tmp_path.mkdir(exist_ok=True)
    storage, resource = LocalModelStorage(tmp_path), Resource("intent")
    context = ExecutionContext(GraphSchema({}))
    TfidfIntentClassifier.create(settings, storage, resource, context).train(data)
    return TfidfIntentClassifier.load(settings, storage, resource, context)


def understood(classifier: TfidfIntentClassifier, text: str) -> Message:
    message = Message({"text": text})
    NormalizingTokenizer(NormalizingTokenizer.get_default_config()).process([message])
    return classifier.process([message])[0]


def test_the_frozen_classifier_agrees_with_scikit_learn() -> None:
    grams = (Grams("word", 1, 2), Grams("char_wb", 2, 5))
    frozen = LinearClassifier.fit(TEXTS, LABELS, grams, strength=10, iterations=500)
    reference = make_pipeline(
        make_union(
            TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LogisticRegression(C=10, max_iter=500),
    ).fit(TEXTS, LABELS)
    for text in [*TEXTS, "cadê minha encomenda que comprei", "my pix my pix", "order"]:
        expected = reference.predict_proba([text])[0]
        np.testing.assert_allclose(frozen.probabilities(text), expected, atol=1e-9)


def test_two_classes_agree_with_scikit_learn_too() -> None:
    texts, labels = TEXTS[:8], LABELS[:8]
    frozen = LinearClassifier.fit(texts, labels, [Grams("char_wb", 1, 4)], 10, 500)
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    reference = make_pipeline(vectorizer, LogisticRegression(C=10, max_iter=500)).fit(texts, labels)
    expected = reference.predict_proba(["meu pedido please"])[0]
    np.testing.assert_allclose(frozen.probabilities("meu pedido please"), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("CADE MEU PEDIDOOO", "track_order"),
        ("where's my order??", "track_order"),
        ("me passa pra um atendente", "talk_to_human"),
    ],
)
def test_it_survives_its_way_to_disk(tmp_path: Path, text: str, intent: str) -> None:
    message = understood(trained(tmp_path), text)
    assert message.get("intent")["name"] == intent
    ranking = message.get("intent_ranking")
    assert ranking[0] == message.get("intent")
    assert ranking == sorted(ranking, key=lambda entry: -entry["confidence"])


def test_a_question_of_a_group_resolves_to_its_key(tmp_path: Path) -> None:
    message = understood(trained(tmp_path), "vocês aceitam pix?")
    assert message.get("intent")["name"] == "faq"
    selected = message.get("response_selector")
    assert selected["faq"]["response"]["intent_response_key"] == "faq/pix"
    assert selected["faq"]["response"]["utter_action"] == "utter_faq/pix"


def test_the_ranking_is_as_long_as_configured(tmp_path: Path) -> None:
    classifier = trained(tmp_path, ranking_length=2)
    assert len(understood(classifier, "oi").get("intent_ranking")) == 2


def test_a_text_unlike_anything_is_left_to_the_fallback(tmp_path: Path) -> None:
    message = understood(trained(tmp_path), "ξζψ")
    assert message.get("intent")["confidence"] <= 0.5
    assert understood(trained(tmp_path), "/affirm").get("intent")["name"] is None


def test_it_only_keeps_data_on_disk(tmp_path: Path) -> None:
    trained(tmp_path)
    kept = sorted(path.name for path in (tmp_path / "intent").iterdir())
    nearness = ["nearness.json", "nearness.npy", "nearness.npz"]
    assert kept == ["classifier.json", "classifier.npz", "judgement.json", *nearness, "second"]
    second = sorted(path.name for path in (tmp_path / "intent" / "second").iterdir())
    assert second == ["judgement.json", "leaning.npz", "nearness_of_meaning.npz", "rule.json"]


def test_where_the_words_are_sure_enough_the_meaning_is_not_looked_at(tmp_path: Path) -> None:
    never = trained(tmp_path / "never", sure=0)
    assert not (tmp_path / "never" / "intent" / "second").exists()
    assert understood(never, "cadê meu pedido").get("intent")["name"] == "track_order"
