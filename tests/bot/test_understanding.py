"""What must be understood of messages that were never learnt from, for each intent and language."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent import TfidfIntentClassifier
from bot.components.tokenizer import NormalizingTokenizer

ROOT = Path(__file__).parents[2]
LANGUAGES = ["pt", "en"]
FEWEST_EXAMPLES, FEWEST_OF_A_FREQUENT_ONE = 30, 60
FREQUENT = {
    "order_status", "track_order", "delivery_late", "return_item", "exchange_item",
    "refund_status", "cancel_order", "complaint", "product_availability", "talk_to_human",
    "payment_issue", "sizing_help", "promo_code",
}  # fmt: skip
FEWEST_MEASURED = 15
FLOOR, FLOOR_OF_AN_INTENT = 0.86, 0.45


def examples(language: str) -> list[Message]:
    files = sorted((ROOT / "data").rglob(f"nlu.{language}.yml"))
    return [each for file in files for each in RasaYAMLReader().read(file).intent_examples]


def measured(language: str) -> list[tuple[str, str]]:
    read = RasaYAMLReader().read(ROOT / "tests" / "bot" / "nlu" / f"test.{language}.yml")
    return [(each.get("text"), each.get("intent")) for each in read.intent_examples]


@cache
def counts(language: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for each in examples(language):
        found[each.get("intent")] += 1
    return found


@pytest.fixture(scope="module")
def understood(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[bool]]]:
    """For each language and intent, whether each message of ours was understood."""
    tokenizer = NormalizingTokenizer(NormalizingTokenizer.get_default_config())
    taught = TrainingData([each for language in LANGUAGES for each in examples(language)])
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    classifier = TfidfIntentClassifier.create(
        TfidfIntentClassifier.get_default_config(),
        storage,
        Resource("intent"),
        ExecutionContext(GraphSchema({})),
    )
    classifier.train(tokenizer.process_training_data(taught))
    found: dict[str, dict[str, list[bool]]] = {}
    for language in LANGUAGES:
        of_language = found.setdefault(language, defaultdict(list))
        for text, intent in measured(language):
            message = classifier.process(tokenizer.process([Message({"text": text})]))[0]
            of_language[intent].append(message.get("intent")["name"] == intent)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_its_examples(language: str) -> None:
    needed = {
        name: FEWEST_OF_A_FREQUENT_ONE if name in FREQUENT else FEWEST_EXAMPLES
        for name in counts(language)
    }
    assert {n: c for n, c in counts(language).items() if c < needed[n]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_is_measured(language: str) -> None:
    found: dict[str, int] = dict.fromkeys(counts(language), 0)
    for _, intent in measured(language):
        found[intent] += 1
    assert {name: n for name, n in found.items() if n < FEWEST_MEASURED} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_messages_are_understood(
    language: str, understood: dict[str, dict[str, list[bool]]]
) -> None:
    all_ = [right for of_intent in understood[language].values() for right in of_intent]
    assert sum(all_) / len(all_) >= FLOOR


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_intent_is_lost(language: str, understood: dict[str, dict[str, list[bool]]]) -> None:
    shares = {name: sum(rights) / len(rights) for name, rights in understood[language].items()}
    assert {name: share for name, share in shares.items() if share < FLOOR_OF_AN_INTENT} == {}
