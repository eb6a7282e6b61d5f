"""What designers are told about their examples, and about what changed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nlu import crossing, lessons, report, scores
from nlu.messages import ROOT, Asked, Value, read
from nlu.pipeline import Answered


def asked(text: str, intent: str, language: str = "en") -> Asked:
    return Asked(text, intent, language, "taught")


def answered(text: str, intent: str, taken_for: str, sure: float = 0.9) -> Answered:
    return Answered(asked(text, intent), taken_for, taken_for, sure)


def reported(
    understood: float, right: tuple[str, ...] = (), wrong: tuple[str, ...] = ()
) -> dict[str, Any]:
    intents = {"greet": {"n": 15, "understood": understood, "f1": understood}}
    of_language = {"lenient": understood, "macro_f1": understood, "intents": intents}
    of_source = dict.fromkeys(("pt", "en"), of_language)
    return {
        "cross": of_source,
        "own": of_source,
        "entities": {"strict": 1.0},
        "misunderstood": list(wrong),
        "understood": list(right),
    }


def test_each_part_has_its_share_of_every_intent() -> None:
    messages = [asked(str(at), intent) for intent in ("greet", "thank") for at in range(10)]
    parts = crossing.parts_of(messages, 5)
    assert sorted(at for part in parts for at in part) == list(range(20))
    for part in parts:
        assert sorted(messages[at].intent for at in part) == ["greet"] * 2 + ["thank"] * 2


def test_an_intent_short_of_examples_in_one_language_is_named_once() -> None:
    enough = [asked(f"message {at}", "invoice", "pt") for at in range(30)]
    few = [asked(f"message {at}", "invoice", "en") for at in range(12)]
    assert lessons.short([*enough, *few]) == [
        {"intent": "invoice", "language": "en", "has": 12, "needed": 30}
    ]


def test_a_frequent_intent_needs_twice_as_many() -> None:
    some = [asked(str(at), "track_order", lang) for lang in ("pt", "en") for at in range(40)]
    assert {row["needed"] for row in lessons.short(some)} == {60}


def test_the_same_words_under_two_intents_are_a_problem_whatever_their_spelling() -> None:
    examples = [asked("KADÊ meu pedido?", "track_order"), asked("kade meu pedido", "order_status")]
    (found,) = [p for p in lessons.problems(examples, []) if "taught as" in p.what]
    assert len(found.messages) == 2


def test_a_message_to_measure_with_may_not_be_taught() -> None:
    examples = [asked("Where is my parcel?", "track_order")]
    found = lessons.problems(examples, [asked("where is my parcel", "track_order")])
    assert any("to measure with" in each.what for each in found)


def test_near_twins_under_two_intents_are_found_the_closest_first() -> None:
    examples = [
        asked("I want to return the blue shoes", "return_item"),
        asked("I want to exchange the blue shoes", "exchange_item"),
        asked("i want to return the blue shoes!!", "exchange_item"),
        asked("good morning", "greet"),
    ]
    found = lessons.near_duplicates(examples, 0.5)
    assert found[0]["likeness"] == pytest.approx(1.0)
    assert all("greet" not in pair["intents"] for pair in found)
    assert all(pair["intents"][0] != pair["intents"][1] for pair in found)


def test_a_lookalike_is_one_that_others_claim_surely() -> None:
    answers = [
        answered("where is it", "track_order", "order_status", 0.95),
        answered("hm", "greet", "affirm", 0.3),
        answered("hello", "greet", "greet", 0.99),
    ]
    assert [row["text"] for row in report.lookalikes(answers, 0.5)] == ["where is it"]


def test_confusions_are_counted_by_pair_with_their_messages() -> None:
    answers = [
        answered("a", "greet", "thank"),
        answered("b", "greet", "thank", 0.99),
        answered("c", "thank", "greet"),
        answered("d", "thank", "thank"),
    ]
    first, second = report.confusions(answers)
    assert (first["meant"], first["taken_for"], first["n"]) == ("greet", "thank", 2)
    assert [each["text"] for each in first["messages"]] == ["b", "a"]
    assert second["n"] == 1


def test_a_value_counts_exactly_only_with_its_place_kind_and_value() -> None:
    message = Asked("size gg, please", "sizing_help", "en", entities=(Value("size", 5, 7, "GG"),))
    exact = Answered(message, "", "", 1.0, (Value("size", 5, 7, "GG"),))
    wider = Answered(message, "", "", 1.0, (Value("size", 0, 7, "GG"),))
    raw = Answered(message, "", "", 1.0, (Value("size", 5, 7, "gg"),))
    assert scores.entities([exact])["strict"] == 1.0
    assert scores.entities([wider])["strict"] == 0.0
    assert scores.entities([wider])["lenient"] == 1.0
    assert scores.entities([raw])["lenient"] == 0.0


def test_values_in_messages_that_nobody_marked_do_not_count() -> None:
    unmarked = Answered(asked("size 38", "sizing_help"), "", "", 1.0, (Value("size", 5, 7, "38"),))
    assert scores.entities([unmarked])["n"] == 0


def test_one_message_is_no_change_and_two_are() -> None:
    before = reported(0.80, right=("oi",))
    slightly = report.compared(reported(0.74), before)
    clearly = report.compared(reported(0.60, wrong=("oi", "new")), before)
    assert slightly is not None
    assert clearly is not None
    assert slightly["worse"] == slightly["better"] == []
    assert clearly["worse"] == ["greet (pt)", "greet (en)"]
    assert clearly["now_misunderstood"] == ["oi"]


def test_without_an_accepted_run_there_is_nothing_to_compare() -> None:
    assert report.compared(reported(0.8), None) is None


def test_tables_say_their_language_by_their_name(tmp_path: Path) -> None:
    table = tmp_path / "some_pt.tsv"
    table.write_text(
        "text\tintent\taccept_also\ttier\ncadê\ttrack_order\torder_status,complaint\tA\n",
        encoding="utf-8",
    )
    (message,) = read([table])
    assert (message.language, message.tier) == ("pt", "A")
    assert message.accepted == {"order_status", "complaint"}
    assert message.entities is None


def test_verbs_answer_with_one_json_document() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "nlu", "short"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    assert json.loads(said.stdout) == []
