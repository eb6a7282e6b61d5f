"""Texts that mean alike point alike, and the transformer gets nothing that it can't hold."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench.nlu_adversarial import MESSAGES
from bot.components.leaning import Leaning
from bot.components.meaning import LONGEST, Meanings, meanings, readable
from bot.components.nearness import NearnessOfMeaning
from bot.components.pieces import Pieces
from bot.components.transformer import Reading
from bot.components.understanding import Understanding, reading_for
from bot.components.unseen import Lessons
from bot.components.weights import Weights, packaged

READING = Reading((5, 8))
ASKED = {
    "refund_status": ["quero meu dinheiro de volta", "when will i get my money back"],
    "track_order": ["onde está minha encomenda", "where is my parcel right now"],
    "greet": ["bom dia, tudo bem?", "hello there, good morning"],
}


@pytest.fixture(scope="module")
def reader() -> Meanings:
    return meanings(READING)


def test_both_languages_say_the_same(reader: Meanings) -> None:
    portuguese, english = (reader.of_all([texts[at] for texts in ASKED.values()]) for at in (0, 1))
    middle = np.vstack([portuguese, english]).mean(axis=0)
    alike = (portuguese - middle) @ (english - middle).T
    assert alike.argmax(axis=1).tolist() == [0, 1, 2]


def test_the_vector_is_the_same_alone_among_others_and_in_another_process(
    reader: Meanings,
) -> None:
    texts = [text for texts in ASKED.values() for text in texts]
    together = reader.of_all(texts)
    assert np.array_equal(together, np.stack([reader.of(text) for text in texts]))
    told = "from bot.components.meaning import meanings; import sys; "
    told += "from bot.components.transformer import Reading; "
    told += f"sys.stdout.buffer.write(meanings({READING!r}).of({texts[0]!r}).tobytes())"
    elsewhere = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True)
    assert np.array_equal(np.frombuffer(elsewhere.stdout, np.float32), together[0])


@pytest.mark.parametrize("text", MESSAGES.values(), ids=MESSAGES.keys())
def test_whatever_is_sent_is_read_and_gives_a_direction(reader: Meanings, text: str) -> None:
    assert len(readable(text)) <= LONGEST
    found = reader.of(text)
    assert np.isfinite(found).all()
    assert found @ found == pytest.approx(2.0, abs=1e-4)  # of length one, both


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Cadê  meu\n pedido?", "Cadê meu pedido?"),
        ("pedido #48213-77, ana@loja.com.br", "pedido #123-77, email"),
        ("olha https://loja.com/x?y=1 aí", "olha link aí"),
        ("siiiim!!!! 😡😡", "siim!!"),
        ("“where’s” my order…", '"where\'s" my order.'),
        ("ﷺ" * 40, ""),
        ("заказ \ud83d oi", "oi"),
    ],
)
def test_the_reader_gets_plain_latin(said: str, read: str) -> None:
    assert readable(said) == read


def test_of_rare_letters_no_more_is_read_than_there_is_time_for(reader: Meanings) -> None:
    rare = "kzqj wvxk " * 12
    assert np.array_equal(reader.of(rare + "oi"), reader.of(rare + "tchau"))
    assert not np.array_equal(reader.of("kzqj oi"), reader.of("kzqj tchau"))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("onde está meu pedido", ["▁onde", "▁está", "▁meu", "▁pedido"]),
        ("encomendazinha", ["▁encomenda", "zinha"]),
        ("½  kg", ["▁1⁄2", "▁kg"]),
    ],
)
def test_words_are_cut_into_pieces_that_are_known(text: str, cut: list[str]) -> None:
    vocabulary = packaged().vocabulary
    found = Pieces(vocabulary).of(text)
    assert [found[0], found[-1]] == [vocabulary.begin, vocabulary.end]
    assert [vocabulary.pieces[number] for number in found[1:-1]] == cut


def test_what_is_no_file_of_weights_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"something else" * 99)
    with pytest.raises(ValueError, match=r"other\.bin"):
        Weights(other)


def test_what_was_computed_is_kept_and_only_the_new_is_computed(
    tmp_path: Path, reader: Meanings
) -> None:
    kept = tmp_path / "meanings.npz"
    first = reader.of_all(["oi", "tchau", "oi"], kept)
    written = kept.stat().st_mtime_ns
    assert np.array_equal(reader.of_all(["tchau", "oi"], kept), first[[1, 0]])
    assert kept.stat().st_mtime_ns == written
    reader.of_all(["obrigada"], kept)
    assert kept.stat().st_mtime_ns > written


def test_a_leaning_survives_its_way_to_disk(tmp_path: Path, reader: Meanings) -> None:
    texts = [text for texts in ASKED.values() for text in texts]
    labels = [label for label, texts in ASKED.items() for _ in texts]
    (leaning,) = Leaning.fit_each([(reader.of_all(texts), labels)])
    leaning.save(tmp_path)
    vector = reader.of("cadê o meu pacote")
    found = leaning.of(vector)
    assert sorted(ASKED)[int(found.argmax())] == "track_order"
    np.testing.assert_allclose(Leaning.load(tmp_path).of(vector), found, atol=1e-3)


def test_a_word_that_was_never_taught_is_understood_by_its_meaning() -> None:
    texts = ["quero meu dinheiro de volta", "devolvam o que eu paguei", "i want my money back"]
    texts += ["quero falar com uma pessoa", "me passa um atendente", "let me talk to a human"]
    labels = ["refund_status"] * 3 + ["talk_to_human"] * 3
    learnt = Understanding.fit(
        Lessons(texts, labels), 0.5, vectors=lambda: meanings(reading_for(len(texts))).of_all(texts)
    )
    said = "quero reembolso"
    by_words, by_meaning = (learnt.confidences(said, said, sure) for sure in (0.0, 1.0))
    refund = learnt.classes.index("refund_status")
    assert by_meaning[refund] > by_words[refund]


def test_what_means_the_same_is_nearer_than_what_does_not(tmp_path: Path, reader: Meanings) -> None:
    nearness = NearnessOfMeaning.fit(reader.of_all([t for texts in ASKED.values() for t in texts]))
    nearness.save(tmp_path)
    again = NearnessOfMeaning.load(tmp_path)
    assert again is not None
    near, far = (reader.of(text) for text in ("where is the parcel?", "my neighbour plays drums"))
    assert 1.0 >= nearness.to(near) > nearness.to(far) >= 0.0
    assert again.to(near) == pytest.approx(nearness.to(near))
