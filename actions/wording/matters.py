"""What the bot calls each thing a shopper may want, in both languages, for a button."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parents[2] / "data" / "fallback" / "matters.yml"


def title(intent: str, language: str) -> str | None:
    """`Rastrear pedido` of track_order; None when a designer gave it no name."""
    return _titles().get(intent, {}).get(language)


@cache
def _titles() -> Mapping[str, Mapping[str, str]]:
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    matters: Mapping[str, Mapping[str, str]] = read["matters"]
    return matters
