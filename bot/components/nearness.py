"""How near a text is to the nearest example, when nothing is known of what is foreign."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz

from bot.components.meaning import Meaning
from bot.components.reach import Reach
from bot.components.vectors import Grams, Vectors

_MEANINGS = "nearness_of_meaning.npz"
_HEADER, _ROWS, _IDF = "nearness.json", "nearness.npz", "nearness.npy"


class Nearness:
    """The cosine between a text and the most similar of the examples."""

    def __init__(self, vectors: Vectors, reach: Reach, rows: csr_matrix) -> None:
        """`rows` are the examples' vectors, each of length one."""
        self._vectors = vectors
        self._reach = reach
        self._rows = rows

    @classmethod
    def fit(cls, texts: Sequence[str], grams: Sequence[Grams]) -> Nearness:
        """Remember all examples."""
        vectors, rows = Vectors.fit(texts, grams)
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        whole = csr_matrix(rows.multiply(1.0 / np.maximum(lengths, 1e-9)[:, None]))
        return cls(vectors, Reach.fit(texts), whole)

    def to(self, text: str) -> float:
        """From 0 (nothing in common) to 1 (an example)."""
        at, values = self._vectors.of(self._reach.completed(text))
        if not at.size:
            return 0.0
        dense = np.zeros(self._rows.shape[1])
        dense[at] = values / np.sqrt(values @ values)
        return float(min(1.0, (self._rows @ dense).max()))

    def save(self, folder: Path) -> None:
        """Write it as JSON and arrays."""
        reach = {"counts": self._reach.counts, "rule": [self._reach.least, self._reach.shortest]}
        header = {"vectors": self._vectors.header(), "reach": reach}
        (folder / _HEADER).write_text(json.dumps(header), encoding="utf-8")
        np.save(folder / _IDF, self._vectors.idf)
        save_npz(folder / _ROWS, self._rows)

    @classmethod
    def load(cls, folder: Path) -> Nearness | None:
        """Read what `save` wrote, if it did."""
        if not (folder / _HEADER).exists():
            return None
        header = json.loads((folder / _HEADER).read_text(encoding="utf-8"))
        vectors = Vectors.of_header(header["vectors"], np.load(folder / _IDF))
        reach = Reach(header["reach"]["counts"], *header["reach"]["rule"])
        return cls(vectors, reach, csr_matrix(load_npz(folder / _ROWS)))


class NearnessOfMeaning:
    """The cosine between a text's meaning and the most similar of the examples'."""

    def __init__(self, middle: Meaning, rows: Meaning) -> None:
        """`rows` are the examples' vectors as seen from their `middle`, each of length one."""
        self._middle = middle
        self._rows = rows

    @classmethod
    def fit(cls, vectors: Meaning) -> NearnessOfMeaning:
        """Remember all examples. All texts of a shop point one way: from there one tells more."""
        middle = vectors.mean(axis=0)
        rows = vectors - middle
        return cls(middle, rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))

    def to(self, vector: Meaning) -> float:
        """From 0 (another direction) to 1 (an example)."""
        seen = vector - self._middle
        nearest = float((self._rows @ seen).max() / max(float(np.linalg.norm(seen)), 1e-9))
        return min(1.0, max(0.0, nearest))

    def save(self, folder: Path) -> None:
        """Write it as arrays."""
        np.savez(folder / _MEANINGS, middle=self._middle, rows=self._rows)

    @classmethod
    def load(cls, folder: Path) -> NearnessOfMeaning | None:
        """Read what `save` wrote, if it did."""
        if not (folder / _MEANINGS).exists():
            return None
        with np.load(folder / _MEANINGS) as stored:
            return cls(stored["middle"], stored["rows"])
