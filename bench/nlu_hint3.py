"""Our pipeline on HINT3 v1: trained and tested on its own sets, as the paper did.

    bot/.venv/bin/python -W ignore -m bench.nlu_hint3 --data DIR [--json FILE]

In-scope accuracy counts a message only if it is right and above the threshold; out-of-scope
recall is the share of foreign messages below it. These sets teach no class for what is foreign,
so the threshold on the confidence (how likely the intent, times how near an example) decides alone.
The last line compares with Rasa 2020 where both have the same in-scope accuracy.
"""

from __future__ import annotations

import argparse
import csv
import json
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent import TfidfIntentClassifier, vectors_of
from bot.components.tokenizer import NormalizingTokenizer
from bot.components.understanding import Understanding
from bot.components.unseen import Lessons
from bot.components.vectors import Vector

_FOREIGN = "NO_NODES_DETECTED"
_THRESHOLDS = (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
# In-scope accuracy at the best threshold, then accuracy and out-of-scope recall at 0.5.
_RASA_2020 = {
    "curekart": (84.1, 81.9, 26.0),
    "sofmattress": (69.3, 64.1, 39.8),
    "powerplay11": (49.1, 42.5, 61.9),
}


def main() -> None:
    """Train and test on each set of the folder that has both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    found = {}
    for train in sorted(chosen.data.glob("*_train.csv")):
        test = train.with_name(train.name.replace("_train", "_test"))
        if test.exists():
            name = train.name.removesuffix("_train.csv")
            found[name] = _measured(name, _read(train), _read(test))
            _show(name, found[name])
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def _read(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [(row["sentence"], row["label"]) for row in csv.DictReader(lines)]


_TOKENIZER = NormalizingTokenizer(NormalizingTokenizer.get_default_config())


def _settings() -> dict[str, Any]:
    """What config.yml says of the classifier."""
    pipeline = yaml.safe_load(Path("config.yml").read_text(encoding="utf-8"))["pipeline"]
    chosen = next(each for each in pipeline if "TfidfIntent" in each["name"])
    return {**TfidfIntentClassifier.get_default_config(), **chosen}


def _normalised(text: str) -> str:
    return " ".join(token.lemma for token in _TOKENIZER.tokenize(Message({TEXT: text}), TEXT))


def _measured(
    name: str, taught: list[tuple[str, str]], asked: list[tuple[str, str]]
) -> list[dict[str, float]]:
    settings = _settings()
    texts, labels = [text for text, _ in taught], [label for _, label in taught]
    lessons = Lessons(list(map(_normalised, texts)), labels)
    vectors = (lambda: vectors_of(texts)) if settings["sure"] else None
    learnt = Understanding.fit(lessons, settings["C"], settings["kept"], vectors)
    said, sure = [], []
    for text, _ in asked:
        found = learnt.confidences(_normalised(text), text, settings["sure"])
        said.append(learnt.classes[int(found.argmax())])
        sure.append(float(found.max()))
    right = np.array([intent == label for intent, (_, label) in zip(said, asked, strict=True)])
    foreign = np.array([label == _FOREIGN for _, label in asked])
    confidence = np.array(sure)
    rows = [_row(right, foreign, confidence, threshold) for threshold in _THRESHOLDS]
    equal = next((v[1] for key, v in _RASA_2020.items() if key in name), None)
    if equal is None:
        return rows
    steps = (_row(right, foreign, confidence, float(at)) for at in np.unique(confidence))
    return [*rows, max((r for r in steps if r["in_scope"] >= equal), key=itemgetter("threshold"))]


def _row(
    right: NDArray[np.bool_], foreign: NDArray[np.bool_], confidence: Vector, threshold: float
) -> dict[str, float]:
    is_sure = confidence >= threshold
    return {
        "threshold": round(threshold, 4),
        "in_scope": round(100 * float(np.mean((right & is_sure)[~foreign])), 1),
        "out_of_scope": round(100 * float(np.mean(~is_sure[foreign])), 1),
    }


def _show(name: str, rows: list[dict[str, float]]) -> None:
    published = next((v for key, v in _RASA_2020.items() if key in name), None)
    print(f"\n{name}   Rasa 2020 (best; at 0.5 in scope / out of scope): {published}")
    for row in rows:
        print(f"  {row['threshold']:.2f}  in scope {row['in_scope']}  out {row['out_of_scope']}")


if __name__ == "__main__":
    main()
