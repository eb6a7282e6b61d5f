"""How long contacts waited for answers and solutions: half of them, nine in ten, 99 in 100."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.reports import reading
from sla_service.reports.periods import Period
from sla_service.reports.reading import Group
from sla_service.sla.clocks import ClockState
from sla_service.sla.instants import duration
from sla_service.sla.policy import Metric
from sla_service.sla.tables import ClockRow

_ANSWERED = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)
_SHARES: ColumnElement[list[float]] = literal_column("ARRAY[0.5, 0.9, 0.99]")


class Percentiles(BaseModel):
    """Seconds that so many did not exceed; each is a time that really occurred."""

    p50: float
    p90: float
    p99: float

    @classmethod
    def of(cls, spans: Sequence[timedelta]) -> "Percentiles":
        """From the three values in their order."""
        return cls.of_seconds(*(span.total_seconds() for span in spans))

    @classmethod
    def of_seconds(cls, p50: float, p90: float, p99: float) -> "Percentiles":
        """From the three values."""
        return cls(p50=p50, p90=p90, p99=p99)


class ResponseTimes(BaseModel):
    """Waits of one kind; what the question did not tell apart is null."""

    metric: Metric
    policy: str | None = None
    priority: str | None = None
    day: date | None = None
    hour: int | None = None
    count: int
    business: Percentiles
    """Open hours, less pauses: what the promise is measured by."""
    wall: Percentiles
    """All the time that passed, as the contact felt it."""


async def response_times(
    session: AsyncSession, period: Period, groups: Sequence[Group]
) -> list[ResponseTimes]:
    """Waits that ended, in time or late, of promises made in a period, by metric and groups."""
    await reading.only(session)
    found = await session.execute(query(period, groups))
    return [_times(dict(row._mapping)) for row in found]  # noqa: SLF001 - its name


def query(period: Period, groups: Sequence[Group]) -> Select[tuple[object, ...]]:
    """The question as it is put."""
    by = [ClockRow.metric, *reading.columns(groups, period)]
    return (
        select(
            *by,
            func.count().label("count"),
            _percentiles(ClockRow.consumed).label("business"),
            _percentiles(ClockRow.stopped_at - ClockRow.started_at).label("wall"),
        )
        .where(
            reading.made_in(period),
            ClockRow.metric.in_(_ANSWERED),
            ClockRow.stopped_at.is_not(None),
            ClockRow.state.in_((ClockState.FULFILLED, ClockState.BREACHED)),
        )
        .group_by(*by)
        .order_by(*by)
    )


def _percentiles(of: ColumnElement[Any] | Any) -> ColumnElement[Any]:
    return func.percentile_disc(_SHARES).within_group(of)


def _times(row: dict[str, Any]) -> ResponseTimes:
    row["business"] = Percentiles.of([duration(span) for span in row["business"]])
    row["wall"] = Percentiles.of(row["wall"])
    return ResponseTimes(**row)
