"""Texts that mean alike point alike, and the engine gets nothing that it can't hold."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from bench.nlu_adversarial import MESSAGES
from bot.components.leaning import Leaning
from bot.components.meaning import LAYERS, LONGEST, Meanings, meanings, readable
from bot.components.nearness import NearnessOfMeaning
from bot.components.understanding import Understanding
from bot.components.unseen import Lessons

ASKED = {
    "refund_status": ["quero meu dinheiro de volta", "when will i get my money back"],
    "track_order": ["onde está minha encomenda", "where is my parcel right now"],
    "greet": ["bom dia, tudo bem?", "hello there, good morning"],
}


@pytest.fixture(scope="module")
def reader() -> Meanings:
    return meanings(LAYERS)


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
    told += f"sys.stdout.buffer.write(meanings({LAYERS}).of({texts[0]!r}).tobytes())"
    elsewhere = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True)
    assert np.array_equal(np.frombuffer(elsewhere.stdout, np.float32), together[0])


def test_another_number_of_layers_is_another_reader(reader: Meanings) -> None:
    assert not np.allclose(meanings(12).of("oi"), reader.of("oi"))


@pytest.mark.parametrize("text", MESSAGES.values(), ids=MESSAGES.keys())
def test_whatever_is_sent_is_read_and_gives_a_direction(reader: Meanings, text: str) -> None:
    assert len(readable(text)) <= LONGEST
    found = reader.of(text)
    assert np.isfinite(found).all()
    assert found @ found == pytest.approx(1.0, abs=1e-4)


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


def test_no_character_it_gets_unfolds_into_more_than_there_is_room_for() -> None:
    allowed = [chr(code) for code in range(0x11_0000) if readable(f"a{chr(code)}a") != "a a"]
    for letter in allowed:
        for form in ("NFKC", "NFKD"):
            unfolded = unicodedata.normalize(form, letter)
            assert len(unfolded) <= 4 * len(letter.encode("utf-8", "surrogatepass"))


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
    assert not np.allclose(meanings(12).of_all(["oi"], kept)[0], first[0])


def test_a_leaning_survives_its_way_to_disk(tmp_path: Path, reader: Meanings) -> None:
    texts = [text for texts in ASKED.values() for text in texts]
    labels = [label for label, texts in ASKED.items() for _ in texts]
    leaning = Leaning.fit(reader.of_all(texts), labels)
    leaning.save(tmp_path)
    vector = reader.of("cadê o meu pacote")
    found = leaning.of(vector)
    assert sorted(ASKED)[int(found.argmax())] == "track_order"
    np.testing.assert_allclose(Leaning.load(tmp_path).of(vector), found, atol=1e-3)


def test_a_word_that_was_never_taught_is_understood_by_its_meaning() -> None:
    texts = ["quero meu dinheiro de volta", "devolvam o que eu paguei", "i want my money back"]
    texts += ["quero falar com uma pessoa", "me passa um atendente", "let me talk to a human"]
    labels = ["refund_status"] * 3 + ["talk_to_human"] * 3
    learnt = Understanding.fit(Lessons(texts, labels, meanings(12).of_all(texts)), 0.5)
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
