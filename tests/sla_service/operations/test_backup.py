"""A desk is copied while it works, and is the same desk again elsewhere; or nothing is touched."""

import asyncio
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql
from typer.testing import CliRunner

from sla_service.cli.__main__ import app
from sla_service.database import migrations
from sla_service.database.sessions import Database
from sla_service.operations import gauges, manifest
from sla_service.whatsapp import ledger
from tests.sla_service.world import Desk, written

_FILE = b"a photo of a torn seam" * 1000
_SHA = "5c" * 32


@pytest.fixture
def elsewhere(server_url: str) -> Iterator[str]:
    """Another database, with nothing in it."""
    name = sql.Identifier(f"balcao_restored_{os.getpid()}")
    with psycopg.connect(server_url, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name)
        connection.execute(create)
        parts = urlsplit(server_url)
        yield urlunsplit(parts._replace(path=f"/{name.as_string()[1:-1]}"))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Terminal":
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


class Terminal:
    """A terminal from which backups are made and brought back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "desk.tar"

    def says(self, url: str, *command: str, media: Path | None = None, code: int = 0) -> str:
        """What a command prints."""
        env = {"DESK_DATABASE_URL": url, "DESK_DEMO": "true", "COLUMNS": "250"}
        env["DESK_MEDIA__FOLDER"] = str(media or self.folder / "restored-media")
        done = CliRunner().invoke(app, [*command], env=env)
        assert done.exit_code == code, done.output
        return done.output


def keep(folder: Path) -> None:
    """Put a contact's file where the desk keeps it."""
    place = folder / _SHA[:2] / _SHA[2:4] / _SHA
    place.parent.mkdir(parents=True)
    place.write_bytes(_FILE)
    place.with_name(f".{_SHA}.part").write_bytes(b"half of it")


async def _figures(url: str) -> tuple[bool, dict[str, float]]:
    """Whether the books balance, and what there is to count."""
    database = Database(url, pool_size=2)
    try:
        async with database.transaction() as session:
            balanced = (await ledger.account(session)).is_balanced
        async with database.connection() as connection:
            found = await gauges.read(connection)
    finally:
        await database.close()
    ours = {
        f"{name} {label}": value
        for (name, label), value in found.items()
        if not name.endswith(("_seconds", "_estimated", "_most")) and "database" not in name
    }
    return balanced, ours


async def test_a_desk_copied_while_messages_arrive_is_a_whole_one(
    desk: Desk, elsewhere: str, terminal: Terminal
) -> None:
    media = desk.settings.media.folder
    keep(media)
    for number in range(5):
        await desk.deliver(written("oi", f"wamid.A{number}"))
    await desk.settle()
    told = asyncio.create_task(
        asyncio.to_thread(
            terminal.says, desk.database.url, "backup", str(terminal.file), media=media
        )
    )
    arrived = 5
    while not told.done() or arrived < 10:
        await desk.deliver(written("e agora?", f"wamid.A{arrived}"))
        await desk.worker.step()
        arrived += 1
    assert "keep it as safe as the desk" in await told
    assert (terminal.file.stat().st_mode & 0o777) == 0o600
    assert sorted(path.name for path in terminal.folder.glob("*.tar")) == ["desk.tar"]

    said = await asyncio.to_thread(terminal.says, elsewhere, "restore", str(terminal.file))
    assert "all rows and files are there" in said
    balanced, _ = await _figures(elsewhere)
    assert balanced
    rows = manifest.read(terminal.file).rows
    assert 5 <= rows["public.messages"] <= 2 * arrived
    found = terminal.folder / "restored-media" / _SHA[:2] / _SHA[2:4] / _SHA
    assert found.read_bytes() == _FILE
    assert not list((terminal.folder / "restored-media").glob("**/.*"))


async def test_a_desk_at_rest_has_the_same_figures_again(
    desk: Desk, elsewhere: str, terminal: Terminal
) -> None:
    await desk.deliver(written("oi", "wamid.A1"), written("tudo bem?", "wamid.A2"))
    await desk.settle()
    await desk.deliver(written("alguém?", "wamid.A3"))
    await desk.post(b"{")
    await asyncio.to_thread(terminal.says, desk.database.url, "backup", str(terminal.file))
    await asyncio.to_thread(terminal.says, elsewhere, "restore", str(terminal.file))
    before, after = await _figures(desk.database.url), await _figures(elsewhere)
    assert before == after
    assert after[0]
    assert after[1]["inbox_waiting None"] == 1
    assert after[1]["inbox_parked_deliveries None"] == 1


async def test_the_restored_desk_goes_on_where_it_was(
    desk: Desk, elsewhere: str, terminal: Terminal
) -> None:
    """Ids go on after the last one, and the tables are as this version expects them."""
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    await asyncio.to_thread(terminal.says, desk.database.url, "backup", str(terminal.file))
    await asyncio.to_thread(terminal.says, elsewhere, "restore", str(terminal.file))
    await asyncio.to_thread(migrations.upgrade, elsewhere)
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO messages (conversation_id, author, kind, content, said_at) "
            "SELECT id, 'desk', 'text', '{}', now() FROM conversations"
        )


def test_nothing_is_written_over_what_is_there(
    database_url: str, elsewhere: str, terminal: Terminal
) -> None:
    terminal.says(database_url, "backup", str(terminal.file))
    assert "of this name" in terminal.says(database_url, "backup", str(terminal.file), code=1)
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute("CREATE TABLE precious (id int)")
        connection.execute("INSERT INTO precious VALUES (1)")
        told = terminal.says(elsewhere, "restore", str(terminal.file), code=1)
        assert "--force throws it away" in told
        assert connection.execute("SELECT count(*) FROM precious").fetchone() == (1,)
        terminal.says(elsewhere, "restore", str(terminal.file), "--force")
        found = connection.execute("SELECT to_regclass('precious')").fetchone()
        assert found == (None,)


def test_a_database_without_tables_is_no_desk(elsewhere: str, terminal: Terminal) -> None:
    assert "no tables" in terminal.says(elsewhere, "backup", str(terminal.file), code=1)
    assert not terminal.file.exists()
    assert list(terminal.folder.iterdir()) == []


def test_a_desk_that_runs_is_not_written_over(
    database_url: str, elsewhere: str, terminal: Terminal
) -> None:
    terminal.says(database_url, "backup", str(terminal.file))
    with psycopg.connect(elsewhere, application_name="balcao"):
        told = terminal.says(elsewhere, "restore", str(terminal.file), "--force", code=1)
    assert "stop its processes first" in told


def test_a_backup_of_a_newer_desk_is_refused(
    database_url: str, elsewhere: str, terminal: Terminal
) -> None:
    terminal.says(database_url, "backup", str(terminal.file))
    rewrite(terminal.file, manifest.MANIFEST, newer)
    told = terminal.says(elsewhere, "restore", str(terminal.file), code=1)
    assert "made by a newer version" in told
    assert "revision 9999" in told


@pytest.mark.parametrize("kind", ["flipped", "cut", "missing", "no backup", "not there"])
def test_what_is_damaged_touches_nothing(
    database_url: str, elsewhere: str, terminal: Terminal, kind: str
) -> None:
    media = terminal.folder / "media"
    keep(media)
    terminal.says(database_url, "backup", str(terminal.file), media=media)
    file = terminal.file
    if kind == "flipped":
        rewrite(file, manifest.DUMP, lambda dump: dump[:-9] + bytes([dump[-9] ^ 1]) + dump[-8:])
    elif kind == "cut":
        with file.open("r+b") as opened:
            opened.truncate(file.stat().st_size // 2)
    elif kind == "missing":
        rewrite(file, f"{manifest.MEDIA}{_SHA[:2]}/{_SHA[2:4]}/{_SHA}", lambda _: None)
    elif kind == "no backup":
        file.write_bytes(b"a letter")
    else:
        file.unlink()
    told = terminal.says(elsewhere, "restore", str(file), code=1)
    assert "damaged" in told or "no backup" in told
    assert not (terminal.folder / "restored-media").exists()
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        found = connection.execute("SELECT to_regclass('public.messages')").fetchone()
    assert found == (None,)


def newer(text: bytes) -> bytes:
    """A manifest as a later version would write it."""
    return json.dumps(json.loads(text) | {"schema_revision": "9999", "version": "9.0.0"}).encode()


def rewrite(path: Path, name: str, change: Callable[[bytes], bytes | None]) -> None:
    """Write a backup anew with one of its files changed, or left out."""
    fresh = path.with_name("fresh")
    with tarfile.open(path) as old, tarfile.open(fresh, "w") as new:
        for member in old:
            inner = old.extractfile(member)
            assert inner is not None
            content: bytes | None = inner.read()
            if member.name == name:
                content = change(content or b"")
            if content is not None:
                part = Path(f"{path}.piece")
                part.write_bytes(content)
                new.add(part, member.name)
                part.unlink()
    shutil.move(fresh, path)
