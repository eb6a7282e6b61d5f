"""How well the bot understands messages that it has not learnt from, and how fast.

Run it in the bot's environment, from the root of the project:

    bot/.venv/bin/python -W ignore -m bench.nlu --data FILE… [--model MODEL] [--json FILE] [--stock]

Files are tab-separated with the columns text, intent, accept_also and tier; the language is the
end of the file's name (`…_pt.tsv`). Without files our own set in tests/bot/nlu is measured.
`--stock` trains Rasa's default pipeline (DIET) on the same examples and measures it beside.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import logging
import resource
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rasa.model_training
from rasa.core.agent import Agent
from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.utils.log_utils import configure_structlog

OUTSIDE = "out_of_scope"
_FALLBACK = "nlu_fallback"
_OURS = ("tests/bot/nlu/test.pt.yml", "tests/bot/nlu/test.en.yml")
_STOCK = "bench/nlu_stock.yml"
_WARM = 20
_STEPS = 10


@dataclass(frozen=True)
class Asked:
    """One message and what a fair judge accepts."""

    text: str
    intent: str
    accepted: frozenset[str]
    language: str
    tier: str


@dataclass(frozen=True)
class Answered:
    """What was understood; `best` is the likeliest intent, whatever the threshold made of it."""

    asked: Asked
    intent: str
    best: str
    confidence: float
    ms: float

    @property
    def is_left_out(self) -> bool:
        """Whether the bot says that this isn't for it, or that it doesn't understand."""
        return self.intent in {OUTSIDE, _FALLBACK}


def main() -> None:
    """Measure and print; the same as JSON where asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="+", default=list(_OURS))
    parser.add_argument("--model", help="a trained model; without one it is trained now")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--stock", action="store_true", help="Rasa's default pipeline beside it")
    chosen = parser.parse_args()
    configure_structlog(logging.ERROR)
    asked = [each for path in chosen.data for each in _read(Path(path))]
    found = {"ours": _measure(asked, chosen.model, "config.yml")}
    if chosen.stock:
        found["stock"] = _measure(asked, None, _STOCK)
    for name, measured in found.items():
        _show(name, measured)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def _read(path: Path) -> list[Asked]:
    language = "pt" if "pt" in path.stem.replace(".", "_").split("_") else "en"
    if path.suffix == ".yml":
        examples = RasaYAMLReader().read(path).intent_examples
        return [
            Asked(each.get("text"), each.get("intent"), frozenset(), language, "own")
            for each in examples
        ]
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Asked(
            row["text"],
            row["intent"],
            frozenset(filter(None, (row.get("accept_also") or "").split(","))),
            language,
            row.get("tier") or "-",
        )
        for row in rows
    ]


def _measure(asked: Sequence[Asked], model: str | None, config: str) -> dict[str, Any]:
    began = time.perf_counter()
    path = model or rasa.model_training.train_nlu(config, "data", "var/bench", domain="domain.yml")
    trained = None if model else round(time.perf_counter() - began, 1)
    agent = Agent.load(path)
    answers = asyncio.run(_answers(agent, asked))
    groups = sorted({(a.asked.language, tier) for a in answers for tier in ("all", a.asked.tier)})
    return {
        "train_s": trained,
        "model_mb": round(Path(str(path)).stat().st_size / 1e6, 2),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "parse_ms": _times([answer.ms for answer in answers]),
        "scores": {
            f"{language}/{tier}": _scores(
                [
                    a
                    for a in answers
                    if a.asked.language == language and tier in {"all", a.asked.tier}
                ]
            )
            for language, tier in groups
        },
        "calibration": _calibration(answers),
        "wrong": [
            [a.asked.language, a.asked.intent, a.best, a.confidence, a.asked.text]
            for a in answers
            if not _is_right(a, a.best)
        ],
    }


async def _answers(agent: Agent, asked: Iterable[Asked]) -> list[Answered]:
    for _ in range(_WARM):
        await agent.parse_message("aquecer, warm up")
    found = []
    for each in asked:
        began = time.perf_counter()
        parsed = await agent.parse_message(each.text)
        ms = (time.perf_counter() - began) * 1000
        intent = parsed["intent"]
        known = [r for r in parsed["intent_ranking"] if r["name"] != _FALLBACK] or [intent]
        found.append(Answered(each, intent["name"], known[0]["name"], known[0]["confidence"], ms))
    return found


def _is_right(answer: Answered, intent: str) -> bool:
    return intent == answer.asked.intent or intent in answer.asked.accepted


def _scores(answers: Sequence[Answered]) -> dict[str, float]:
    ours = [a for a in answers if a.asked.intent != OUTSIDE]
    foreign = [a for a in answers if a.asked.intent == OUTSIDE]
    return {
        "n": len(answers),
        "strict": _share(a.best == a.asked.intent for a in answers),
        "lenient": _share(_is_right(a, a.best) for a in answers),
        "macro_f1": _macro_f1(answers),
        "in_scope_at_threshold": _share(_is_right(a, a.intent) for a in ours),
        "out_of_scope_recall": _share(a.is_left_out for a in foreign),
        "left_to_fallback": _share(a.intent == _FALLBACK for a in answers),
    }


def _share(truths: Iterable[bool]) -> float:
    known = list(truths)
    return round(sum(known) / len(known), 4) if known else float("nan")


def _macro_f1(answers: Sequence[Answered]) -> float:
    found = []
    for intent in {a.asked.intent for a in answers}:
        hits = sum(a.best == a.asked.intent == intent for a in answers)
        said = sum(a.best == intent for a in answers)
        meant = sum(a.asked.intent == intent for a in answers)
        found.append(2 * hits / (said + meant))
    return round(statistics.fmean(found), 4)


def _calibration(answers: Sequence[Answered]) -> list[dict[str, float]]:
    """For each tenth of confidence, how often it was right: honest when both are alike."""
    rows = []
    for step in range(_STEPS):
        low, high = step / _STEPS, (step + 1) / _STEPS
        within = [a for a in answers if low < a.confidence <= high]
        if within:
            said = round(statistics.fmean(a.confidence for a in within), 3)
            right = _share(_is_right(a, a.best) for a in within)
            rows.append({"up_to": high, "n": len(within), "confidence": said, "right": right})
    return rows


def _times(ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(ms)
    return {
        name: round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 2)
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))
    }


def _show(name: str, measured: dict[str, Any]) -> None:
    kept = {key: measured[key] for key in ("train_s", "model_mb", "rss_mb", "parse_ms")}
    print(f"\n{name}: {kept}")
    head = ("n", "strict", "lenient", "macro_f1", "in scope", "out recall", "fallback")
    print(f"{'':10}" + "".join(f"{each:>11}" for each in head))
    for group, scores in measured["scores"].items():
        print(f"{group:10}" + "".join(f"{value:>11}" for value in scores.values()))
    print("confidence → right: " + " ".join(
        f"{row['confidence']}→{row['right']} ({row['n']})" for row in measured["calibration"]
    ))  # fmt: skip


if __name__ == "__main__":
    main()
