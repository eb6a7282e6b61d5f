"""A text as the pieces of words that a transformer knows: the likeliest way to cut each word."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.components.weights import Vocabulary

_START = "\u2581"  # a piece that begins a word begins with it
_SPACES = re.compile(" +")
_UNKNOWN_COSTS = 10.0
_REMEMBERED = 20_000


class Pieces:
    """Cuts words as SentencePiece does; no piece goes beyond a word, so each is cut by itself."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """With the pieces of a vocabulary."""
        self._known = {
            piece: (number, score)
            for number, (piece, score) in enumerate(
                zip(vocabulary.pieces, vocabulary.scores, strict=True)
            )
            if piece and number != vocabulary.unknown
        }
        self._longest = max(map(len, self._known))
        self._unknown = vocabulary.unknown, min(vocabulary.scores) - _UNKNOWN_COSTS
        self._spellings = vocabulary.spellings
        self._begin, self._end = vocabulary.begin, vocabulary.end
        self._of_word = lru_cache(maxsize=_REMEMBERED)(self._cut)

    def of(self, text: str) -> list[int]:
        """The numbers of a text's pieces, between those for its beginning and its end."""
        spelt = _SPACES.sub(" ", text.translate(self._spellings))
        words = spelt.removeprefix(" ").split(" ")
        return [
            self._begin,
            *(number for word in words for number in self._of_word(_START + word)),
            self._end,
        ]

    def _cut(self, word: str) -> tuple[int, ...]:
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]  # score, piece, and where that began
        for stop in range(1, len(word) + 1):
            number, cost = self._unknown
            found = (best[stop - 1][0] + cost, number, stop - 1)
            for start in range(max(0, stop - self._longest), stop):
                piece = self._known.get(word[start:stop])
                if piece and best[start][0] + piece[1] > found[0]:
                    found = (best[start][0] + piece[1], piece[0], start)
            best.append(found)
        numbers, stop = [], len(word)
        while stop:
            _, number, stop = best[stop]
            numbers.append(number)
        return tuple(reversed(numbers))
