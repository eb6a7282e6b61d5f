"""Confidence is honest, and what isn't a shop's business is told from what is."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.components.judgement import KEPT, Judgement
from bot.components.linear import LinearClassifier
from bot.components.understanding import Understanding
from bot.components.unseen import OUTSIDE, Lessons, unseen
from bot.components.vectors import Grams

GRAMS = (Grams("word", 1, 2), Grams("char_wb", 2, 5))
WHAT = ["pedido", "pacote", "vestido", "sapato", "casaco", "livro", "celular"]
SAID = {
    "track_order": ["cade meu {}", "onde esta o {}", "rastrear meu {}", "por onde anda o {}"],
    "cancel_order": ["cancela o {}", "nao quero mais o {}", "desisti do {}", "anula meu {}"],
    "return_item": ["quero devolver o {}", "como devolvo o {}", "vou mandar o {} de volta"],
}
FOREIGN = [
    "vai chover amanha", "conta uma piada", "quem ganhou o jogo", "qual a capital da franca",
    "toca uma musica", "quanto e dois mais dois", "me ensina a cozinhar", "quero uma pizza",
    "voce tem namorada", "liga a luz da sala", "que horas sao", "me indica um filme",
    "preciso de um medico", "meu carro nao pega", "qual o sentido da vida",
]  # fmt: skip
EXAMPLES = [(each.format(it), name) for name, all_ in SAID.items() for each in all_ for it in WHAT]
EXAMPLES += [(text, OUTSIDE) for text in FOREIGN]
TEXTS, LABELS = [text for text, _ in EXAMPLES], [label for _, label in EXAMPLES]


@pytest.fixture(scope="module")
def classifier() -> LinearClassifier:
    return LinearClassifier.fit_margins(TEXTS, LABELS, GRAMS, 0.5)


@pytest.fixture(scope="module")
def judgement() -> Judgement:
    return learnt(TEXTS, LABELS)


def learnt(texts: list[str], labels: list[str], kept: float = KEPT) -> Judgement:
    lessons = Lessons(texts, labels)
    return Judgement.fit(unseen(lessons, GRAMS, 0.5), lessons.words_of_ours(), kept)


def judged(
    text: str, classifier: LinearClassifier, judgement: Judgement, bar: float = 0.5
) -> tuple[str, float]:
    scores = classifier.scores(text)
    assert scores is not None
    found = judgement.confidences(text, classifier.classes, scores, bar)
    return classifier.classes[int(found.argmax())], float(found.max())


def test_what_a_shop_does_is_ours_and_surely(
    classifier: LinearClassifier, judgement: Judgement
) -> None:
    name, confidence = judged("onde anda meu vestido", classifier, judgement)
    assert name == "track_order"
    assert confidence > 0.5


def test_what_a_shop_does_not_is_foreign(
    classifier: LinearClassifier, judgement: Judgement
) -> None:
    assert judged("quem ganhou a copa do mundo", classifier, judgement)[0] == OUTSIDE


def test_words_that_sound_like_ours_are_foreign_when_the_meaning_is(
    classifier: LinearClassifier,
) -> None:
    lessons = Lessons(TEXTS, LABELS)
    meant = {name: 4.0 * np.eye(4)[at] for at, name in enumerate(classifier.classes)}
    seen = [replace(each, leanings=meant[each.label]) for each in unseen(lessons, GRAMS, 0.5)]
    judgement = Judgement.fit(seen, lessons.words_of_ours())
    scores = classifier.scores("vou mandar o jogo de volta")
    assert scores is not None
    said = [
        judgement.confidences(
            "vou mandar o jogo de volta", classifier.classes, scores, 0.5, leanings=meant[label]
        )
        for label in ("return_item", OUTSIDE)
    ]
    names = [classifier.classes[int(found.argmax())] for found in said]
    assert names == ["return_item", OUTSIDE]


def test_a_higher_bar_leaves_less_to_the_shop(
    classifier: LinearClassifier, judgement: Judgement
) -> None:
    texts = ["cade a piada", "quero o jogo de volta", "meu celular e bonito", "mandar musica"]
    ours = [
        sum(judged(text, classifier, judgement, bar)[0] != OUTSIDE for text in texts)
        for bar in (0.05, 0.5, 0.999)
    ]
    assert ours == sorted(ours, reverse=True)
    assert ours[-1] == 0


def test_confidences_are_never_outside_of_zero_and_one(
    classifier: LinearClassifier, judgement: Judgement
) -> None:
    for text in [*TEXTS, "pedido e " * 5000, "cade " * 3000]:
        scores = classifier.scores(text)
        assert scores is not None
        found = judgement.confidences(text, classifier.classes, scores, 0.7)
        assert np.isfinite(found).all()
        assert (found >= 0).all()
        assert (found <= 1).all()


def test_it_survives_its_way_to_disk(
    tmp_path: Path, classifier: LinearClassifier, judgement: Judgement
) -> None:
    judgement.save(tmp_path)
    again = Judgement.load(tmp_path)
    for text in [*FOREIGN, "cancela meu casaco"]:
        assert judged(text, classifier, again) == judged(text, classifier, judgement)


def test_too_few_examples_still_give_shares_of_one() -> None:
    texts, labels = ["oi", "ola", "tchau", "ate mais"], ["greet", "greet", "bye", "bye"]
    few = LinearClassifier.fit_margins(texts, labels, GRAMS, 0.5)
    scores = few.scores("oi")
    assert scores is not None
    shares = learnt(texts, labels).confidences("oi", few.classes, scores, 0.7)
    assert shares.sum() == pytest.approx(1.0)
    assert few.classes[int(shares.argmax())] == "greet"


def test_asking_to_keep_more_of_ours_lowers_the_bar() -> None:
    bars = [learnt(TEXTS, LABELS, kept).bar for kept in (0.8, 0.95, 1.0)]
    assert bars == sorted(bars, reverse=True)
    assert bars[0] > bars[-1]


def test_where_nothing_foreign_was_taught_what_is_far_is_unsure() -> None:
    ours = [(text, label) for text, label in EXAMPLES if label != OUTSIDE]
    texts, labels = [text for text, _ in ours], [label for _, label in ours]
    alone = Understanding.fit(Lessons(texts, labels), 0.5)
    near, far = (
        alone.confidences(text, text).max()
        for text in ("cade meu vestido agora", "meu vizinho canta")
    )
    assert near > 2 * far
