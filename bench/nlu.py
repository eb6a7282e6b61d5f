"""How well the bot understands messages that it has not learnt from, and how fast.

Run it in the bot's environment, from the root of the project:

    bot/.venv/bin/python -W ignore -m bench.nlu --data FILE… [--json FILE] [--no-stock]

Files are tab-separated with the columns text, intent, accept_also and tier; the language is the
end of the file's name (`…_pt.tsv`). Without files our own messages in tests/bot/nlu are measured;
values (entities) are measured on ours in any case. Rasa's default pipeline (DIET) is trained on the
same examples and measured beside; with as many examples as these that takes an hour or two on two
cores, once for each state of the examples (var/bench); with fewer `--epochs`, less. Tables and
progress go to the error output, one JSON line for each language to the output.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import re
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import rasa.model_training
from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from bench.nlu_adversarial import slowest
from nlu import kept, scores
from nlu.messages import LANGUAGES, Asked, own, read
from nlu.pipeline import Answered
from nlu.pipeline import read as read_answer

_OURS, _STOCK = "config.yml", "bench/nlu_stock.yml"
_FOLDER = Path("var/bench")
_WARM = 20
_FIGURES = (
    "n", "strict", "lenient", "macro_f1", "in_scope_at_threshold", "out_of_scope_recall",
    "left_to_fallback",
)  # fmt: skip
_MORE_IS_BETTER = _FIGURES[1:6]
_COSTS = ("train_s", "model_mb", "rss_mb")
_HARDEST = "adversarial_max_ms"


def main() -> None:
    """Measure and print; everything, with each misunderstood message, as JSON where asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="+", type=Path)
    parser.add_argument("--model", help="a trained model of ours; without one it is trained now")
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--stock",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="Rasa's default pipeline beside ours",
    )
    parser.add_argument("--epochs", type=int, help="of the stock pipeline; 100, as Rasa has it")
    chosen = parser.parse_args()
    asked = read(chosen.data) if chosen.data else own()
    pipelines = {"ours": (_OURS, chosen.model)} | (
        {"stock": (_stock(chosen.epochs), None)} if chosen.stock else {}
    )
    found: dict[str, dict[str, Any]] = {}
    for name, (config, model) in pipelines.items():
        found[name] = _measured(name, config, asked, model)
        if chosen.json:
            written = json.dumps(found, indent=2, ensure_ascii=False)
            chosen.json.write_text(written, encoding="utf-8")
    for language in LANGUAGES:
        print(json.dumps(_of_language(found, language), ensure_ascii=False))


def _stock(epochs: int | None) -> str:
    """The file of the stock pipeline, with as many epochs as are asked for."""
    if epochs is None:
        return _STOCK
    config, usual = _FOLDER / f"nlu_stock_{epochs}.yml", Path(_STOCK).read_text(encoding="utf-8")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    config.write_text(re.sub(r"epochs: \d+", f"epochs: {epochs}", usual), encoding="utf-8")
    return str(config)


def _measured(name: str, config: str, asked: Sequence[Asked], model: str | None) -> dict[str, Any]:
    """Train and measure, each in a process of its own, so that its memory is its own."""
    trained: dict[str, Any] = {"path": model, "train_s": None}
    if model is None:
        trained = _kept(config)
        _say(f"{name}: the model is {trained['path']}, trained in {trained['train_s']} s")
    _say(f"{name}: asking {len(asked)} messages")
    found: dict[str, Any] = {"train_s": trained["train_s"]} | _apart(
        _asked, trained["path"], asked, own(), config == _OURS
    )
    _show(name, found)
    return found


def _kept(config: str) -> dict[str, Any]:
    """The stock pipeline is trained once for each state of the examples, ours every time."""
    note = _FOLDER / f"{Path(config).stem}-{kept.fingerprint((*kept.EXAMPLES, config))}.json"
    is_stock = config != _OURS
    if is_stock and note.exists():
        trained: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
        if Path(trained["path"]).exists():
            return trained
    _say(
        f"training {config}"
        + (": perhaps an hour or two, once for these examples" if is_stock else "")
    )
    trained = _apart(_train, config)
    note.write_text(json.dumps(trained), encoding="utf-8")
    return trained


def _apart(work: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


def _train(config: str) -> dict[str, Any]:
    configure_structlog(logging.ERROR)
    began = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        path = rasa.model_training.train_nlu(config, "data", str(_FOLDER), domain="domain.yml")
    return {"path": str(path), "train_s": round(time.perf_counter() - began, 1)}


def _asked(
    path: str, asked: Sequence[Asked], marked: Sequence[Asked], is_ours: bool
) -> dict[str, Any]:
    configure_structlog(logging.ERROR)
    agent = Agent.load(path)
    answers = asyncio.run(_answers(agent, asked))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    of_values = [each for each in marked if each.entities is not None]
    valued = asyncio.run(_answers(agent, of_values))
    hardest = asyncio.run(slowest(agent)) if is_ours else {}
    return {
        "model_mb": round(Path(path).stat().st_size / 1e6, 2),
        "rss_mb": memory,
        "parse_ms": _times([answer.ms for answer in answers]),
        **hardest,
        "scores": _groups(answers),
        "entities": {
            language: scores.entities([a for a in valued if a.asked.language == language])
            for language in LANGUAGES
        },
        "calibration": scores.calibration(answers),
        "wrong": [
            [a.asked.language, a.asked.intent, a.best, a.confidence, a.asked.text]
            for a in answers
            if not a.is_right
        ],
    }


async def _answers(agent: Agent, asked: Iterable[Asked]) -> list[Answered]:
    for _ in range(_WARM):
        await agent.parse_message("aquecer, warm up")
    found = []
    for each in asked:
        began = time.perf_counter()
        parsed = await agent.parse_message(each.text)
        found.append(read_answer(each, parsed, (time.perf_counter() - began) * 1000))
    return found


def _groups(answers: Sequence[Answered]) -> dict[str, dict[str, Any]]:
    groups = sorted({(a.asked.language, tier) for a in answers for tier in ("all", a.asked.tier)})
    return {
        f"{language}/{tier}": scores.overall(
            [a for a in answers if a.asked.language == language and tier in {"all", a.asked.tier}]
        )
        for language, tier in groups
    }


def _times(ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(ms)
    return {
        name: round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 2)
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))
    }


def _of_language(found: dict[str, dict[str, Any]], language: str) -> dict[str, Any]:
    line: dict[str, Any] = {"language": language}
    for name, measured in found.items():
        line[name] = {
            "tiers": {
                group.split("/", 1)[1]: figures
                for group, figures in measured["scores"].items()
                if group.startswith(f"{language}/")
            },
            "entity_f1": measured["entities"][language]["strict"],
            "parse_ms": measured["parse_ms"],
        } | {cost: measured[cost] for cost in (*_COSTS, _HARDEST) if cost in measured}
    if "stock" in line:
        line["behind_stock"] = _behind(line["ours"], line["stock"])
    return line


def _behind(ours: dict[str, Any], stock: dict[str, Any]) -> list[str]:
    """The rows in which ours is worse than the stock pipeline."""
    found = [
        f"{tier}: {figure}"
        for tier, figures in ours["tiers"].items()
        for figure in _MORE_IS_BETTER
        if figures.get(figure, 1) < stock["tiers"][tier].get(figure, 0)
    ]
    if ours["entity_f1"] < stock["entity_f1"]:
        found.append("entity_f1")
    found += [
        f"parse {at}" for at in ("p50", "p99") if ours["parse_ms"][at] > stock["parse_ms"][at]
    ]
    return found + [cost for cost in _COSTS if (ours[cost] or 0) > (stock[cost] or 0)]


def _show(name: str, measured: dict[str, Any]) -> None:
    costs = {key: measured[key] for key in (*_COSTS, "parse_ms", _HARDEST) if key in measured}
    _say(f"\n{name}: {costs}")
    head = ("n", "strict", "lenient", "macro_f1", "in scope", "out recall", "fallback")
    _say(f"{'':10}" + "".join(f"{each:>11}" for each in head))
    for group, figures in measured["scores"].items():
        _say(f"{group:10}" + "".join(f"{figures.get(each, '-'):>11}" for each in _FIGURES))
    for language, found in measured["entities"].items():
        kinds = " ".join(f"{kind} {each['strict']}" for kind, each in found["kinds"].items())
        _say(f"values {language}: F1 {found['strict']} ({found['lenient']} lenient); {kinds}")
    _say("confidence → right: " + " ".join(
        f"{row['confidence']}→{row['right']} ({row['n']})" for row in measured["calibration"]
    ))  # fmt: skip


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
