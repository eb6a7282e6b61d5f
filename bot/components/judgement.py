"""What a classifier's scores are worth: how sure it may be, and whether the text is ours at all."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from bot.components.linear import Grams, LinearClassifier, Vector, shares

OUTSIDE = "out_of_scope"
_FILE = "judgement.json"
_FOLDS = 3
_FEWEST = 12  # examples of a label, on average: with fewer, folds teach nothing
_SHARPNESS = 4.0
_FACTORS = np.linspace(1.0, 20.0, 77)


@dataclass(frozen=True)
class Seen:
    """A text that was classified without having been learnt from."""

    label: str
    classes: Sequence[str]
    scores: Vector
    signs: Vector


class Judgement:
    """Turns scores into confidence, and tells what is beyond a shop's desk.

    Both are learnt from texts that the classifier had not seen: how peaked the shares of the known
    intents should be, and a small logistic regression over the signs that a text is foreign.
    """

    def __init__(self, sharpness: float, gate: Sequence[float], words: Sequence[str]) -> None:
        """`gate` holds a weight for each sign and at last the bias, or nothing."""
        self._sharpness = sharpness
        self._gate: Vector = np.asarray(gate, dtype=np.float64)
        self._words = frozenset(words)

    @classmethod
    def fit(
        cls, texts: Sequence[str], labels: Sequence[str], grams: Sequence[Grams], strength: float
    ) -> Judgement:
        """Learn by cross-validation; too few examples leave the defaults."""
        words = _words_of_ours(texts, labels)
        counts = Counter(labels)
        if min(counts.values()) < _FOLDS or len(labels) < _FEWEST * len(counts):
            return cls(_SHARPNESS, (), words)
        unseen = list(_unseen(texts, labels, grams, strength))
        gate = _gate(unseen) if 0 < counts[OUTSIDE] < len(labels) else ()
        return cls(_sharpness(unseen), gate, words)

    def confidences(self, text: str, classes: Sequence[str], scores: Vector, bar: float) -> Vector:
        """A confidence for each class, highest for the one that is meant.

        What is foreign more likely than `bar` allows goes to the class for it, whatever the
        scores say; else that class ranks behind the best of the known ones.
        """
        if not self._gate.size or OUTSIDE not in classes:
            return shares(self._sharpness * scores)
        at = list(classes).index(OUTSIDE)
        known = np.delete(shares_of(scores, at, self._sharpness), at)
        signs = _signs(text, at, scores, self._words)
        odds = float(self._gate[:-1] @ signs + self._gate[-1]) - math.log(bar / (1.0 - bar))
        ours = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))
        if ours < 0.5:
            return np.insert(known * ours, at, 1.0 - ours)
        return np.insert(known, at, known.max() * (1.0 - ours))

    def save(self, folder: Path) -> None:
        """Write it as JSON."""
        kept = {
            "sharpness": self._sharpness,
            "gate": self._gate.tolist(),
            "words": sorted(self._words),
        }
        (folder / _FILE).write_text(json.dumps(kept), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Judgement:
        """Read what `save` wrote."""
        kept = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(kept["sharpness"], kept["gate"], kept["words"])


def shares_of(scores: Vector, without: int, sharpness: float) -> Vector:
    """The shares of all classes but one, which gets nothing."""
    masked = sharpness * scores
    masked[without] = -np.inf
    return shares(masked)


def _words_of_ours(texts: Sequence[str], labels: Sequence[str]) -> list[str]:
    ours = zip(texts, labels, strict=True)
    return sorted({word for text, label in ours if label != OUTSIDE for word in text.split()})


def _unseen(
    texts: Sequence[str], labels: Sequence[str], grams: Sequence[Grams], strength: float
) -> Iterator[Seen]:
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    for learnt, left in folds.split(np.zeros(len(labels)), labels):
        known, named = [texts[at] for at in learnt], [labels[at] for at in learnt]
        classifier = LinearClassifier.fit_margins(known, named, grams, strength)
        words = frozenset(_words_of_ours(known, named))
        outside = classifier.classes.index(OUTSIDE) if OUTSIDE in classifier.classes else -1
        for at in left:
            scores = classifier.scores(texts[at])
            if scores is not None:
                signs = _signs(texts[at], outside, scores, words)
                yield Seen(labels[at], classifier.classes, scores, signs)


def _signs(text: str, outside: int, scores: Vector, words: frozenset[str]) -> Vector:
    """What tells a foreign text: far from each intent, near to foreign ones, of unknown words."""
    foreign = float(scores[outside]) if outside >= 0 else 0.0
    ours = np.delete(scores, outside) if outside >= 0 else scores
    second, best = np.sort(ours)[-2:]
    said = text.split()
    unknown = sum(word not in words for word in said)
    return np.array(
        [
            best,
            best - second,
            foreign,
            best - foreign,
            1.0 - unknown / max(len(said), 1),
            math.log1p(unknown),
            math.log1p(len(said)),
        ]
    )


def _sharpness(unseen: Sequence[Seen]) -> float:
    """The factor under which the known intents' shares are most honest."""
    ours = [seen for seen in unseen if seen.label != OUTSIDE]
    rows = np.array([seen.scores for seen in ours])
    names = list(ours[0].classes)
    right = np.array([names.index(seen.label) for seen in ours])
    if OUTSIDE in names:
        rows[:, names.index(OUTSIDE)] = -1e3

    def surprise(factor: float) -> float:
        scaled = factor * (rows - rows.max(axis=1, keepdims=True))
        normal = np.log(np.exp(scaled).sum(axis=1))
        return float(np.mean(normal - scaled[np.arange(len(right)), right]))

    return float(min(_FACTORS, key=surprise))


def _gate(unseen: Sequence[Seen]) -> list[float]:
    signs: npt.NDArray[np.float64] = np.array([seen.signs for seen in unseen])
    ours = np.array([seen.label != OUTSIDE for seen in unseen])
    scaler = StandardScaler().fit(signs)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(signs), ours)
    weights = model.coef_[0] / scaler.scale_
    return [*weights.tolist(), float(model.intercept_[0] - weights @ scaler.mean_)]
