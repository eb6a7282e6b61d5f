"""Promises with deadlines: policies checked, imported, tried out and applied."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.cli.running import out, run
from sla_service.database.sessions import driver
from sla_service.sla import applying, documents, durations, rulebooks
from sla_service.sla.applying import Application
from sla_service.sla.instants import duration, moment
from sla_service.sla.library import Shelf
from sla_service.sla.moving import ClockMove, Move
from sla_service.sla.policy_document import Document
from sla_service.sla.problems import ENGLISH, about
from sla_service.tickets import showing
from sla_service.web.principals import TERMINAL

sla = typer.Typer(no_args_is_help=True, help=__doc__)
_POLL = 0.5  # seconds
_PATIENCE = 10.0
_told = Console(stderr=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Policies as YAML.")]
Version = Annotated[int | None, typer.Option(help="A stored version; else the one in force.")]
Language = Annotated[
    Literal["pt", "en"], typer.Option("--language", help="In which problems are told.")
]
Moves = list[tuple[int | None, int, Move]]
"""The number by which people know a ticket, its id, and what would change for it."""


@sla.command("check")
def sla_check(file: File, language: Language = ENGLISH) -> None:
    """Name everything that is wrong or doubtful in a file; exit 1 when it can't be used."""
    document = _checked(file, language)
    usable = about("usable", policies=len(document.policies), calendars=len(document.calendars))
    out.print(usable.said(language))


@sla.command("import")
def sla_import(
    file: File,
    activate: Annotated[bool, typer.Option(help="Let it count for tickets that open now.")] = False,
    comment: Annotated[str, typer.Option(help="Why, for whoever reads the versions.")] = "",
) -> None:
    """Keep a file as a version; the same content is the same version."""
    _checked(file)
    text = file.read_text("utf-8")

    async def store(session: AsyncSession) -> int:
        connection = await driver(session)
        number = await rulebooks.store(
            connection, text, comment=comment, by=TERMINAL.name, activate=activate
        )
        await audit.record(
            session, TERMINAL, "rulebook.kept", "rulebook", number, is_active=activate
        )
        return number

    number = run(store)
    state = "in force for tickets that open from now on" if activate else "kept, not in force"
    out.print(f"Version {number}: {state}.")


@sla.command("export")
def sla_export(version: Version = None) -> None:
    """Print a version as it was imported."""

    async def text(session: AsyncSession) -> str:
        return (await rulebooks.stored(await driver(session), version)).source

    typer.echo(run(text), nl=False)


@sla.command("versions")
def sla_versions() -> None:
    """List the versions, the newest first."""

    async def found(session: AsyncSession) -> list[rulebooks.Version]:
        return await rulebooks.versions(await driver(session))

    table = Table("version", "created", "by", "in force since", "comment")
    for one in run(found):
        since = _at(one.activated_at) if one.activated_at else ""
        by, comment = escape(one.created_by), escape(one.comment)
        state = since if one.is_active or not since else f"no longer ({since})"
        table.add_row(str(one.id), _at(one.created_at), by, state, comment)
    out.print(table if table.row_count else "There are no policies yet.")


@sla.command("dry-run")
def sla_dry_run(
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False)] = None,
    version: Version = None,
    limit: Annotated[int, typer.Option(help="Show this many tickets at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Every ticket, as JSON.")] = False,
) -> None:
    """Say which open tickets a file or a version would change, and how; nothing is written."""
    document = _checked(file) if file else None
    opened, moves = run(lambda session: _planned(session, document, version))
    if as_json:
        typer.echo(json.dumps({"open": opened, "changed": len(moves), "moves": _plain(moves)}))
        return
    table = Table("ticket", "policy", "promise", "before", "after")
    for number, _, move in moves[:limit]:
        for row in _rows(move):
            table.add_row(f"#{number}" if number else "", *row)
    if moves:
        out.print(table)
    more = f" The first {limit} are shown." if len(moves) > limit else ""
    out.print(f"{len(moves)} of {opened} open tickets would change.{more}")


@sla.command("apply")
def sla_apply(version: Version = None) -> None:
    """Put open tickets under a version, in the background; shows how far it is."""

    async def ask(session: AsyncSession) -> Application:
        connection = await driver(session)
        number = (await rulebooks.stored(connection, version)).id
        asked = await applying.request(connection, number, by=TERMINAL.name)
        await audit.record(
            session, TERMINAL, "rulebook.applied", "rulebook", number, open=asked.total
        )
        return asked

    asked = run(ask)
    done = _watched(asked)
    out.print(f"Version {done.rulebook_id}: {done.changed} of {done.done} open tickets changed.")
    if done.error:
        out.print(done.error, style="red", markup=False)
        raise typer.Exit(1)


def _checked(file: Path, language: str = ENGLISH) -> Document:
    """The file's document; tells what is to be looked at, and exits when it can't be used."""
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        _told.print(f"{file} is not text in UTF-8.", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    reading = documents.read(text)
    for one in reading.problems:
        kind, style = ("warning", "yellow") if one.is_warning else ("error", "red")
        line = f"{file}: {about(kind).said(language)}: {one.said(language)}"
        _told.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    if reading.document is None:
        raise typer.Exit(1)
    return reading.document


async def _planned(
    session: AsyncSession, document: Document | None, version: int | None
) -> tuple[int, Moves]:
    connection = await driver(session)
    if document is None:
        number = (await rulebooks.stored(connection, version)).id
        rulebook = await Shelf(connection).fetch(number)
    else:
        rulebook = documents.rulebook(documents.freeze(document), 0)
    looked_at, moves = 0, list[tuple[int, Move]]()
    with _progress() as bar:
        task = bar.add_task("looking at open tickets", total=await applying.count_open(connection))
        async for planned in applying.plan(connection, rulebook):
            looked_at += planned.looked_at
            moves += planned.moves
            bar.advance(task, planned.looked_at)
    numbers = await showing.numbers(session, [ticket for ticket, _ in moves])
    return looked_at, [(numbers.get(ticket), ticket, move) for ticket, move in moves]


def _watched(asked: Application) -> Application:
    """The application when it is finished."""

    async def now(session: AsyncSession) -> Application:
        return await applying.by_id(await driver(session), asked.id)

    began, is_told = time.monotonic(), False
    with _progress() as bar:
        task = bar.add_task(f"version {asked.rulebook_id} for open tickets", total=asked.total)
        while (found := run(now)).finished_at is None:
            bar.update(task, completed=found.done)
            if not found.done and not is_told and time.monotonic() - began > _PATIENCE:
                bar.console.print("Nothing moves yet: is a worker running? It goes on by itself.")
                is_told = True
            time.sleep(_POLL)
        bar.update(task, completed=found.done)
    return found


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=_told)


def _rows(move: Move) -> Iterator[tuple[str, str, str, str]]:
    policy = move.policy_after
    if move.policy_before != move.policy_after:
        policy = f"{move.policy_before} → {move.policy_after}"
    for clock in move.clocks:
        before, after = _promise(clock, "before"), _promise(clock, "after")
        yield escape(policy), clock.metric.value, escape(before), escape(after)
    if not move.clocks:
        yield escape(policy), "", "", ""


def _promise(clock: ClockMove, side: str) -> str:
    promised = clock.before if side == "before" else clock.after
    if promised.target is None:
        return "nothing promised"
    target = durations.write(duration(promised.target))
    calendar = f" ({promised.calendar})" if promised.calendar else ""
    due = f", due {_at(moment(promised.due_at))}" if promised.due_at is not None else ", paused"
    return f"{target}{calendar}{due}"


def _plain(moves: Moves) -> list[dict[str, Any]]:
    plain = [
        {"ticket_id": ticket, "number": number, **asdict(move)} for number, ticket, move in moves
    ]
    for clock in (clock for one in plain for clock in one["clocks"]):
        for side in ("before", "after"):
            target, due_at = clock[side]["target"], clock[side]["due_at"]
            clock[side]["target"] = None if target is None else target / 1_000_000
            clock[side]["due_at"] = None if due_at is None else moment(due_at).isoformat()
    return plain


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
