"""A whole desk into one file, and back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from sla_service.cli.running import out
from sla_service.errors import DomainError
from sla_service.operations import backup as backups
from sla_service.operations import restore as restores
from sla_service.operations import version
from sla_service.settings import Settings


class _Bars:
    """One bar for each part of the work."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._task: TaskID | None = None

    def begins(self, what: str, size: int | None) -> None:
        """A new bar; the one before is full."""
        self._finish()
        self._task = self._shown.add_task(what, total=size)

    def goes_on(self, size: int) -> None:
        """The bar grows."""
        if self._task is not None:
            self._shown.advance(self._task, size)

    def _finish(self) -> None:
        if self._task is not None:
            task = self._shown.tasks[self._task]
            self._shown.update(self._task, total=task.completed or 1, completed=task.completed or 1)


def backup(file: Path) -> None:
    """Write the database and contacts' files to FILE while the desk goes on."""

    def work(bars: _Bars) -> None:
        told = backups.make(Settings.read(), file, bars)
        rows = sum(told.rows.values())
        files = len(told.parts) - 1
        out.print(
            f"{file}: {told.size:,} bytes, {rows:,} rows, {files:,} files, tables of revision "
            f"{told.schema_revision}. It holds all that contacts said: keep it as safe as the desk."
        )

    _do(work)


def restore(
    file: Path,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Throw away what is in the database.")
    ] = False,
) -> None:
    """Bring a backup back, into a database that is empty."""

    def work(bars: _Bars) -> None:
        settings = Settings.read()
        told = restores.check(settings, file, force=force)
        restores.put_back(settings, file, told, bars)
        out.print(
            f"Restored as of {told.made_at:%Y-%m-%d %H:%M} UTC; all rows and files are there."
        )
        if told.schema_revision != version.expected_schema():
            out.print("Its tables are older than this version: run bin/desk migrate now.")

    _do(work)


def _do(work: Callable[[_Bars], None]) -> None:
    try:
        with _bars() as bars:
            work(bars)
    except DomainError as refused:
        out.print(f"[red]{refused}[/red] {refused.details.get('why', '')}", highlight=False)
        raise typer.Exit(1) from refused
    except psycopg.OperationalError as failed:
        out.print(f"[red]PostgreSQL can't be used:[/red] {failed}", highlight=False)
        raise typer.Exit(1) from failed


@contextmanager
def _bars() -> Iterator[_Bars]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as shown:
        yield _Bars(shown)
