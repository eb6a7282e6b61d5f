"""Promises of two sides beside each other, as tables and as JSON."""

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from sla_service.sla.experiment import Result
from sla_service.sla.instants import SECOND
from sla_service.sla.policy import Metric
from sla_service.sla.staffing import Agent
from sla_service.sla.tally import Counts, compared

_COUNTS = ("kept", "late", "cancelled", "running")


def as_json(result: Result, agents: list[Agent]) -> dict[str, Any]:
    """All figures, for machines."""
    return {
        "tickets": result.tickets,
        "by_metric": list(_rows(result, "metric")),
        "by_priority": list(_rows(result, "metric", "priority")),
        "by_hour": list(_rows(result, "metric", "hour")),
        "staffing": _staffing(result, agents),
    }


def show(result: Result, agents: list[Agent], out: Console) -> None:
    """Three tables and a line about the people, for a terminal."""
    out.print(_table(result, "All tickets", "metric"))
    out.print(_table(result, "By priority", "metric", "priority"))
    out.print(_hours(result))
    staffing = _staffing(result, agents)
    if staffing is not None:
        busy = "" if staffing["busy_percent"] is None else f", busy {staffing['busy_percent']} %"
        out.print(
            f"{staffing['agents']} agents gave {staffing['replies']} replies{busy}. A ticket stood "
            f"{staffing['average_wait_s']} s in line on average, {staffing['longest_queue']} at "
            f"most at once; {staffing['unresolved']} were never resolved.",
            highlight=False,
        )


def _rows(result: Result, *names: str) -> Iterator[dict[str, Any]]:
    for key, was, would in compared(result.was, result.would, *names):
        yield {
            **dict(zip(names, key, strict=True)),
            "was": None if was is None else _plain(was),
            "would_be": _plain(would),
        }


def _plain(counts: Counts) -> dict[str, Any]:
    return {name: getattr(counts, name) for name in _COUNTS} | {"percent": counts.percent}


def _table(result: Result, title: str, *names: str) -> Table:
    """A row for each kind, a column for each figure: what was → what would be."""
    if result.was is not None:
        title += ": what was → what would be"
    table = Table(*names, title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in (*_COUNTS, "%"):
        table.add_column(name, justify="right")
    for key, was, would in compared(result.was, result.would, *names):
        table.add_row(*map(str, key), *_cells(was, would))
    return table


def _cells(was: Counts | None, would: Counts) -> Iterator[str]:
    for name in _COUNTS:
        before = "" if was is None else f"{getattr(was, name)} → "
        yield f"{before}{getattr(would, name)}"
    yield _percents(was, would)


def _hours(result: Result) -> Table:
    """A row for each hour of the day, a column for each metric."""
    table = Table(
        "hour", title="Kept by hour of the day, %", title_justify="left", box=box.SIMPLE_HEAD
    )
    found: dict[tuple[int, Metric], str] = {}
    for (metric, hour), was, would in compared(result.was, result.would, "metric", "hour"):
        found[hour, metric] = _percents(was, would)
    metrics = [metric for metric in Metric if any(known is metric for _, known in found)]
    for metric in metrics:
        table.add_column(metric.value, justify="right")
    for hour in sorted({hour for hour, _ in found}):
        table.add_row(f"{hour:02}", *(found.get((hour, metric), "") for metric in metrics))
    return table


def _percents(was: Counts | None, would: Counts) -> str:
    before = "" if was is None else f"{_percent(was)} → "
    return before + _percent(would)


def _percent(counts: Counts) -> str:
    return "–" if counts.percent is None else f"{counts.percent:.1f}"


def _staffing(result: Result, agents: list[Agent]) -> dict[str, Any] | None:
    load = result.load
    if load is None:
        return None
    on_duty = 0
    if result.span is not None:
        on_duty = sum(agent.shifts.elapsed(*result.span) for agent in agents)
    return {
        "agents": len(agents),
        "replies": load.replies,
        "busy_percent": round(100 * load.work / on_duty, 1) if on_duty else None,
        "average_wait_s": round(load.waited / load.taken / SECOND) if load.taken else 0,
        "longest_queue": load.longest_queue,
        "unresolved": result.unresolved,
    }
