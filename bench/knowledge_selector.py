"""Rasa's ResponseSelector over the same articles, to measure beside the bot's own finder."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rasa.model_training
import yaml
from rasa.core.agent import Agent, load_agent

_INTENT = "faq"
_PIPELINE = [
    # As our finder reads them: on words as written it finds three of a hundred less.
    {"name": "bot.components.tokenizer.NormalizingTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {
        "name": "ResponseSelector",
        "retrieval_intent": _INTENT,
        "epochs": 100,
        "constrain_similarities": True,
        "random_seed": 7,
    },
]
Thought = list[dict[str, Any]]


def asked(articles: Path, files: Sequence[Path]) -> tuple[Thought, float]:
    """What a selector that was trained on the articles thinks of each question, and the seconds
    that its training took."""
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        model = _trained(articles, Path(place))
        took = time.perf_counter() - began
        return asyncio.run(_thoughts(model, files)), took


def _trained(articles: Path, folder: Path) -> str:
    config = {"recipe": "default.v1", "assistant_id": "selector", "language": "pt"}
    written = {
        "nlu.yml": {"version": "3.1", **_lessons(articles)},
        "config.yml": {**config, "pipeline": _PIPELINE},
    }
    for name, content in written.items():
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)
        (folder / name).write_text(text, encoding="utf-8")
    model = rasa.model_training.train_nlu(
        str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder / "models")
    )
    assert model, "nothing was trained"
    return str(model)


def _lessons(articles: Path) -> dict[str, Any]:
    """The titles, questions, tags and answers that our own finder learns from."""
    examples: dict[str, list[str]] = {}
    answers: dict[str, list[dict[str, str]]] = {}
    for path in sorted(articles.glob("*/*.md")):
        front = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
        said = [front["title"], front["answer"], *front["questions"], *front["tags"]]
        key = str(front["id"])
        examples.setdefault(key, []).extend(" ".join(str(text).split()) for text in said)
        answers.setdefault(key, []).append({"text": front["answer"].strip()})
    return {
        "nlu": [
            {"intent": f"{_INTENT}/{key}", "examples": "".join(f"- {one}\n" for one in texts)}
            for key, texts in examples.items()
        ],
        "responses": {f"utter_{_INTENT}/{key}": texts for key, texts in answers.items()},
    }


async def _thoughts(model: str, files: Sequence[Path]) -> Thought:
    agent, thought = await load_agent(model), []
    for path in files:
        lines = await asyncio.to_thread(path.read_text, "utf-8")
        thought += [await _thought(agent, line) for line in lines.splitlines()]
    return thought


async def _thought(agent: Agent, line: str) -> dict[str, Any]:
    text, key = line.split("\t")
    began = time.perf_counter()
    parsed = await agent.parse_message(text)
    took = (time.perf_counter() - began) * 1000
    ranking = [
        {"id": one["intent_response_key"].split("/", 1)[1], "score": float(one["confidence"])}
        for one in parsed["response_selector"][_INTENT]["ranking"]
    ]
    return {"text": text, "article": key, "ms": took, "ranking": ranking}
