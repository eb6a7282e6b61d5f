"""Which of the numbered options a message picks."""

from __future__ import annotations

import re

LAST = -1

_WORDS = {
    1: "um uma primeiro primeira one first 1st 1o 1a",
    2: "dois duas segundo segunda two second 2nd 2o 2a",
    3: "três tres terceiro terceira three third 3rd 3o 3a",
    4: "quatro quarto quarta four fourth 4th 4o 4a",
    5: "cinco quinto quinta five fifth 5th 5o 5a",
    LAST: "último ultimo última ultima last",
}
_NUMBERS = {word: number for number, words in _WORDS.items() for word in words.split()}
# Also mere words: "the second one", "me mostra uma opção, a segunda", "quero um atendente".
_WEAK = frozenset({"um", "uma", "one"})
_SHORT = 5  # words; in a longer sentence they pick nothing
_TOKEN = re.compile(r"\w+")


def number_in(text: str) -> int | None:
    """1 for "1", "opção 1", "the first one"; LAST for "a última"; None when nothing is picked."""
    tokens = _TOKEN.findall(text.lower().replace("ª", "a").replace("º", "o"))
    digits = [int(token) for token in tokens if token.isdecimal()]
    if digits:
        return digits[0]
    picked = [token for token in tokens if token in _NUMBERS]
    strong = [token for token in picked if token not in _WEAK]
    weak = picked if len(tokens) <= _SHORT else []
    return next((_NUMBERS[token] for token in strong or weak), None)
