"""`bin/desk sla fold`: a ticket's clocks worked out from its events."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sla_service.errors import DomainError
from sla_service.sla import documents, event_log, statement
from sla_service.sla.fold import Ticket
from sla_service.sla.policy import Rulebook

_WRONG = 2

Policies = Annotated[
    list[Path],
    typer.Option(
        "--policy",
        help="Policies as YAML. Given again: the next version, to which `rulebook` events refer.",
    ),
]
Events = Annotated[
    Path, typer.Option("--events", help="The ticket's events as JSON lines; `-` reads them here.")
]
Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="INSTANT",
        help="ISO 8601 with its offset, such as 2026-10-09T17:50:00-03:00: "
        "let all that was due before it happen. Otherwise: right after the last event.",
    ),
]


def fold(policy: Policies, events: Events, now: Now = None) -> None:
    """Print every clock of a ticket with its runs, and what came due, as JSON."""
    rulebooks = {number: _rulebook(path, number) for number, path in enumerate(policy, 1)}
    lines = _text(events).split("\n")  # the other line breaks may stand in a JSON text
    try:
        told = event_log.parse(lines, rulebooks=len(rulebooks))
    except event_log.LogErrors as refused:
        _refuse(events, str(refused))
    if not told:
        _refuse(events, "There is no event in it.")
    until = told[-1].at if now is None else _until(now, told[-1].at)
    ticket = Ticket.fresh(rulebooks[1], rulebooks.__getitem__)
    try:
        for event in told:
            ticket.apply(event)
        ticket.advance(until)
        stated = statement.of(ticket, until)
    except DomainError as refused:
        _refuse(events, str(refused))
    typer.echo(json.dumps(stated, indent=2, ensure_ascii=False))


def _rulebook(path: Path, number: int) -> Rulebook:
    try:
        return documents.rulebook(documents.freeze(documents.parse(_text(path))), number)
    except DomainError as refused:
        _refuse(path, str(refused))


def _until(now: str, last: int) -> int:
    try:
        until = event_log.read_instant(now)
    except ValueError as refused:
        _refuse("--now", str(refused))
    if until < last:
        _refuse("--now", f"The last event was later, at {event_log.written(last)}.")
    return until


def _text(path: Path) -> str:
    try:
        if path == Path("-"):
            return typer.get_text_stream("stdin").read()
        return path.read_text("utf-8-sig")
    except OSError as error:
        _refuse(path, f"It can't be opened: {error.strerror}.")
    except UnicodeDecodeError:
        _refuse(path, "It is no text in UTF-8.")


def _refuse(where: Path | str, why: str) -> NoReturn:
    typer.echo(f"{where}: {why}", err=True)
    raise typer.Exit(_WRONG)
