"""How well promises are kept."""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service import clock
from sla_service.cli.running import out, run
from sla_service.reports import attainment, breaches, handling_times, response_times
from sla_service.reports.breaches import PROMISED
from sla_service.reports.periods import TIME_ZONE, Period
from sla_service.reports.reading import Group
from sla_service.sla.policy import Metric

reports = typer.Typer(no_args_is_help=True, help=__doc__)
_DATE = ["%Y-%m-%d"]

_Since = Annotated[
    datetime | None, typer.Option(formats=_DATE, help="First local day; else 30 days up to now.")
]
_Until = Annotated[datetime | None, typer.Option(formats=_DATE, help="Last local day; else today.")]
_Zone = Annotated[str, typer.Option(help="Whose days are meant.")]
_Groups = Annotated[list[Group] | None, typer.Option("--group", help="Tell apart by this, too.")]
_Metrics = Annotated[list[Metric] | None, typer.Option("--metric", help="Only these promises.")]
_Limit = Annotated[int, typer.Option(min=1, max=100_000, help="The latest so many.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@reports.command("attainment")
def reports_attainment(
    since: _Since = None,
    until: _Until = None,
    time_zone: _Zone = TIME_ZONE,
    group: _Groups = None,
    as_json: _Json = False,
) -> None:
    """How many promises were kept, of those made in a period."""
    groups = group or []
    rows = _ask(
        since,
        until,
        time_zone,
        lambda session, period: attainment.attainment(session, period, groups, at=clock.now()),
    )
    figures = ("kept", "late", "cancelled", "running", "percent")
    _show(rows, ("metric", *groups, *figures), as_json=as_json)


@reports.command("response-times")
def reports_response_times(
    since: _Since = None,
    until: _Until = None,
    time_zone: _Zone = TIME_ZONE,
    group: _Groups = None,
    as_json: _Json = False,
) -> None:
    """How long contacts waited for answers and solutions, in open hours and by the wall clock."""
    groups = group or []
    rows = _ask(
        since,
        until,
        time_zone,
        lambda session, period: response_times.response_times(session, period, groups),
    )
    _show(rows, ("metric", *groups, "count", "business", "wall"), as_json=as_json)


@reports.command("handling-times")
def reports_handling_times(
    since: _Since = None,
    until: _Until = None,
    time_zone: _Zone = TIME_ZONE,
    as_json: _Json = False,
) -> None:
    """Whose time it was: the bot's, waiting for a person, people's own, the contact's."""
    rows = _ask(
        since,
        until,
        time_zone,
        lambda session, period: handling_times.handling_times(session, period, at=clock.now()),
    )
    _show(rows, ("part", "tickets", "total_s", "percent", "a_ticket"), as_json=as_json)


@reports.command("breaches")
def reports_breaches(
    *,
    since: _Since = None,
    until: _Until = None,
    time_zone: _Zone = TIME_ZONE,
    metric: _Metrics = None,
    limit: _Limit = breaches.LIMIT,
    as_json: _Json = False,
) -> None:
    """Deadlines that passed in a period, the latest first, with reasons."""
    page = _ask(
        since,
        until,
        time_zone,
        lambda session, period: breaches.breaches(
            session, period, at=clock.now(), metrics=metric or PROMISED, limit=limit
        ),
    )
    names = ("ticket", "metric", "policy", "priority", "due_at", "late_s", "tier", "paused_s")
    _show(page.breaches, (*names, "reason", "afterwards"), as_json=as_json)
    if page.next is not None and not as_json:
        out.print(f"The latest {limit}; there are more.")


def _ask[T](
    since: datetime | None,
    until: datetime | None,
    time_zone: str,
    question: Callable[[AsyncSession, Period], Awaitable[T]],
) -> T:
    async def asked(session: AsyncSession) -> T:
        first, last = since and since.date(), until and until.date()
        period = Period.of(first, last, at=clock.now(), time_zone=time_zone)
        return await question(session, period)

    return run(asked)


def _show(rows: Sequence[BaseModel], names: Sequence[str], *, as_json: bool) -> None:
    plain = [row.model_dump(mode="json") for row in rows]
    if as_json:
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    table = Table(*names)
    for row in plain:
        table.add_row(*(_cell(row[name]) for name in names))
    out.print(table if plain else "There is nothing in this period.")


def _cell(value: Any) -> str:
    if isinstance(value, dict):  # percentiles
        return " / ".join(f"{name} {_cell(span)} s" for name, span in value.items())
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return "–" if value is None else str(value)
