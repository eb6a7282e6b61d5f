"""A backup becomes a desk again: all of it, and only where nothing is."""

import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import IO, Any

import psycopg

from sla_service.conversations.media_store import MediaStore
from sla_service.errors import DomainError
from sla_service.operations import backup, manifest, programs, version
from sla_service.operations.backup import Progress
from sla_service.operations.manifest import DUMP, MEDIA, Manifest
from sla_service.settings import Settings

type Connection = psycopg.Connection[Any]


class NotEmpty(DomainError):
    """There is something in this database already; --force throws it away."""


class InUse(DomainError):
    """The desk is running on this database: stop its processes first."""


class UnknownRevision(DomainError):
    """This backup was made by a newer version of the desk; restore it with that one."""


class Different(DomainError):
    """What was restored is not what the backup says: don't use it."""


def check(settings: Settings, path: Path, *, force: bool) -> Manifest:
    """What is in a backup, if it may be restored here.

    Raises NoBackup, UnknownRevision, NotEmpty, InUse.
    """
    told = manifest.read(path)
    if told.schema_revision not in version.known_schemas():
        raise UnknownRevision(
            why=f"Its tables are of revision {told.schema_revision}, made by version "
            f"{told.version}; the newest known here is {version.expected_schema()}."
        )
    with psycopg.connect(settings.server_url(), autocommit=True) as connection:
        _refuse_if_used(connection)
        if not (force or backup.is_empty(connection)):
            raise NotEmpty
    return told


def put_back(settings: Settings, path: Path, told: Manifest, progress: Progress) -> None:
    """Restore what `check` let through. Raises Damaged before anything is touched; Different."""
    progress.begins("Checking", told.size)
    manifest.verify(path, told, progress.goes_on)
    url = settings.server_url()
    with tempfile.TemporaryDirectory(prefix="restore-") as folder, tarfile.open(path) as tar:
        progress.begins("Restoring", told.size)
        store = MediaStore(settings.media.folder)
        for name, inner in manifest.files(tar):
            if name == DUMP:
                dump = Path(folder) / DUMP
                _write(inner, dump)
                _restore_database(url, dump, told)
            elif name.startswith(MEDIA):
                _keep(store, inner, Path(name).name)
            progress.goes_on(next(part.size for part in told.parts if part.name == name))
    with psycopg.connect(url, autocommit=True) as connection:
        there = backup.rows_of(connection)
        connection.execute("ANALYZE")
    if there != told.rows:
        wrong = sorted(dict(there.items() ^ told.rows.items()))
        raise Different(why=f"Other numbers of rows in {', '.join(wrong)}.")


def _refuse_if_used(connection: Connection) -> None:
    found = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = 'balcao' AND pid <> pg_backend_pid()"
    ).fetchone()
    if found is not None and found[0]:
        raise InUse


def _restore_database(url: str, dump: Path, told: Manifest) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        server = connection.info.server_version // 10000
        _clear(connection)
    program = programs.find("pg_restore", max(server, told.server))
    arguments = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    programs.run(program, [*arguments, str(dump)], url)


def _clear(connection: Connection) -> None:
    """Make room: the dump brings its schemas, and `public` is there in any database."""
    for (name,) in connection.execute(_SCHEMAS).fetchall():
        connection.execute(psycopg.sql.SQL("DROP SCHEMA {} CASCADE").format(_named(name)))
    connection.execute("CREATE SCHEMA public")


def _named(name: str) -> psycopg.sql.Identifier:
    return psycopg.sql.Identifier(name)


def _write(inner: IO[bytes], path: Path) -> None:
    with path.open("wb") as written:
        shutil.copyfileobj(inner, written)


def _keep(store: MediaStore, inner: IO[bytes], sha256: str) -> None:
    """Put a contact's file where it belongs; what is there already is the same."""
    if store.has(sha256):
        return
    place = store.path(sha256)
    store.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{sha256}.part")
    _write(inner, fresh)
    fresh.replace(place)


_SCHEMAS = """
SELECT nspname FROM pg_namespace
WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
"""
