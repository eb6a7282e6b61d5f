"""A desk with the shop's own articles."""

from pathlib import Path

import pytest

from sla_service.database.sessions import Connection, Database
from sla_service.knowledge import documents, importing

ARTICLES = Path(__file__).parents[3] / "data" / "knowledge" / "articles"
_FEW = ("delivery-cost", "exchanges", "gift-wrapping", "pix", "returns")


@pytest.fixture
async def shelf(database: Database) -> Database:
    """The database, with the shop's articles in it."""
    async with database.step() as connection:
        await importing.bring_in(connection, documents.read(ARTICLES))
    return database


@pytest.fixture
async def few(database: Database) -> Database:
    """The database, with a few of them: enough for what isn't about finding."""
    articles = [one for one in documents.read(ARTICLES) if one.key in _FEW]
    async with database.step() as connection:
        await importing.bring_in(connection, articles)
    return database


async def count(connection: Connection, table: str) -> int:
    """How many rows a table has."""
    found = await (await connection.execute(f"SELECT count(*) FROM {table}")).fetchone()  # type: ignore[arg-type]  # noqa: S608
    return int(found[0]) if found else 0
