"""What `bin/nlu` shows of what the bot's environment found."""

from typing import Any

import pytest

from dev.nlu import tables, verbs


def row(intent: str, verdict: str, before: float, now: float) -> dict[str, Any]:
    changed = {"before": before, "now": now, "change": round(now - before, 4)}
    return {
        "intent": intent,
        "language": "pt",
        "verdict": verdict,
        "cross": changed,
        "own": {"before": None, "now": 1.0, "change": 0.0},
    }


def compared(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "overall": [
            {
                "language": "pt",
                "source": "own",
                "figure": "lenient",
                "before": 0.9,
                "now": 0.92,
                "change": 0.02,
            }
        ],
        "entities": {"before": 0.95, "now": 0.95, "change": 0.0},
        "intents": list(rows),
        "worse": [each["intent"] for each in rows if each["verdict"] == "worse"],
        "better": [each["intent"] for each in rows if each["verdict"] == "better"],
        "now_misunderstood": ["cadê [meu] pedido"],
        "now_understood": [],
    }


def test_what_changed_is_shown_in_points_and_what_did_not_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    worse, same = row("greet", "worse", 0.9, 0.8), row("thank", "same", 0.9, 0.9)
    tables.compared(compared(worse, same), every=False)
    shown = capsys.readouterr().out
    assert "-10.0" in shown
    assert "thank" not in shown
    assert "1 worse, 0 better." in shown


def test_everything_is_shown_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    tables.compared(compared(row("thank", "same", 0.9, 0.9)), every=True)
    assert "thank" in capsys.readouterr().out


def test_brackets_in_a_message_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    tables.compared(compared(), every=False)
    assert "cadê [meu] pedido" in capsys.readouterr().out


def test_before_the_first_accepted_run_it_says_how_to_store_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tables.compared(None, every=False)
    assert "bin/nlu accept" in capsys.readouterr().out


def test_confusions_beyond_the_limit_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    message = {"text": "oi", "language": "pt", "sure": 0.5}
    pairs = [
        {"meant": "greet", "taken_for": taken, "n": 2, "messages": [message, message]}
        for taken in ("thank", "affirm", "deny")
    ]
    tables.confusions(pairs, 1, 1)
    shown = capsys.readouterr().out
    assert shown.count("oi") == 1
    assert "4 more in 2 pairs" in shown


def test_enough_examples_are_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    tables.short([])
    assert "enough examples" in capsys.readouterr().out


def test_a_verb_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        verbs.main(["improve"])
    assert ended.value.code == 2
    assert "improve" in capsys.readouterr().err


@pytest.mark.parametrize(
    "verb",
    [
        "validate", "train", "evaluate", "compare", "accept", "confusions", "near-duplicates",
        "lookalikes", "short",
    ],
)  # fmt: skip
def test_every_verb_explains_itself_and_can_speak_to_programs(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        verbs.main([verb, "--help"])
    assert ended.value.code == 0
    assert "--json" in capsys.readouterr().out
