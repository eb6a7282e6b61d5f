"""Articles are found as people ask for them, and nothing is claimed that no article says."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_service.database.sessions import Connection, Database
from sla_service.knowledge import answering, searching
from sla_service.knowledge.folding import LANGUAGES, LONGEST, covered, folded
from tests.sla_service.knowledge.conftest import count

_FOLDER = Path(__file__).parent
_FIRST, _AMONG_THREE, _FOREIGN = 0.86, 0.95, 0.15
"""The least share found first and among three; the most of what no article answers claimed."""


@pytest.fixture
async def connection(shelf: Database) -> AsyncIterator[Connection]:
    """A connection to a database with the shop's articles."""
    async with shelf.step() as connection:
        yield connection


def _asked(language: str) -> list[tuple[str, str]]:
    """Questions with the article that answers, `-` for none."""
    lines = (_FOLDER / f"questions_{language}.tsv").read_text("utf-8").splitlines()
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_questions_as_people_type_them_find_their_article(
    connection: Connection, language: str
) -> None:
    first = among = asked = claimed = foreign = 0
    for words, key in _asked(language):
        found = [one.key for one in await searching.search(connection, words, language)]
        if key == "-":
            foreign += 1
            best, _ = await answering.answer(connection, words, language, {})
            claimed += best is not None
            continue
        asked += 1
        first += found[:1] == [key]
        among += key in found[:3]
    assert first / asked >= _FIRST
    assert among / asked >= _AMONG_THREE
    assert claimed / foreign <= _FOREIGN


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("VOCÊS EMBRULHAM PRA PRESENTE???", "gift-wrapping"),
        ("embrulio pra presenti", "gift-wrapping"),
        ("garantiaaaa", "warranty"),
        ("qto custa o frete", "delivery-cost"),
        ("como limpar camursa", "suede-care"),
        ("parcelamento", "instalments"),
        ("esqueci a cenha", "account"),
    ],
)
async def test_case_accents_slang_and_slips_dont_matter(
    connection: Connection, words: str, key: str
) -> None:
    assert (await searching.search(connection, words, "pt"))[0].key == key


async def test_the_answer_is_in_the_language_that_was_asked_for(connection: Connection) -> None:
    for words, language in (("frete grátis", "pt"), ("free shipping", "en")):
        found = (await searching.search(connection, words, language))[0]
        assert (found.key, found.language) == ("delivery-cost", language)


@pytest.mark.parametrize("words", ["", "   ", "?!", "🙂", "12345678"])
async def test_what_has_no_words_finds_nothing(connection: Connection, words: str) -> None:
    assert await searching.search(connection, words, "pt") == []
    assert await answering.answer(connection, words, "pt", {"pix": 2.0}) == (None, 0.0)


async def test_the_best_comes_first_and_figures_are_shares(connection: Connection) -> None:
    found = await searching.search(connection, "quanto tempo vale o pix", "pt", limit=50)
    assert found == sorted(found, key=lambda one: -one.near)
    assert all(0 <= one.sure <= 1 and 0 <= one.near <= 1.0001 for one in found)


async def test_what_the_bot_thinks_of_an_article_counts(connection: Connection) -> None:
    words = "tenho uma pergunta sobre o cartão"
    neither = {"payment-methods": -0.5, "instalments": -0.5}
    assert (await answering.answer(connection, words, "pt", neither))[0] is None
    one = {"payment-methods": 0.4, "instalments": -0.9}
    best, _ = await answering.answer(connection, words, "pt", one)
    assert best is not None
    assert best.key == "payment-methods"


async def test_an_article_that_the_bot_has_not_learnt_is_found_by_search(
    connection: Connection,
) -> None:
    await connection.execute(
        "UPDATE knowledge_articles SET key = 'new' WHERE key = 'gift-wrapping'"
    )
    unsure = {"pix": -0.9, "boleto": -0.95}
    words = "vocês têm embalagem de presente e embrulho?"
    best, _ = await answering.answer(connection, words, "pt", unsure)
    assert best is not None
    assert best.key == "new"


@given(words=st.text(max_size=80), language=st.sampled_from(LANGUAGES))
def test_folding_is_done_once_and_leaves_plain_words(words: str, language: str) -> None:
    plain = folded(words, language)
    assert folded(plain, language) == plain or len(plain) > LONGEST
    assert plain == plain.casefold()
    assert not re.search(r"\s{2,}|^\s|\s$", plain)


@given(st.text(max_size=200))
def test_what_is_kept_has_no_address_and_no_long_number(words: str) -> None:
    kept = covered(words)
    assert not re.search(r"\d{4,}", kept)
    assert not re.search(r"\w@\w", kept)
    assert "\x00" not in kept


def test_a_phone_or_document_is_covered_however_it_is_written() -> None:
    said = "sou 529.982.247-25, (11) 98765-0001, ana@example.com: aceitam pix?"
    assert covered(said) == "sou •••, (•••, ••• aceitam pix?"


async def test_nothing_is_left_of_an_article_that_is_gone(connection: Connection) -> None:
    await connection.execute("DELETE FROM knowledge_articles")
    assert await count(connection, "knowledge_terms") == 0
    assert await searching.search(connection, "pix", "pt") == []
