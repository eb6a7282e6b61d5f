"""The tables follow the code: up, checked, down and up again."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from sla_service.database import migrations


@pytest.fixture
def empty_url(server_url: str, worker_id: str) -> Iterator[str]:
    """A database without tables."""
    name = f"balcao_migrations_{worker_id}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


def test_migrations_lead_to_the_tables_of_the_code_and_back(empty_url: str) -> None:
    configuration = migrations.configuration(empty_url)
    migrations.upgrade(empty_url)
    command.check(configuration)
    command.downgrade(configuration, "base")
    with psycopg.connect(empty_url) as connection:
        left = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    assert left == [("alembic_version",)]
    migrations.upgrade(empty_url)
    command.check(configuration)


def test_a_table_that_somebody_works_with_is_not_waited_for_by_everybody(empty_url: str) -> None:
    """A migration that can't have its lock gives up, lets others pass, and comes again."""
    migrations.upgrade(empty_url, "0008")
    with (
        ThreadPoolExecutor(1) as elsewhere,
        psycopg.connect(empty_url) as worker,
        psycopg.connect(empty_url, autocommit=True) as other,
    ):
        worker.execute("LOCK TABLE contacts IN ACCESS SHARE MODE")
        upgrading = elsewhere.submit(migrations.upgrade, empty_url, "0009")
        while not other.execute(_WAITING).fetchone():
            assert not upgrading.done()
            time.sleep(0.05)
        other.execute("SELECT count(*) FROM contacts")  # waits until the migration gives up
        assert not upgrading.done()
        worker.commit()
        upgrading.result(timeout=60)
        assert other.execute("SELECT version_num FROM alembic_version").fetchone() == ("0009",)


_WAITING = "SELECT 1 FROM pg_locks WHERE relation = 'contacts'::regclass AND NOT granted"


def test_there_is_one_head() -> None:
    scripts = ScriptDirectory.from_config(migrations.configuration(""))
    assert len(scripts.get_heads()) == 1
