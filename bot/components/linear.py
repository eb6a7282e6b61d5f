"""A linear text classifier that answers in a fraction of a millisecond.

scikit-learn fits it; afterwards only a vocabulary and arrays are left.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.components.reach import Reach
from bot.components.vectors import Grams, Vector, Vectors


class LinearClassifier:
    """TF-IDF n-grams into one weight for each n-gram and class, frozen."""

    def __init__(
        self,
        classes: Sequence[str],
        vectors: Vectors,
        weights: Vector,
        bias: Vector,
        reach: Reach | None = None,
    ) -> None:
        """`weights` is feature × class; with a `reach`, slips of spelling are read as meant."""
        self.classes = list(classes)
        self._vectors = vectors
        self._weights = weights
        self._bias = bias
        self._reach = reach

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        grams: Sequence[Grams],
        strength: float,
        iterations: int,
    ) -> LinearClassifier:
        """Logistic regression: scores are log odds; `strength` is its C."""
        model = LogisticRegression(C=strength, max_iter=iterations)
        return cls._fitted(model, texts, labels, grams, None)

    @classmethod
    def fit_margins(
        cls, texts: Sequence[str], labels: Sequence[str], grams: Sequence[Grams], strength: float
    ) -> LinearClassifier:
        """A support vector machine for each class: scores are distances from its border.

        With many classes it learns in a twentieth of the time of logistic regression, and a text
        like none of the classes has a negative score for each of them.
        """
        model = LinearSVC(C=strength, random_state=0)
        return cls._fitted(model, texts, labels, grams, Reach.fit(texts))

    @classmethod
    def _fitted(
        cls,
        model: LogisticRegression | LinearSVC,
        texts: Sequence[str],
        labels: Sequence[str],
        grams: Sequence[Grams],
        reach: Reach | None,
    ) -> LinearClassifier:
        vectors, rows = Vectors.fit(texts, grams)
        model.fit(rows, labels)
        weights, bias = model.coef_.T, np.atleast_1d(model.intercept_)
        if len(model.classes_) == 2:  # scikit-learn keeps one column for two classes
            weights = np.hstack([np.zeros_like(weights), weights])
            bias = np.array([0.0, bias[0]])
        classes = [str(name) for name in model.classes_]
        return cls(classes, vectors, np.ascontiguousarray(weights), bias, reach)

    def scores(self, text: str) -> Vector | None:
        """One score for each of `classes`; None when nothing in the text was ever seen."""
        at, values = self._vectors.of(self._as_meant(text))
        if not at.size:
            return None
        scores: Vector = self._bias + values @ self._weights[at]
        return scores

    def probabilities(self, text: str) -> Vector:
        """How likely each of `classes` is, summing to one; all alike when nothing was ever seen."""
        scores = self.scores(text)
        if scores is None:
            return np.full(len(self.classes), 1.0 / len(self.classes))
        return shares(scores)

    def knows_a_word(self, text: str) -> bool:
        """Whether a whole word of the text, and not just letters of it, was ever seen."""
        return self._vectors.knows_a_word(self._as_meant(text))

    def save(self, folder: Path) -> None:
        """Write the classifier as JSON and arrays: nothing that runs code when read."""
        header = {"classes": self.classes, "vectors": self._vectors.header()}
        if self._reach:
            rule = [self._reach.least, self._reach.shortest]
            header["reach"] = {"counts": self._reach.counts, "rule": rule}
        (folder / "classifier.json").write_text(json.dumps(header), encoding="utf-8")
        np.savez_compressed(
            folder / "classifier.npz",
            idf=self._vectors.idf.astype(np.float32),
            weights=self._weights.astype(np.float32),
            bias=self._bias,
        )

    @classmethod
    def load(cls, folder: Path) -> LinearClassifier:
        """Read what `save` wrote."""
        header = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        with np.load(folder / "classifier.npz") as stored:
            arrays = {name: stored[name].astype(np.float64) for name in stored.files}
        vectors = Vectors.of_header(header["vectors"], arrays["idf"])
        spelled = header.get("reach")
        reach = Reach(spelled["counts"], *spelled["rule"]) if spelled else None
        return cls(header["classes"], vectors, arrays["weights"], arrays["bias"], reach)

    def _as_meant(self, text: str) -> str:
        return self._reach.completed(text) if self._reach else text


def shares(scores: Vector) -> Vector:
    """Scores as positive shares of one: the softmax."""
    odds = np.exp(scores - scores.max())
    of_one: Vector = odds / odds.sum()
    return of_one
