"""A text as a sparse vector: TF-IDF over words, pieces of words and concepts, in blocks.

scikit-learn fits it; afterwards only vocabularies and an array are left, and a text costs one
dictionary lookup per n-gram instead of several sparse matrices.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from bot.components import concepts

Vector = npt.NDArray[np.float64]
CONCEPT = "concept"
_WORD = r"(?u)\b\w+\b"


@dataclass(frozen=True)
class Grams:
    """One way to cut a text: whole words, characters inside words, or concepts and their pairs."""

    analyzer: str
    shortest: int
    longest: int
    least: int = 1  # the number of texts that an n-gram must be in
    weight: float = 1.0  # the length of the block's vector

    def vectorizer(self) -> TfidfVectorizer:
        """The unfitted scikit-learn counterpart."""
        return TfidfVectorizer(
            analyzer=concepts.in_text if self.analyzer == CONCEPT else self.analyzer,
            ngram_range=(self.shortest, self.longest),
            min_df=self.least,
            sublinear_tf=True,
            token_pattern=_WORD if self.analyzer == "word" else None,
        )


class Vectors:
    """Turns a text into the places and values of its vector; a block is as long as its weight."""

    def __init__(
        self, grams: Sequence[Grams], vocabularies: Sequence[dict[str, int]], idf: Vector
    ) -> None:
        """`vocabularies` number the features of all blocks in a row, as `idf` does."""
        self.grams = list(grams)
        self.idf = idf
        self._vocabularies = list(vocabularies)
        self._analyzers: list[Callable[[str], Iterable[str]]] = [
            block.vectorizer().build_analyzer() for block in grams
        ]

    @classmethod
    def fit(cls, texts: Sequence[str], grams: Sequence[Grams]) -> tuple[Vectors, csr_matrix]:
        """Learn the vocabularies; also the vectors of the texts, one a row."""
        names = [f"{at}" for at in range(len(grams))]
        union = FeatureUnion(
            [(name, block.vectorizer()) for name, block in zip(names, grams, strict=True)],
            transformer_weights=dict(zip(names, [block.weight for block in grams], strict=True)),
        )
        rows = csr_matrix(union.fit_transform(texts))
        blocks = [vectorizer for _, vectorizer in union.transformer_list]
        vocabularies, start = [], 0
        for block in blocks:
            vocabularies.append({gram: int(at) + start for gram, at in block.vocabulary_.items()})
            start += len(block.vocabulary_)
        return cls(grams, vocabularies, np.concatenate([block.idf_ for block in blocks])), rows

    def of(self, text: str) -> tuple[npt.NDArray[np.intp], Vector]:
        """Where the vector of the text isn't zero, and its values there; nothing when unknown."""
        places: list[npt.NDArray[np.intp]] = [np.empty(0, np.intp)]
        lengths: list[Vector] = [np.empty(0)]
        for block, analyze, vocabulary in zip(
            self.grams, self._analyzers, self._vocabularies, strict=True
        ):
            counts = Counter(vocabulary[gram] for gram in analyze(text) if gram in vocabulary)
            if not counts:
                continue
            at = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
            frequency = np.fromiter(
                (1.0 + math.log(count) for count in counts.values()), np.float64, len(counts)
            )
            values = frequency * self.idf[at]
            places.append(at)
            lengths.append(block.weight * values / math.sqrt(values @ values))
        return np.concatenate(places), np.concatenate(lengths)

    def knows_a_word(self, text: str) -> bool:
        """Whether a whole word of the text, and not just letters of it, was ever seen."""
        return any(
            gram in vocabulary
            for block, analyze, vocabulary in zip(
                self.grams, self._analyzers, self._vocabularies, strict=True
            )
            if block.analyzer == "word"
            for gram in analyze(text)
        )

    def header(self) -> dict[str, Any]:
        """What is left beside `idf`, as JSON can hold it."""
        return {
            "grams": [list(astuple(block)) for block in self.grams],
            "vocabularies": self._vocabularies,
        }

    @classmethod
    def of_header(cls, header: dict[str, Any], idf: Vector) -> Vectors:
        """The opposite of `header`."""
        grams = [Grams(*block) for block in header["grams"]]
        return cls(grams, header["vocabularies"], idf)
