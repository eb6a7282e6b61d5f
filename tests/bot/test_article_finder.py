"""The bot knows which article a message may ask for, and leaves its intent alone."""

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.articles import FAR, ArticleFinder
from bot.components.tokenizer import NormalizingTokenizer

CONTEXT = ExecutionContext(GraphSchema({}))
TOKENIZER = NormalizingTokenizer(NormalizingTokenizer.get_default_config())
ARTICLES = {
    "gifts": ("Presentes", ["vocês embrulham pra presente?", "tem embalagem de presente?"]),
    "leather": ("Couro", ["como limpo sapato de couro?", "o que passo no couro?"]),
    "pickup": ("Retirada", ["posso retirar na loja?", "dá pra buscar o pedido na loja?"]),
}
EXAMPLES = {
    "track_order": ["cadê meu pedido", "onde está minha encomenda", "rastrear pedido"],
    "out_of_scope": ["vai chover hoje?", "me conta uma piada", "quem ganhou o jogo?"],
}


def write(folder: Path) -> Path:
    for key, (title, questions) in ARTICLES.items():
        path = folder / "articles" / "pt" / f"{key}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        asked = "".join(f"- {one}\n" for one in questions)
        path.write_text(
            f"---\nid: {key}\ntitle: {title}\ntags: [{title}]\n"
            f"questions:\n{asked}answer: Tudo sobre {title}.\n---\nMais.\n",
            encoding="utf-8",
        )
    return folder / "articles"


def heard(text: str, **known: Any) -> Message:
    message = Message({"text": text, **known})
    message.set("text_tokens", TOKENIZER.tokenize(message, "text"))
    return message


def trained(tmp_path: Path, articles: Path, examples: dict[str, list[str]]) -> ArticleFinder:
    """A finder that learnt, went to disk and came back."""
    config = {**ArticleFinder.get_default_config(), "folder": str(articles)}
    model = tmp_path / "model"
    model.mkdir()
    storage, resource = LocalModelStorage(model), Resource("articles")
    data = TrainingData([heard(t, intent=name) for name, texts in examples.items() for t in texts])
    ArticleFinder.create(config, storage, resource, CONTEXT).train(data)
    return ArticleFinder.load(config, storage, resource, CONTEXT)


def found(finder: ArticleFinder, text: str) -> dict[str, Any]:
    message = heard(text)
    finder.process([message])
    assert message.get("intent") is None
    articles: dict[str, Any] = message.as_dict()["articles"]
    return articles


@pytest.fixture
def finder(tmp_path: Path) -> ArticleFinder:
    return trained(tmp_path, write(tmp_path), EXAMPLES)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("embrulha pra presente", "gifts"),
        ("EMBALAGEM PRA PRESENTEEE", "gifts"),
        ("passo o que no couro", "leather"),
        ("retiro na loja?", "pickup"),
    ],
)
def test_the_article_comes_first(finder: ArticleFinder, text: str, key: str) -> None:
    said = found(finder, text)
    assert said["ranking"][0]["id"] == key
    assert said["general"] > 0


@pytest.mark.parametrize("text", ["cadê minha encomenda", "conta piada"])
def test_what_intents_are_taught_asks_for_no_article(finder: ArticleFinder, text: str) -> None:
    assert found(finder, text)["general"] < 0


@pytest.mark.parametrize(
    ("text", "is_far"),
    [("cadê meu pedido, onde está minha encomenda", True), ("cadê o couro", False)],
)
def test_only_what_may_be_asked_for_is_ranked(
    finder: ArticleFinder, text: str, is_far: bool
) -> None:
    said = found(finder, text)
    assert (said["general"] < FAR) is is_far
    assert (said["ranking"] == []) is is_far


@pytest.mark.parametrize("text", ["/affirm", "", "пожалуйста"])
def test_what_says_nothing_asks_for_nothing(finder: ArticleFinder, text: str) -> None:
    message = heard(text) if text else Message({"text": ""})
    finder.process([message])
    articles = message.get("articles")
    assert articles is None or articles["general"] < 0 or not articles["ranking"]


@pytest.mark.parametrize("examples", [{}, {"track_order": EXAMPLES["track_order"]}])
def test_without_examples_nothing_is_learnt(tmp_path: Path, examples: dict[str, list[str]]) -> None:
    finder = trained(tmp_path, write(tmp_path), examples)
    message = heard("embrulha pra presente")
    finder.process([message])
    assert message.get("articles") is None


def test_a_shop_without_articles_has_none_to_find(tmp_path: Path) -> None:
    finder = trained(tmp_path, tmp_path / "none", EXAMPLES)
    message = heard("embrulha pra presente")
    finder.process([message])
    assert message.get("articles") is None


def test_other_articles_are_another_model(tmp_path: Path) -> None:
    config = {"folder": str(write(tmp_path))}
    before = ArticleFinder.fingerprint_addon(config)
    assert ArticleFinder.fingerprint_addon(config) == before
    (tmp_path / "articles" / "pt" / "gifts.md").write_text("---\n---\n", encoding="utf-8")
    assert ArticleFinder.fingerprint_addon(config) != before


def test_a_finder_from_the_cache_has_no_folder_to_look_at() -> None:
    assert ArticleFinder.fingerprint_addon({"output": "what was learnt before"}) is None
