"""A whole desk in one file: its database as of one instant, and contacts' files."""

import io
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from sla_service import clock
from sla_service.errors import DomainError
from sla_service.operations import programs, version
from sla_service.operations.manifest import DUMP, FORMAT, MANIFEST, MEDIA, Hashing, Manifest, Part
from sla_service.settings import Settings

type Connection = psycopg.Connection[Any]
_HASH = re.compile(r"[0-9a-f]{64}")
_MARK = "public.alembic_version"


class IsThere(DomainError):
    """There is a file of this name already."""


class NoTables(DomainError):
    """This database has no tables of a desk."""


class Progress(Protocol):
    """Is told how a long piece of work goes."""

    def begins(self, what: str, size: int | None) -> None:
        """Something begins that is so large, in bytes; None: nobody knows."""

    def goes_on(self, size: int) -> None:
        """So much more of it is done."""


def make(settings: Settings, path: Path, progress: Progress) -> Manifest:
    """Write a backup to `path`, whole or not at all; nothing has to stand still for it.

    Raises IsThere, NoTables, NoProgram, ProgramFailed.
    """
    if path.exists():
        raise IsThere(why=str(path))
    url = settings.server_url()
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.touch(mode=0o600)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
            dump = Path(folder) / DUMP
            progress.begins("The database", None)
            schema, server, counts = _dump(url, dump)
            with tarfile.open(unfinished, "w") as tar:
                parts = [_add(tar, dump, DUMP, progress)]
                parts += _add_media(tar, settings.media.folder, progress)
                manifest = Manifest(
                    format=FORMAT,
                    made_at=clock.now(),
                    version=version.of(settings).version,
                    schema_revision=schema,
                    server=server,
                    rows=counts,
                    parts=parts,
                )
                _add_text(tar, MANIFEST, manifest.model_dump_json(indent=1))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def rows_of(connection: Connection) -> dict[str, int]:
    """How many rows each table has, in all rooms and in the bot's own."""
    tables = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    ).fetchall()
    return {f"{schema}.{table}": _count(connection, schema, table) for schema, table in tables}


def is_empty(connection: Connection) -> bool:
    """Whether there is nothing in the database but tables, at most."""
    return not any(count for name, count in rows_of(connection).items() if name != _MARK)


def _dump(url: str, path: Path) -> tuple[str, int, dict[str, int]]:
    """Dump the database; gives its revision, PostgreSQL's version, and its tables' rows.

    The dump and the counts are of one snapshot: what is restored can be compared with it.
    """
    with _snapshot(url) as (connection, snapshot):
        server = connection.info.server_version // 10000
        schema = _schema(connection)
        counts = rows_of(connection)
        program = programs.find("pg_dump", server)
        arguments = [
            *("--format=custom", "--no-owner", "--no-privileges"),
            *(f"--snapshot={snapshot}", f"--file={path}"),
        ]
        programs.run(program, arguments, url)
    return schema, server, counts


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[Connection, str]]:
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        found = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert found is not None  # noqa: S101 - it gives one row or an error
        yield connection, found[0]


def _schema(connection: Connection) -> str:
    there = connection.execute("SELECT to_regclass('public.alembic_version')").fetchone()
    if there is None or there[0] is None:
        raise NoTables
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if found is None:
        raise NoTables
    return str(found[0])


def _count(connection: Connection, schema: str, table: str) -> int:
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
    found = connection.execute(query).fetchone()
    return 0 if found is None else int(found[0])


def _add_media(tar: tarfile.TarFile, folder: Path, progress: Progress) -> list[Part]:
    """Contacts' files: written once under their hash, so that any later look has them all."""
    kept = (path for path in sorted(folder.glob("??/??/*")) if _HASH.fullmatch(path.name))
    found = [(path, path.stat().st_size) for path in kept]
    progress.begins("Contacts' files", sum(size for _, size in found))
    parts = []
    for path, _ in found:
        try:
            parts.append(_add(tar, path, f"{MEDIA}{path.relative_to(folder).as_posix()}", progress))
        except FileNotFoundError:
            continue  # erased meanwhile, as somebody wished
    return parts


def _add(tar: tarfile.TarFile, path: Path, name: str, progress: Progress) -> Part:
    with path.open("rb") as inner:
        info = tarfile.TarInfo(name)
        info.size, info.mode = path.stat().st_size, 0o600
        hashing = Hashing(inner, progress.goes_on)
        tar.addfile(info, hashing)
    return Part(name=name, size=info.size, sha256=hashing.sha256)


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(text.encode()), 0o600
    tar.addfile(info, io.BytesIO(text.encode()))
