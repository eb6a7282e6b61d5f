"""What the machines make of examples that they have not learnt from: all judgement rests on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import StratifiedKFold

from bot.components.leaning import Leaning
from bot.components.linear import LinearClassifier
from bot.components.meaning import Meaning
from bot.components.vectors import Grams, Vector

OUTSIDE = "out_of_scope"
_FOLDS = 3
_FEWEST = 12  # examples of a label, on average: with fewer, folds teach nothing


@dataclass(frozen=True)
class Lessons:
    """Examples: their normalised words, their labels and, if the transformer is used, vectors."""

    texts: Sequence[str]
    labels: Sequence[str]
    vectors: Meaning | None = None

    def at(self, places: Sequence[int]) -> Lessons:
        """Some of them."""
        return Lessons(
            [self.texts[place] for place in places],
            [self.labels[place] for place in places],
            None if self.vectors is None else self.vectors[places],
        )

    def words_of_ours(self) -> list[str]:
        """All words of what isn't foreign."""
        ours = zip(self.texts, self.labels, strict=True)
        return sorted({word for text, label in ours if label != OUTSIDE for word in text.split()})


@dataclass(frozen=True)
class Seen:
    """A text that was classified without having been learnt from; `words` are those of ours."""

    text: str
    label: str
    classes: Sequence[str]
    words: frozenset[str]
    scores: Vector
    leanings: Vector | None = None

    def leaning(self, weight: float) -> Seen:
        """The same text, with what its meaning leans to among its scores."""
        return self if self.leanings is None else replace(
            self, scores=self.scores + weight * self.leanings
        )  # fmt: skip


def unseen(lessons: Lessons, grams: Sequence[Grams], strength: float) -> list[Seen]:
    """Every example of which something is known, by cross-validation; nothing of too few."""
    counts = Counter(lessons.labels)
    if min(counts.values()) < _FOLDS or len(lessons.labels) < _FEWEST * len(counts):
        return []
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    return [
        seen
        for learnt, left in folds.split(np.zeros(len(lessons.labels)), lessons.labels)
        for seen in _seen(lessons.at(learnt), lessons.at(left), grams, strength)
    ]


def _seen(
    learnt: Lessons, left: Lessons, grams: Sequence[Grams], strength: float
) -> Iterator[Seen]:
    machine = LinearClassifier.fit_margins(learnt.texts, learnt.labels, grams, strength)
    words = frozenset(learnt.words_of_ours())
    leanings: Sequence[Vector | None] = [None] * len(left.texts)
    if learnt.vectors is not None and left.vectors is not None:
        leanings = list(Leaning.fit(learnt.vectors, learnt.labels).of(left.vectors))
    for text, label, leaning in zip(left.texts, left.labels, leanings, strict=True):
        scores = machine.scores(text)
        if scores is not None:
            yield Seen(text, label, machine.classes, words, scores, leaning)
