"""The language of a short message: told when it says enough, and kept when it doesn't."""

import csv
import os
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.language import LanguageDetector

ROOT = Path(__file__).parents[2]
FLOOR, MOST_SWITCHED = 0.97, 0.01
KEEPS = "keeps"
GROUPS = ["pt", "en", KEEPS]
FEWEST = 50

Decisions = dict[str, dict[str, str]]


def table() -> list[tuple[str, str]]:
    with (Path(__file__).parent / "short_messages.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["language"], row["text"]) for row in rows]


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Decisions:
    """For each group of the table, what was decided of each message."""
    config = LanguageDetector.get_default_config()
    storage = LocalModelStorage(tmp_path_factory.mktemp("language"))
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        detector = LanguageDetector.create(
            config, storage, Resource("language"), ExecutionContext(GraphSchema({}))
        )
        detector.train(TrainingData())
    finally:
        os.chdir(before)
    found: Decisions = {group: {} for group in GROUPS}
    for group, text in table():
        told = detector.process([Message({"text": text})])[0].get("language")["name"]
        found[group][text] = told or KEEPS
    return found


def test_the_table_is_large_enough() -> None:
    groups = [group for group, _ in table()]
    assert len(groups) == len(set(table())) >= 3 * FEWEST
    assert min(groups.count(group) for group in GROUPS) >= FEWEST


@pytest.mark.parametrize("group", GROUPS)
def test_the_language_is_decided_or_kept(group: str, decided: Decisions) -> None:
    wrong = {text: told for text, told in decided[group].items() if told != group}
    assert 1 - len(wrong) / len(decided[group]) >= FLOOR, wrong


def test_hardly_any_message_is_taken_for_the_other_language(decided: Decisions) -> None:
    switched = [
        text
        for group in ("pt", "en")
        for text, told in decided[group].items()
        if told not in {group, KEEPS}
    ]
    assert len(switched) / len(table()) <= MOST_SWITCHED, switched
