"""What the machines make of examples that they have not learnt from: all judgement rests on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from bot.components.leaning import Leaning
from bot.components.linear import LinearClassifier
from bot.components.meaning import Meaning
from bot.components.vectors import Grams, Vector

OUTSIDE = "out_of_scope"
Places = npt.NDArray[np.intp]
_FOLDS = 3
_FEWEST = 12  # examples of a label, on average: with fewer, folds teach nothing


@dataclass(frozen=True)
class Lessons:
    """Examples: their normalised words and their labels."""

    texts: Sequence[str]
    labels: Sequence[str]

    def at(self, places: Iterable[int]) -> Lessons:
        """Some of them."""
        known = list(places)
        return Lessons([self.texts[at] for at in known], [self.labels[at] for at in known])

    def words_of_ours(self) -> list[str]:
        """All words of what isn't foreign."""
        ours = zip(self.texts, self.labels, strict=True)
        return sorted({word for text, label in ours if label != OUTSIDE for word in text.split()})


@dataclass(frozen=True)
class Seen:
    """A text that was classified without having been learnt from; `words` are those of ours."""

    place: int  # in the lessons
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
    """Every example of whose words something is known, by cross-validation; nothing of too few."""
    return [
        seen
        for learnt, left in _folds(lessons.labels)
        for seen in _seen(lessons, learnt, left, grams, strength)
    ]


def with_leanings(
    seen: Iterable[Seen], labels: Sequence[str], vectors: Meaning
) -> tuple[list[Seen], Leaning]:
    """The same, with what their meanings lean to by the same cross-validation.

    And the machine of all `vectors`: it takes longest, so it begins before those of the folds.
    """
    folds = _folds(labels)
    found = np.zeros((len(labels), len(set(labels))))
    whole, *machines = Leaning.fit_each(
        [
            (vectors, labels),
            *((vectors[learnt], [labels[at] for at in learnt]) for learnt, _ in folds),
        ]
    )
    for machine, (_, left) in zip(machines, folds, strict=True):
        found[left] = machine.of(vectors[left])
    return [replace(each, leanings=found[each.place]) for each in seen], whole


def _folds(labels: Sequence[str]) -> list[tuple[Places, Places]]:
    counts = Counter(labels)
    if min(counts.values()) < _FOLDS or len(labels) < _FEWEST * len(counts):
        return []
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    return list(folds.split(np.zeros(len(labels)), labels))


def _seen(
    lessons: Lessons, learnt: Places, left: Places, grams: Sequence[Grams], strength: float
) -> Iterator[Seen]:
    known = lessons.at(learnt)
    machine = LinearClassifier.fit_margins(known.texts, known.labels, grams, strength)
    words = frozenset(known.words_of_ours())
    for place in left:
        text, label = lessons.texts[place], lessons.labels[place]
        scores = machine.scores(text)
        if scores is not None:
            yield Seen(int(place), text, label, machine.classes, words, scores)
