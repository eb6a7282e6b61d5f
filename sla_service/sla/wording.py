"""What this room says to people, in each of its languages; the words are in the folder `words`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("pt", "en")
_WORDS = Path(__file__).parent / "words"


@cache
def words(language: str) -> dict[str, Any]:
    """What is said in a language (`pt` or `en`)."""
    path = _WORDS / f"{language}.yml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
