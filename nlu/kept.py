"""Answers on disk, under a fingerprint of everything that they follow from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from nlu.messages import ROOT, Asked, Value
from nlu.pipeline import Answered

FOLDER = ROOT / "var" / "nlu"
_KEPT = 12
EXAMPLES = ("data/**/nlu.*.yml", "data/_shared/*.yml")
_PIPELINE = (
    "config.yml",
    "bot/components/*.py",
    "nlu/crossing.py",
    "nlu/messages.py",
    "nlu/pipeline.py",
    "bot/uv.lock",
)


def fingerprint(inputs: Sequence[str] = (*EXAMPLES, *_PIPELINE)) -> str:
    """A name for what would be learnt from the files (patterns from the root) as they are now."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in inputs for path in ROOT.glob(pattern)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def answers(
    name: str, messages: Sequence[Asked], find: Callable[[], list[Answered]]
) -> list[Answered]:
    """The answers kept for `messages` under `name`, or those that `find` gives, kept now."""
    wanted = hashlib.sha256("\0".join(each.text for each in messages).encode()).hexdigest()[:8]
    path = FOLDER / f"{name}-{fingerprint()}-{wanted}.json"
    if path.exists():
        return _read(path, messages)
    found = find()
    FOLDER.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps([_row(each) for each in found]), encoding="utf-8")
    partial.replace(path)
    _forget_old(name)
    return found


def _row(answer: Answered) -> list[object]:
    values = [list(asdict(value).values()) for value in answer.found]
    return [answer.intent, answer.best, answer.confidence, values]


def _read(path: Path, messages: Sequence[Asked]) -> list[Answered]:
    return [
        Answered(asked, intent, best, confidence, tuple(Value(*value) for value in values))
        for asked, (intent, best, confidence, values) in zip(
            messages, json.loads(path.read_text(encoding="utf-8")), strict=True
        )
    ]


def _forget_old(name: str) -> None:
    newest_first = sorted(FOLDER.glob(f"{name}-*.json"), key=lambda path: -path.stat().st_mtime)
    for old in newest_first[_KEPT:]:
        old.unlink(missing_ok=True)
