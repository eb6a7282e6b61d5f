"""Why something goes back, as people write it and as a button says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions.wording import phrases
from order_system.vocabulary import ReturnReason

_FILE = Path(__file__).parents[2] / "data" / "returns" / "reasons.yml"
# How long something takes is no reason: neither is it too long, nor did it come late.
_TIME = re.compile(
    r"\bhow long\b|\bquant[oa]s? (?:tempo |dias )?(?:\w+ )?(?:vai )?demora\w*"
    r"|\bdemora quant\w+(?: tempo)?"
)
FAULTS = frozenset({ReturnReason.DEFECT, ReturnReason.WRONG_ITEM, ReturnReason.NOT_AS_DESCRIBED})
SIZES = frozenset({ReturnReason.TOO_SMALL, ReturnReason.TOO_LARGE})


def reason_in(text: str) -> ReturnReason | None:
    """The reason that the words give; None when they give none."""
    said = _TIME.sub(" ", phrases.comparable(text))
    found = (name for name, pattern in _patterns().items() if pattern.search(said))
    name = next(found, None)
    return ReturnReason(name) if name else None


def titles(language: str) -> dict[str, str]:
    """What each reason is called on a button."""
    return {name: str(each["title"][language]) for name, each in _read().items()}


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {name: phrases.pattern(each["words"]) for name, each in _read().items()}


@cache
def _read() -> Mapping[str, Any]:
    reasons: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["reasons"]
    return reasons
