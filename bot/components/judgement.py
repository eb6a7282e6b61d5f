"""What a classifier's scores are worth: how sure it may be, and whether the text is ours at all."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bot.components.linear import shares
from bot.components.unseen import OUTSIDE, Seen
from bot.components.vectors import Vector

_FILE = "judgement.json"
_SHARPNESS = 4.0
_PAIRS = np.triu_indices(7)  # of the signs
_FACTORS = np.linspace(1.0, 20.0, 77)
_FEW_FACTORS = _FACTORS[::4]
_WEIGHTS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6)
_WEIGHT = 0.3
KEPT = 0.965
"""The share of the shop's own messages that the gate may not turn away."""


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
    ) -> None:
        """`gate` holds a weight for each sign and at last the bias, or nothing."""
        self.bar = bar
        self._sharpness = sharpness
        self._words = frozenset(words)
        self._gate: Vector = np.asarray(gate, dtype=np.float64)

    @classmethod
    def fit(cls, unseen: Sequence[Seen], words: Sequence[str], kept: float = KEPT) -> Judgement:
        """Learn from texts `unseen`; none leave the defaults. `words` are all of ours."""
        if not unseen:
            return cls(_SHARPNESS, words)
        if OUTSIDE not in unseen[0].classes:
            return cls(_sharpest(unseen, _FACTORS)[1], words)
        signs = _all_signs(unseen)
        gate = _gate(unseen, signs)
        return cls(_sharpest(unseen, _FACTORS)[1], words, gate, _bar(unseen, signs, gate, kept))

    def confidences(
        self,
        text: str,
        classes: Sequence[str],
        scores: Vector,
        bar: float | None = None,
        near: float = 1.0,
        leanings: Vector | None = None,
    ) -> Vector:
        """A confidence for each class, highest for the one that is meant.

        What is foreign more likely than `bar` (the learnt one, if none is given) allows goes to
        the class for it, whatever the scores say; else that class ranks behind the best known one.
        Where there is no such class, it counts how `near` an example is. `leanings`, what the
        meaning says by itself, are given where they were given when it was learnt.
        """
        if not self._gate.size or OUTSIDE not in classes:
            return near * shares(self._sharpness * scores)
        at = list(classes).index(OUTSIDE)
        known = np.delete(shares_of(scores, at, self._sharpness), at)
        odds = _odds(_signs(text, at, scores, leanings, self._words), self._gate)
        ours = _logistic(odds - _logit(self.bar if bar is None else bar))
        if ours < 0.5:
            return np.insert(known * ours, at, 1.0 - ours)
        return np.insert(known, at, known.max() * (1.0 - ours))

    def save(self, folder: Path) -> None:
        """Write it as JSON."""
        kept = {
            "sharpness": self._sharpness,
            "gate": self._gate.tolist(),
            "bar": self.bar,
            "words": sorted(self._words),
        }
        (folder / _FILE).write_text(json.dumps(kept), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Judgement:
        """Read what `save` wrote."""
        kept = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(kept["sharpness"], kept["words"], kept["gate"], kept["bar"])


def weight_of_leanings(unseen: Sequence[Seen]) -> float:
    """How much what a meaning leans to should count beside a score: least surprise decides."""
    if not unseen:
        return _WEIGHT
    return min(
        _WEIGHTS,
        key=lambda weight: _sharpest([each.leaning(weight) for each in unseen], _FEW_FACTORS)[0],
    )


def trade_offs(
    unseen: Sequence[Seen], asked: Sequence[float], counted: npt.NDArray[np.bool_]
) -> list[dict[str, float]]:
    """For each share of ours to keep, by cross-validation: what is right of ours, and declined.

    All are learnt from, and those told of that are to be `counted`.
    """
    signs = _all_signs(unseen)
    gate = _gate(unseen, signs)
    odds = signs @ gate[:-1] + gate[-1]
    ours = np.array([seen.label != OUTSIDE for seen in unseen])
    right = np.array([_best_of_ours(seen) == seen.label for seen in unseen])
    rows = []
    for kept in asked:
        bar = _bar(unseen, signs, gate, kept)
        passes = odds >= _logit(bar)
        in_scope = float((right & passes)[ours & counted].mean())
        declined = float((~passes)[~ours & counted].mean())
        rows.append({"kept": kept, "bar": bar, "in_scope": in_scope, "out_of_scope": declined})
    return rows


def shares_of(scores: Vector, without: int, sharpness: float) -> Vector:
    """The shares of all classes but one, which gets nothing."""
    masked = sharpness * scores
    masked[without] = -np.inf
    return shares(masked)


def _all_signs(unseen: Sequence[Seen]) -> Vector:
    """The signs of each text, one a row."""
    outside = list(unseen[0].classes).index(OUTSIDE)
    return np.array(
        [_signs(seen.text, outside, seen.scores, seen.leanings, seen.words) for seen in unseen]
    )


def _signs(
    text: str, outside: int, scores: Vector, leanings: Vector | None, words: frozenset[str]
) -> Vector:
    """What tells a foreign text: far from each intent, near to foreign ones, of unknown words."""
    best, second, foreign = _sides(scores, outside)
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
    together = np.outer(signs, signs)[_PAIRS]
    # Words may be quite sure of what the meaning doubts.
    alone = [] if leanings is None else _sides(leanings, outside)
    return np.concatenate([signs, together, alone])


def _sides(scores: Vector, outside: int) -> tuple[float, float, float]:
    """The best and the second of our intents, and what speaks for a foreign text."""
    second, best = np.sort(np.delete(scores, outside))[-2:]
    return float(best), float(second), float(scores[outside])


def _sharpest(unseen: Sequence[Seen], factors: Iterable[float]) -> tuple[float, float]:
    """The least surprise at the known intents, and the factor under which their shares have it."""
    ours = [seen for seen in unseen if seen.label != OUTSIDE]
    rows = np.array([seen.scores for seen in ours])
    names = list(ours[0].classes)
    right = np.array([names.index(seen.label) for seen in ours])
    if OUTSIDE in names:
        rows[:, names.index(OUTSIDE)] = -1e3
    rows -= rows.max(axis=1, keepdims=True)
    meant = rows[np.arange(len(right)), right]

    def surprise(factor: float) -> float:
        return float(np.mean(np.log(np.exp(factor * rows).sum(axis=1)) - factor * meant))

    return min((surprise(factor), float(factor)) for factor in factors)


def _gate(unseen: Sequence[Seen], signs: Vector) -> Vector:
    ours = np.array([seen.label != OUTSIDE for seen in unseen])
    scaler = StandardScaler().fit(signs)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(signs), ours)
    weights = model.coef_[0] / scaler.scale_
    return np.array([*weights.tolist(), float(model.intercept_[0] - weights @ scaler.mean_)])


def _bar(unseen: Sequence[Seen], signs: Vector, gate: Vector, kept: float) -> float:
    """The bar that `kept` of the shop's own messages pass."""
    ours = signs[[seen.label != OUTSIDE for seen in unseen]]
    return _logistic(float(np.quantile(ours @ gate[:-1] + gate[-1], 1.0 - kept)))


def _best_of_ours(seen: Seen) -> str:
    ranked = np.argsort(-seen.scores)
    return next(seen.classes[at] for at in ranked if seen.classes[at] != OUTSIDE)


def _odds(signs: Vector, gate: Vector) -> float:
    return float(gate[:-1] @ signs + gate[-1])


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def _logit(share: float) -> float:
    return math.log(share / (1.0 - share))
