"""Whom handoffs go to: the rules as a file, and what they would have done."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.cli.running import out, run
from sla_service.database.sessions import driver
from sla_service.errors import DomainError
from sla_service.handoff import routing_documents, routing_rules
from sla_service.handoff.routing import Rule, Then
from sla_service.handoff.routing_rules import Tried
from sla_service.web.principals import TERMINAL

routing = typer.Typer(no_args_is_help=True, help=__doc__)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
_NOBODY = "anybody"


@routing.command("export")
def routing_export() -> None:
    """Print the rules as a file."""
    typer.echo(routing_documents.dump(run(_kept)), nl=False)


@routing.command("import")
def routing_import(file: File) -> None:
    """Let the rules of a file replace those in force."""
    rules = _read(file)

    async def replace(session: AsyncSession) -> None:
        await routing_rules.replace(await driver(session), rules, TERMINAL)

    run(replace)
    out.print(f"{len(rules)} rules are in force.")


@routing.command("dry-run")
def routing_dry_run(
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False)] = None,
    handoffs: Annotated[int, typer.Option(min=1, help="How many of the last ones.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Every handoff, as JSON.")] = False,
) -> None:
    """Say who of the last handoffs would have gone where; nothing is changed."""
    rules = None if file is None else _read(file)

    async def tried(session: AsyncSession) -> list[Tried]:
        connection = await driver(session)
        chosen = rules if rules is not None else await routing_rules.kept(connection)
        return await routing_rules.try_on(connection, chosen, handoffs=handoffs)

    found = run(tried)
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found]))
        return
    _show(found)


async def _kept(session: AsyncSession) -> list[Rule]:
    return await routing_rules.kept(await driver(session))


def _read(file: Path) -> list[Rule]:
    try:
        return routing_documents.parse(file.read_text("utf-8"))
    except DomainError as refused:
        out.print(f"[red]{refused}[/red] {escape(refused.details['why'])}")
        raise typer.Exit(1) from refused


def _show(found: Sequence[Tried]) -> None:
    table = Table("ticket", "reason", "rule then", "rule now", "goes to")
    for one in found:
        if one.is_changed:
            now = one.would.name if one.would else ""
            then = _target(one.would.then) if one.would else _NOBODY
            table.add_row(str(one.ticket), one.reason, escape(one.was or ""), escape(now), then)
    if table.row_count:
        out.print(table)
    counts = Counter(one.would.name if one.would else "no rule" for one in found)
    for name, count in counts.most_common():
        out.print(f"{count:>6}  {escape(name)}")
    out.print(f"{table.row_count} of {len(found)} handoffs would have gone another way.")


def _target(then: Then) -> str:
    parts = [
        f"skill {then.skill}" if then.skill else "",
        f"team {then.team}" if then.team else "",
        f"agent {then.agent}" if then.agent else "",
        f"priority {then.priority.value}" if then.priority else "",
        f"tags {', '.join(then.tags)}" if then.tags else "",
        "picked from the queue" if then.queue == "picked" else "",
    ]
    return escape("; ".join(part for part in parts if part)) or _NOBODY


def _plain(one: Tried) -> dict[str, object]:
    would = one.would.model_dump(mode="json", exclude_defaults=True) if one.would else None
    return {
        "ticket": one.ticket,
        "conversation": one.conversation,
        "at": one.at.isoformat(),
        "reason": one.reason,
        "was": one.was,
        "would": would,
        "is_changed": one.is_changed,
    }
