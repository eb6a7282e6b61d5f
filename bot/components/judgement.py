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

from bot.components.linear import LinearClassifier, shares
from bot.components.nearness import Nearness
from bot.components.vectors import Grams, Vector

OUTSIDE = "out_of_scope"
_FILE = "judgement.json"
_FOLDS = 3
_FEWEST = 12  # examples of a label, on average: with fewer, folds teach nothing
_SHARPNESS = 4.0
_FACTORS = np.linspace(1.0, 20.0, 77)
KEPT = 0.96
"""The share of the shop's own messages that the gate may not turn away."""


@dataclass(frozen=True)
class Seen:
    """A text that was classified without having been learnt from."""

    label: str
    classes: Sequence[str]
    scores: Vector
    signs: Vector


class Judgement:
    """Turns scores into confidence, and tells what is beyond a shop's desk.

    All is learnt from texts that the classifier had not seen: how peaked the shares of the known
    intents should be, a small logistic regression over the signs that a text is foreign, and the
    bar at which as many of the shop's own messages pass as asked for. Where no example says what
    is foreign, an intent is as sure as its share and as the text is near to an example.
    """

    def __init__(
        self,
        sharpness: float,
        words: Sequence[str],
        gate: Sequence[float] | Vector = (),
        bar: float = 0.5,
        nearness: Nearness | None = None,
    ) -> None:
        """`gate` holds a weight for each sign and at last the bias, or nothing."""
        self.bar = bar
        self._sharpness = sharpness
        self._words = frozenset(words)
        self._gate: Vector = np.asarray(gate, dtype=np.float64)
        self._nearness = nearness

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        grams: Sequence[Grams],
        strength: float,
        kept: float = KEPT,
    ) -> Judgement:
        """Learn by cross-validation; too few examples leave the defaults."""
        words = _words_of_ours(texts, labels)
        counts = Counter(labels)
        nearness = None if OUTSIDE in counts else Nearness.fit(texts, grams)
        if min(counts.values()) < _FOLDS or len(labels) < _FEWEST * len(counts):
            return cls(_SHARPNESS, words, nearness=nearness)
        unseen = list(_unseen(texts, labels, grams, strength))
        if nearness or len(counts) == 1:
            return cls(_sharpness(unseen), words, nearness=nearness)
        gate = _gate(unseen)
        return cls(_sharpness(unseen), words, gate, _bar(unseen, gate, kept))

    def confidences(
        self, text: str, classes: Sequence[str], scores: Vector, bar: float | None = None
    ) -> Vector:
        """A confidence for each class, highest for the one that is meant.

        What is foreign more likely than `bar` (the learnt one, if none is given) allows goes to
        the class for it, whatever the scores say; else that class ranks behind the best known one.
        """
        if not self._gate.size or OUTSIDE not in classes:
            near = self._nearness.to(text) if self._nearness else 1.0
            return near * shares(self._sharpness * scores)
        at = list(classes).index(OUTSIDE)
        known = np.delete(shares_of(scores, at, self._sharpness), at)
        odds = _odds(_signs(text, at, scores, self._words), self._gate)
        ours = _logistic(odds - _logit(self.bar if bar is None else bar))
        if ours < 0.5:
            return np.insert(known * ours, at, 1.0 - ours)
        return np.insert(known, at, known.max() * (1.0 - ours))

    def save(self, folder: Path) -> None:
        """Write it as JSON, and the examples where they are needed."""
        kept = {
            "sharpness": self._sharpness,
            "gate": self._gate.tolist(),
            "bar": self.bar,
            "words": sorted(self._words),
        }
        (folder / _FILE).write_text(json.dumps(kept), encoding="utf-8")
        if self._nearness:
            self._nearness.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Judgement:
        """Read what `save` wrote."""
        kept = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        nearness = Nearness.load(folder)
        return cls(kept["sharpness"], kept["words"], kept["gate"], kept["bar"], nearness)


def trade_offs(
    texts: Sequence[str],
    labels: Sequence[str],
    grams: Sequence[Grams],
    strength: float,
    asked: Sequence[float],
) -> list[dict[str, float]]:
    """For each share of ours to keep, by cross-validation: what is right of ours, and declined."""
    unseen = list(_unseen(texts, labels, grams, strength))
    gate = _gate(unseen)
    odds = np.array([_odds(seen.signs, gate) for seen in unseen])
    ours = np.array([seen.label != OUTSIDE for seen in unseen])
    right = np.array([_best_of_ours(seen) == seen.label for seen in unseen])
    rows = []
    for kept in asked:
        bar = _bar(unseen, gate, kept)
        passes = odds >= _logit(bar)
        in_scope, declined = float((right & passes)[ours].mean()), float((~passes)[~ours].mean())
        rows.append({"kept": kept, "bar": bar, "in_scope": in_scope, "out_of_scope": declined})
    return rows


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
    signs = np.array(
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
    # Together they say more than one by one: two unknown words count for less in a long text.
    return np.concatenate([signs, np.outer(signs, signs)[np.triu_indices(len(signs))]])


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


def _gate(unseen: Sequence[Seen]) -> Vector:
    signs: npt.NDArray[np.float64] = np.array([seen.signs for seen in unseen])
    ours = np.array([seen.label != OUTSIDE for seen in unseen])
    scaler = StandardScaler().fit(signs)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(signs), ours)
    weights = model.coef_[0] / scaler.scale_
    return np.array([*weights.tolist(), float(model.intercept_[0] - weights @ scaler.mean_)])


def _bar(unseen: Sequence[Seen], gate: Vector, kept: float) -> float:
    """The bar that `kept` of the shop's own messages pass."""
    ours = [_odds(seen.signs, gate) for seen in unseen if seen.label != OUTSIDE]
    return _logistic(float(np.quantile(ours, 1.0 - kept)))


def _best_of_ours(seen: Seen) -> str:
    ranked = np.argsort(-seen.scores)
    return next(seen.classes[at] for at in ranked if seen.classes[at] != OUTSIDE)


def _odds(signs: Vector, gate: Vector) -> float:
    return float(gate[:-1] @ signs + gate[-1])


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def _logit(share: float) -> float:
    return math.log(share / (1.0 - share))
