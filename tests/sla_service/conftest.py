"""What every test may ask for: a real PostgreSQL with fresh tables."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import psycopg
import pytest
from psycopg import sql

from sla_service.database import embedded, migrations
from sla_service.database.sessions import Database
from tests.sla_service.world import Desk, World, open_desk, open_world, settings_for

ROOT = Path(__file__).parents[2]
_SERVER = ROOT / "var" / "test-postgres"
# A busy machine is no failure: what is fast enough is measured in bench/.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("desk")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the tests' server with the last run that uses it; workers leave it to their head."""
    if hasattr(config, "workerinput") or "DESK_TEST_DATABASE_URL" in os.environ:
        return
    if (_SERVER / "PG_VERSION").exists() and not _is_used():
        embedded.stop(_SERVER)


def _is_used() -> bool:
    """Whether another run is connected."""
    try:
        with psycopg.connect(embedded.ensure(_SERVER), autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
    except psycopg.OperationalError:
        return False
    return found is not None


@pytest.fixture(scope="session")
def server_url() -> str:
    """A private PostgreSQL, or the one that `DESK_TEST_DATABASE_URL` names."""
    return os.environ.get("DESK_TEST_DATABASE_URL") or embedded.ensure(_SERVER)


@pytest.fixture(scope="session")
def migrated_url(server_url: str, worker_id: str) -> Iterator[str]:
    """A database of this worker's own, with today's tables."""
    name = sql.Identifier(f"balcao_test_{worker_id}_{os.getpid()}")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        parts = urlsplit(server_url)
        url = urlunsplit(parts._replace(path=f"/{name.as_string()[1:-1]}"))
        migrations.upgrade(url)
        yield url
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def database_url(migrated_url: str) -> str:
    """The worker's database, emptied."""
    with psycopg.connect(migrated_url, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchone()
        assert tables is not None
        connection.execute(f"TRUNCATE {tables[0]} RESTART IDENTITY CASCADE")  # type: ignore[arg-type]
    return migrated_url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Sessions on the worker's database."""
    database = Database(database_url, pool_size=12)
    yield database
    await database.close()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Meta and the bot, friendly until told otherwise."""
    async with open_world() as world:
        yield world


@pytest.fixture
async def desk(database: Database, world: World) -> AsyncIterator[Desk]:
    """A desk with its web process started and a worker to be stepped."""
    async with open_desk(database, world, settings_for(database.url, world)) as opened:
        yield opened
