"""Spelling within reach: an unknown word that is one slip away from a known one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

_SHORTEST_KNOWN = 4
_MANY = 2000  # texts: from here on, rarer words and shorter slips are mostly words of their own


class Reach:
    """Adds to a text the known words that its unknown ones were probably meant to be.

    A slip is one letter too many, one too few, a wrong one, or two in the wrong order, and never
    the first letter. The word that was typed stays, because its letters still say something.
    """

    def __init__(self, counts: Mapping[str, int], least: int, shortest: int) -> None:
        """Words seen `least` times may be meant by unknown ones of `shortest` letters or more."""
        self.counts = dict(counts)
        self.least = least
        self.shortest = shortest
        self._by_variant: dict[str, list[str]] = defaultdict(list)
        for word, count in self.counts.items():
            if count >= least and len(word) >= _SHORTEST_KNOWN:
                for variant in {word, *_shortened(word)}:
                    self._by_variant[variant].append(word)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Reach:
        """Learn the words; the more texts, the more careful."""
        counts = Counter(word for text in texts for word in text.split() if word.isalpha())
        return cls(counts, 3, 6) if len(texts) >= _MANY else cls(counts, 2, 5)

    def completed(self, text: str) -> str:
        """The text and, at its end, what its unknown words were probably meant to be."""
        meant = filter(None, map(self._meant, text.split()))
        return " ".join([text, *meant])

    def _meant(self, word: str) -> str | None:
        if word in self.counts or len(word) < self.shortest or not word.isalpha():
            return None
        near = {
            known
            for variant in (word, *_shortened(word), *_swapped(word))
            for known in self._by_variant.get(variant, ())
            if known[0] == word[0] and _is_one_slip(known, word)
        }
        return max(sorted(near), key=self.counts.__getitem__, default=None)


def _shortened(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _swapped(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))


def _is_one_slip(known: str, typed: str) -> bool:
    if len(known) != len(typed):
        return abs(len(known) - len(typed)) == 1
    wrong = [at for at in range(len(known)) if known[at] != typed[at]]
    if len(wrong) == 2:
        first, second = wrong
        return second == first + 1 and known[first : second + 1] == typed[second] + typed[first]
    return len(wrong) == 1
