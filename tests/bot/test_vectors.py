"""Words of both languages share concepts, slips of spelling are read as meant, far is unsure."""

from pathlib import Path

import numpy as np
import pytest

from bot.components import concepts
from bot.components.linear import LinearClassifier
from bot.components.nearness import Nearness
from bot.components.reach import Reach
from bot.components.vectors import CONCEPT, Grams, Vectors

GRAMS = (Grams("word", 1, 2), Grams("char_wb", 2, 5), Grams(CONCEPT, 1, 1, weight=0.5))
TEXTS = [
    "cade meu pedido", "where is my order", "rastrear minha encomenda", "track my parcel",
    "quero meu dinheiro de volta", "i want a refund", "reembolso por favor", "refund please",
]  # fmt: skip
LABELS = ["track_order"] * 4 + ["refund_status"] * 4


@pytest.mark.parametrize(
    ("portuguese", "english", "concept"),
    [
        ("encomenda", "parcel", "parcel"),
        ("reembolsaram", "refunded", "refund"),
        ("atrasadissimo", "overdue", "late"),
        ("cupom", "vouchers", "promo"),
        ("tamanhos", "sizing", "size"),
        ("sim", "certainly", "agreed"),
        ("nao", "no", "not"),
    ],
)
def test_a_concept_is_said_in_both_languages(portuguese: str, english: str, concept: str) -> None:
    assert concept in concepts.of_word(portuguese)
    assert concept in concepts.of_word(english)


def test_pairs_of_concepts_have_no_order() -> None:
    assert set(concepts.in_text("where order")) == set(concepts.in_text("order where"))
    assert "order+where" in set(concepts.in_text("cade o pedido"))


def test_a_wall_of_text_has_a_bounded_number_of_pairs() -> None:
    everything = " ".join(TEXTS) + " tamanho cupom nota loja foto email cor cancelar trocar" * 400
    assert len(list(concepts.in_text(everything))) <= 40 + 40 * 39 // 2


def test_a_block_is_as_long_as_its_weight() -> None:
    vectors, rows = Vectors.fit(TEXTS, GRAMS)
    at, values = vectors.of("where is my order")
    assert values @ values == pytest.approx(1.0 + 1.0 + 0.25)
    np.testing.assert_allclose(rows[1].toarray()[0][at], values)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("encomeda", "encomenda"),
        ("encommenda", "encomenda"),
        ("encomwnda", "encomenda"),
        ("ecnomenda", "encomenda"),
        ("nencomenda", None),  # not in the first letter
        ("enconenfa", None),  # two slips
        ("pedidi", "pedido"),
        ("ordr", None),  # too short to tell
    ],
)
def test_a_slip_is_read_as_meant(typed: str, meant: str | None) -> None:
    reach = Reach.fit(["encomenda pedido order", "encomenda pedido order"])
    assert reach.completed(typed) == (f"{typed} {meant}" if meant else typed)


def test_a_word_that_was_seen_once_is_nobodys_slip() -> None:
    reach = Reach.fit(["encomenda pedido", "pedido pedidos"])
    assert reach.completed("encomeda") == "encomeda"
    assert reach.completed("pedidos") == "pedidos"


def test_many_texts_make_it_more_careful() -> None:
    reach = Reach.fit(["troca"] * 2000)
    assert reach.completed("trooca") == "trooca troca"
    assert reach.completed("trcca") == "trcca"


def test_a_misspelt_message_is_classified_as_meant(tmp_path: Path) -> None:
    trained = LinearClassifier.fit_margins(TEXTS * 2, LABELS * 2, GRAMS, 0.5)
    trained.save(tmp_path)
    again = LinearClassifier.load(tmp_path)
    for text in ("reembosso", "my odrer", "rastreer encomneda"):
        scores, kept = trained.scores(text), again.scores(text)
        assert scores is not None
        assert kept is not None
        np.testing.assert_allclose(kept, scores, atol=1e-5)
    assert trained.knows_a_word("reembosso")


def test_near_is_near_and_far_is_far(tmp_path: Path) -> None:
    nearness = Nearness.fit(TEXTS, GRAMS)
    nearness.save(tmp_path)
    again = Nearness.load(tmp_path)
    assert again is not None
    assert nearness.to("cade meu pedido") == pytest.approx(1.0)
    assert nearness.to("where is my parcel") > nearness.to("my horse is ill") > 0.0
    assert nearness.to("ξζψ") == 0.0
    assert again.to("where is my parcel") == pytest.approx(nearness.to("where is my parcel"))
    assert Nearness.load(tmp_path / "elsewhere") is None
