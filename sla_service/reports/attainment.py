"""How many promises were kept, of those made in a period."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.reports import reading
from sla_service.reports.periods import Period
from sla_service.reports.reading import Group
from sla_service.sla.clocks import ClockState
from sla_service.sla.policy import Metric
from sla_service.sla.tables import ClockRow
from sla_service.sla.tally import percentage


class Attainment(BaseModel):
    """Promises of one kind; what the question did not tell apart is null."""

    metric: Metric
    policy: str | None = None
    priority: str | None = None
    day: date | None = None
    hour: int | None = None
    kept: int
    late: int
    """The deadline passed, whatever came after."""
    cancelled: int
    """Nothing was owed any more before the deadline."""
    running: int
    percent: float | None
    """Kept, of those kept and late; null: none was decided."""


async def attainment(
    session: AsyncSession, period: Period, groups: Sequence[Group], *, at: datetime
) -> list[Attainment]:
    """Counts by metric and groups, as things stand at `at`."""
    await reading.only(session)
    found = await session.execute(query(period, groups, at))
    return [
        Attainment(**row._mapping, percent=percentage(row.kept, row.late))  # noqa: SLF001 - its name
        for row in found
    ]


def query(period: Period, groups: Sequence[Group], at: datetime) -> Select[tuple[object, ...]]:
    """The question as it is put; a promise overdue at `at` is late before anybody notices."""
    is_overdue = (ClockRow.state == ClockState.RUNNING) & (ClockRow.due_at < at)
    is_late = ClockRow.breached_at.is_not(None) | is_overdue.is_(True)
    by = [ClockRow.metric, *reading.columns(groups, period)]
    return (
        select(
            *by,
            _count(is_late, "late"),
            _count(~is_late & (ClockRow.state == ClockState.FULFILLED), "kept"),
            _count(~is_late & (ClockRow.state == ClockState.CANCELLED), "cancelled"),
            _count(
                ~is_late & ClockRow.state.in_((ClockState.RUNNING, ClockState.PAUSED)), "running"
            ),
        )
        .where(reading.made_in(period))
        .group_by(*by)
        .order_by(_life(), *by[1:])
    )


def _count(which: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.count().filter(which).label(name)


def _life() -> ColumnElement[int]:
    """Metrics in the order of a ticket's life."""
    places = {metric.value: place for place, metric in enumerate(Metric)}
    return case(places, value=ClockRow.metric)
