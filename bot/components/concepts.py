"""What words of both languages have in common: one name for all ways to say a thing."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path

import yaml

_TABLE = Path(__file__).with_name("concepts.yml")
_SHORTEST_BEGINNING = 2
_MOST = 40  # concepts of a text that are paired: what comes later adds pairs, not meaning


@lru_cache(maxsize=20_000)
def of_word(word: str) -> tuple[str, ...]:
    """The concepts that a normalised word stands for, mostly none or one."""
    whole, beginnings = _table()
    found = list(whole.get(word, ()))
    for length in range(_SHORTEST_BEGINNING, len(word) + 1):
        found += beginnings.get(word[:length], ())
    return tuple(dict.fromkeys(found))


def in_text(text: str) -> Iterator[str]:
    """Each concept of a text and each pair of them, whatever their order.

    Pairs say what single concepts can't: *money* and *where* is a refund, *order* and *where* is
    not; and they say it of words that were never seen together, in either language.
    """
    named = sorted({concept for word in text.split() for concept in of_word(word)})[:_MOST]
    yield from named
    for one, other in combinations(named, 2):
        yield f"{one}+{other}"


@cache
def _table() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    whole: dict[str, list[str]] = defaultdict(list)
    beginnings: dict[str, list[str]] = defaultdict(list)
    for concept, words in yaml.safe_load(_TABLE.read_text(encoding="utf-8")).items():
        for word in str(words).split():
            (beginnings if word.endswith("*") else whole)[word.rstrip("*")].append(str(concept))
    return whole, beginnings
