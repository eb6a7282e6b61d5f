"""Which intent a meaning leans to: one linear machine over the transformer's vectors."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from bot.components.meaning import Meaning
from bot.components.vectors import Vector

_FILE = "leaning.npz"
_STRENGTH = 10.0
_STEPS = 60


class Leaning:
    """Log odds of each class for a vector, in a few microseconds."""

    def __init__(self, weights: Vector, bias: Vector) -> None:
        """`weights` is dimension × class."""
        self._weights = weights
        self._bias = bias

    @classmethod
    def fit_each(cls, lessons: Sequence[tuple[Meaning, Sequence[str]]]) -> list[Leaning]:
        """Learn from each of the lessons by itself, on all cores, by logistic regression.

        The classes are the labels in alphabetical order.
        """
        # More steps would change nothing that is measured, and threads of one machine would wait
        # for each other: on a busy one they take many times as long.
        with warnings.catch_warnings(), threadpool_limits(1, "blas"):
            warnings.simplefilter("ignore", ConvergenceWarning)
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                return list(pool.map(lambda lesson: cls._fitted(*lesson), lessons))

    @classmethod
    def _fitted(cls, vectors: Meaning, labels: Sequence[str]) -> Leaning:
        middle, spread = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
        scale = spread * np.float32(np.sqrt(vectors.shape[1]))
        model = LogisticRegression(C=_STRENGTH, max_iter=_STEPS, tol=1e-3)
        model.fit((vectors - middle) / scale, labels)
        found, bias = model.coef_.T, np.atleast_1d(model.intercept_)
        if len(model.classes_) == 2:  # scikit-learn keeps one column for two classes
            found, bias = np.hstack([-found, found]) / 2, np.array([-bias[0], bias[0]]) / 2
        weights = found / scale[:, None]
        return cls(weights.astype(np.float64), bias - middle @ weights)

    def of(self, vectors: Meaning) -> Vector:
        """The log odds of each class, for one vector or for many, one a row."""
        odds: Vector = vectors @ self._weights + self._bias
        return odds

    def save(self, folder: Path) -> None:
        """Write it as arrays."""
        np.savez_compressed(
            folder / _FILE,
            weights=self._weights.astype(np.float32),
            bias=self._bias.astype(np.float32),
        )

    @classmethod
    def load(cls, folder: Path) -> Leaning:
        """Read what `save` wrote."""
        with np.load(folder / _FILE) as stored:
            return cls(stored["weights"].astype(np.float64), stored["bias"].astype(np.float64))
