"""The tables follow the code: up, checked, down and up again."""

from collections.abc import Iterator
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


def test_there_is_one_head() -> None:
    scripts = ScriptDirectory.from_config(migrations.configuration(""))
    assert len(scripts.get_heads()) == 1
