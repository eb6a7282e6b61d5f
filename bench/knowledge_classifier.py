"""What the bot's finder of articles thinks of questions that it has not learnt from.

Run it in the bot's environment, from the root of the project:

    bot/.venv/bin/python -W ignore -m bench.knowledge_classifier FILE… [--selector] [--json FILE]

It is trained as `config.yml` says, on today's articles and examples. Files have a question, a tab,
and the id of its article, or `-` where none answers; the language is the end of the file's name.
Prints one JSON line for each file and one for all: how many articles come first, how many questions
the finder by itself would answer right, wrong, and of what none answers, and its milliseconds. What
it thinks of each question goes to `--json`, for bench/knowledge.py.

With `--selector`, Rasa's ResponseSelector is trained on the same articles, which takes minutes, and
asked the same. Having no gate of its own, it gets the border at which it answers as many foreign
questions as the finder.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.articles import ARTICLES, ArticleFinder
from bot.components.tokenizer import NormalizingTokenizer
from nlu.messages import examples, taught

_TOKENIZER = NormalizingTokenizer(NormalizingTokenizer.get_default_config())
_SURE = 0.0
"""The least that twice the best score less the second must be, for the finder alone to answer."""


def main() -> None:
    """Learn, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--selector", action="store_true", help="Rasa's ResponseSelector beside it")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        finder, took = _trained(Path(folder))
        found = {path.name: _asked(finder, path) for path in chosen.files}
    everything = [one for thought in found.values() for one in thought]
    for name, thought in {**found, "all": everything}.items():
        print(json.dumps({"file": name, "train_s": round(took, 1), **_summary(thought, _is_sure)}))
    if chosen.selector:
        _beside(chosen.files, everything)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def _trained(folder: Path) -> tuple[ArticleFinder, float]:
    storage, resource = LocalModelStorage(folder), Resource("articles")
    context = ExecutionContext(GraphSchema({}))
    finder = ArticleFinder.create(ArticleFinder.get_default_config(), storage, resource, context)
    lessons = [_heard(message) for message in examples(taught())]
    began = time.perf_counter()
    finder.train(TrainingData(lessons))
    return finder, time.perf_counter() - began


def _heard(message: Message) -> Message:
    message.set("text_tokens", _TOKENIZER.tokenize(message, "text"))
    return message


def _asked(finder: ArticleFinder, path: Path) -> list[dict[str, Any]]:
    thought = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, key = line.split("\t")
        message = _heard(Message({"text": text}))
        began = time.perf_counter()
        finder.process([message])
        took = (time.perf_counter() - began) * 1000
        found = message.get(ARTICLES) or {"general": -10.0, "ranking": []}
        thought.append({"text": text, "article": key, "ms": took, **found})
    return thought


def _beside(files: Sequence[Path], finders: Sequence[dict[str, Any]]) -> None:
    """One line of what the ResponseSelector makes of the same questions."""
    from bench import knowledge_selector  # noqa: PLC0415 - TensorFlow takes its time

    folder = Path(ArticleFinder.get_default_config()["folder"])
    thought, took = knowledge_selector.asked(folder, files)
    foreign = sorted((_confidence(one) for one in thought if one["article"] == "-"), reverse=True)
    answered = sum(_is_sure(one) for one in finders if one["article"] == "-")
    border = foreign[answered] if answered < len(foreign) else 0.0
    told = {
        "file": "all",
        "by": "response selector",
        "train_s": round(took, 1),
        **_summary(thought, lambda one: _confidence(one) > border),
    }
    print(json.dumps(told))


def _confidence(one: dict[str, Any]) -> float:
    return float(one["ranking"][0]["score"])


def _summary(
    thought: Sequence[dict[str, Any]], is_claimed: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    asked = [one for one in thought if one["article"] != "-"]
    firsts = [(one["article"], _first(one)) for one in asked]
    claimed = [(one["article"], _first(one)) for one in thought if is_claimed(one)]
    times = sorted(one["ms"] for one in thought)
    return {
        "asked": len(asked),
        "first": sum(key == first for key, first in firsts),
        "right": sum(key == first for key, first in claimed),
        "wrong": sum(key not in {first, "-"} for key, first in claimed),
        "foreign": len(thought) - len(asked),
        "foreign_answered": sum(key == "-" for key, _ in claimed),
        "p50_ms": round(times[len(times) // 2], 2),
        "p99_ms": round(times[int(len(times) * 0.99)], 2),
    }


def _first(one: dict[str, Any]) -> str | None:
    return one["ranking"][0]["id"] if one["ranking"] else None


def _is_sure(one: dict[str, Any]) -> bool:
    scores = [each["score"] for each in one["ranking"][:2]]
    return len(scores) == 2 and 2 * scores[0] - scores[1] >= _SURE


if __name__ == "__main__":
    main()
