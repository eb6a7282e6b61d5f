"""Says what is misconfigured, and what to do about it."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from sla_service.cli.running import out
from sla_service.operations import doctor as doctors
from sla_service.operations.findings import Level

_MARKS = {Level.FINE: "[green]✓[/]", Level.WARNING: "[yellow]![/]", Level.ERROR: "[red]✗[/]"}


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead.")] = False,
) -> None:
    """Look at settings, database and everything the desk talks to; exit 1 when something fails."""
    with out.status("Looking …"):
        findings = asyncio.run(doctors.examine())
    if as_json:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=2))  # noqa: T201
    else:
        for one in findings:
            out.print(f"{_MARKS[one.level]} [bold]{one.about}[/]  {escape(one.sentence)}")
            if one.remedy:
                out.print(f"    [dim]{escape(one.remedy)}[/]")
    if any(one.level is Level.ERROR for one in findings):
        raise typer.Exit(1)
