"""Words that designers list, found in what people write: without accents, by their beginning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from actions.wording.plain import plain


def pattern(words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Finds any of the words of all languages."""
    listed = "|".join(re.escape(plain(word)) for word in _all(words.values()))
    return re.compile(rf"\b(?:{listed})")


def comparable(text: str) -> str:
    """What such a pattern is looked for in."""
    return plain(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def _all(lists: Iterable[Sequence[str]]) -> list[str]:
    return [word for each in lists for word in each]
