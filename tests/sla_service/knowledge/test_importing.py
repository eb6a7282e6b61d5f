"""The tables say what the files say, whoever brings them in and how often."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import structlog

from sla_service.database.sessions import Database
from sla_service.knowledge import articles, importing, searching
from sla_service.knowledge.documents import Article
from sla_service.knowledge.importing import Imported
from tests.sla_service.knowledge.conftest import ARTICLES, count

_PIX = Article(
    key="pix",
    language="pt",
    slug="pix",
    title="Pagar com Pix",
    answer="O código do Pix vale 60 minutos.",
    body="O código vale **60 minutos**.",
    updated=date(2026, 11, 20),
    tags=("pix",),
    questions=("quanto tempo vale o pix?",),
    digest="1",
)
_GIFTS = replace(
    _PIX, key="gifts", slug="presentes", title="Presentes", questions=("embrulham?",), digest="2"
)


async def _bring(database: Database, *wanted: Article) -> Imported:
    async with database.step() as connection:
        return await importing.bring_in(connection, wanted)


async def test_what_is_new_changed_and_gone_is_told(database: Database) -> None:
    assert await _bring(database, _PIX, _GIFTS) == Imported(changed=2, removed=0, kept=0)
    assert await _bring(database, _PIX, _GIFTS) == Imported(changed=0, removed=0, kept=2)
    changed = replace(_PIX, answer="O código do Pix vale uma hora.", digest="3")
    assert await _bring(database, changed) == Imported(changed=1, removed=1, kept=0)
    async with database.step() as connection:
        assert [one.answer for one in await articles.every(connection)] == [changed.answer]


async def test_two_articles_may_exchange_their_addresses(database: Database) -> None:
    await _bring(database, _PIX, _GIFTS)
    await _bring(
        database,
        replace(_PIX, slug=_GIFTS.slug, digest="3"),
        replace(_GIFTS, slug=_PIX.slug, digest="4"),
    )
    async with database.step() as connection:
        assert (await articles.at(connection, "pt", "pix")).key == "gifts"


async def test_processes_that_start_together_bring_the_same_in_once(database: Database) -> None:
    done = await asyncio.gather(*(_bring(database, _PIX, _GIFTS) for _ in range(4)))
    assert sorted(one.changed for one in done) == [0, 0, 0, 2]


async def test_faulty_articles_leave_those_of_before_in_place(
    database: Database, tmp_path: Path
) -> None:
    await _bring(database, _PIX)
    (tmp_path / "pt").mkdir()
    (tmp_path / "pt" / "pix.md").write_text("# no front matter", "utf-8")
    with structlog.testing.capture_logs() as logged:
        await importing.at_start(database, tmp_path)
    assert [one["event"] for one in logged] == ["articles_faulty"]
    assert "pt/pix.md:1" in str(logged[0]["problems"])
    async with database.step() as connection:
        assert (await searching.search(connection, "pix", "pt"))[0].key == "pix"


async def test_a_desk_without_articles_starts(database: Database, tmp_path: Path) -> None:
    await importing.at_start(database, tmp_path / "none")
    async with database.step() as connection:
        assert await count(connection, "knowledge_articles") == 0


async def test_the_shops_articles_come_in_at_the_start(database: Database) -> None:
    await importing.at_start(database, ARTICLES)
    async with database.step() as connection:
        assert await count(connection, "knowledge_articles") == 50
