"""What a text wants: a look at its words and, where that isn't sure, a second at its meaning."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from bot.components.judgement import KEPT, Judgement, weight_of_leanings
from bot.components.leaning import Leaning
from bot.components.linear import LinearClassifier
from bot.components.meaning import Meaning, meanings
from bot.components.nearness import Nearness, NearnessOfMeaning
from bot.components.transformer import Reading
from bot.components.unseen import OUTSIDE, Lessons, Seen, unseen, with_leanings
from bot.components.vectors import CONCEPT, Grams, Vector

GRAMS = (Grams("word", 1, 2), Grams("char_wb", 2, 5), Grams(CONCEPT, 1, 1, weight=0.5))
# With thousands of examples, what stands in one of them alone is mostly a slip or a name.
GRAMS_OF_MANY = tuple(replace(block, least=2) for block in GRAMS)
_MANY = 2000
# Of many examples the lower layers tell more, and take less time; of few, the transformer must
# know what they don't tell, and is asked as it was trained to be.
_OF_MANY, _OF_FEW = Reading((5, 8)), Reading((12,), before="query: ")
_SECOND = "second"
_RULE = "rule.json"


@dataclass(frozen=True)
class SecondLook:
    """What a text's meaning leans to, `weight` of which is added to the scores of its words."""

    leaning: Leaning
    weight: float
    reading: Reading
    judgement: Judgement
    nearness: NearnessOfMeaning | None = None

    @classmethod
    def fit(
        cls, lessons: Lessons, vectors: Meaning, seen: Sequence[Seen], kept: float
    ) -> SecondLook:
        """Learn from the lessons' `vectors`, and from what words made of examples not `seen`."""
        seen, leaning = with_leanings(seen, lessons.labels, vectors)
        weight = weight_of_leanings(seen)
        summed = [each.leaning(weight) for each in seen]
        return cls(
            leaning,
            weight,
            reading_for(len(lessons.texts)),
            Judgement.fit(summed, lessons.words_of_ours(), kept),
            None if OUTSIDE in lessons.labels else NearnessOfMeaning.fit(vectors),
        )

    def confidences(
        self, text: str, said: str, classes: Sequence[str], scores: Vector, near: float
    ) -> Vector:
        """The `scores` of the words and how `near` they are, together with the meaning."""
        vector = meanings(self.reading).of(said)
        leanings = self.leaning.of(vector)
        scores = scores + self.weight * leanings
        if self.nearness:
            near = (near + self.nearness.to(vector)) / 2
        return self.judgement.confidences(text, classes, scores, near=near, leanings=leanings)

    def save(self, folder: Path) -> None:
        """Write it into a folder of its own."""
        folder.mkdir(exist_ok=True)
        self.leaning.save(folder)
        self.judgement.save(folder)
        if self.nearness:
            self.nearness.save(folder)
        rule = {"weight": self.weight, "reading": asdict(self.reading)}
        (folder / _RULE).write_text(json.dumps(rule), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> SecondLook | None:
        """Read what `save` wrote, if it did, and have the transformer ready."""
        if not folder.exists():
            return None
        rule = json.loads((folder / _RULE).read_text(encoding="utf-8"))
        reading = Reading(tuple(rule["reading"]["layers"]), rule["reading"]["before"])
        meanings(reading)
        return cls(
            Leaning.load(folder),
            rule["weight"],
            reading,
            Judgement.load(folder),
            NearnessOfMeaning.load(folder),
        )


class Understanding:
    """Confidences of all labels for a text, by one look or two."""

    def __init__(
        self,
        words: LinearClassifier,
        judgement: Judgement,
        second: SecondLook | None = None,
        nearness: Nearness | None = None,
    ) -> None:
        """Without a `second` look the first decides; `nearness` where nothing foreign is known."""
        self.classes = words.classes
        self._words = words
        self._judgement = judgement
        self._second = second
        self._nearness = nearness

    @classmethod
    def fit(
        cls,
        lessons: Lessons,
        strength: float,
        kept: float = KEPT,
        vectors: Callable[[], Meaning] | None = None,
    ) -> Understanding:
        """Learn; without `vectors` of what the lessons mean there will be no second look.

        They are asked for when all that needs words alone is done, so they may be on their way.
        """
        grams = grams_for(len(lessons.texts))
        words = LinearClassifier.fit_margins(lessons.texts, lessons.labels, grams, strength)
        seen, ours = unseen(lessons, grams, strength), lessons.words_of_ours()
        judgement = Judgement.fit(seen, ours, kept)
        second = SecondLook.fit(lessons, vectors(), seen, kept) if vectors else None
        nearness = None if OUTSIDE in words.classes else Nearness.fit(lessons.texts, grams)
        return cls(words, judgement, second, nearness)

    def confidences(self, text: str, said: str, sure: float = 1.0) -> Vector:
        """Of normalised words, and of the text as it was `said`.

        A first look that is less than `sure` is followed by a second one.
        """
        scores = self._words.scores(text)
        if scores is None:
            return self._nothing()
        near = self._nearness.to(text) if self._nearness else 1.0
        found = self._judgement.confidences(text, self.classes, scores, near=near)
        if self._second and found.max() < sure:
            found = self._second.confidences(text, said, self.classes, scores, near)
        is_foreign = self.classes[int(found.argmax())] == OUTSIDE
        # Letters of which no word was ever seen are not another matter: they are not understood.
        return self._nothing() if is_foreign and not self._words.knows_a_word(text) else found

    def save(self, folder: Path) -> None:
        """Write it as JSON and arrays: nothing that runs code when read."""
        self._words.save(folder)
        self._judgement.save(folder)
        if self._second:
            self._second.save(folder / _SECOND)
        if self._nearness:
            self._nearness.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Understanding:
        """Read what `save` wrote."""
        words, judgement = LinearClassifier.load(folder), Judgement.load(folder)
        return cls(words, judgement, SecondLook.load(folder / _SECOND), Nearness.load(folder))

    def _nothing(self) -> Vector:
        return np.full(len(self.classes), 1.0 / len(self.classes))


def grams_for(examples: int) -> Sequence[Grams]:
    """How texts are cut when there are so many examples."""
    return GRAMS_OF_MANY if examples >= _MANY else GRAMS


def reading_for(examples: int) -> Reading:
    """How the transformer reads texts when there are so many examples."""
    return _OF_MANY if examples >= _MANY else _OF_FEW
