"""How reports ask: in a transaction that may not write, grouped by what people sort promises by."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, cast, extract, func, text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.reports.periods import Period
from sla_service.sla.tables import ClockRow


class Group(StrEnum):
    """What promises may be told apart by, besides their metric."""

    POLICY = "policy"
    PRIORITY = "priority"
    DAY = "day"
    """The local day on which the promise was made."""
    HOUR = "hour"
    """The local hour in which it was made, 0 to 23."""


async def only(session: AsyncSession) -> None:
    """From here on this transaction can't write."""
    await session.execute(text("SET TRANSACTION READ ONLY"))


def columns(groups: Sequence[Group], period: Period) -> list[ColumnElement[Any]]:
    """What to select and to group by, each under its group's name."""
    local = func.timezone(str(period.zone), ClockRow.started_at)
    known: dict[Group, ColumnElement[Any]] = {
        Group.POLICY: ClockRow.policy.label("policy"),
        Group.PRIORITY: ClockRow.priority.label("priority"),
        Group.DAY: cast(local, Date).label("day"),
        Group.HOUR: cast(extract("hour", local), Integer).label("hour"),
    }
    return [known[group] for group in dict.fromkeys(groups)]


def made_in(period: Period) -> ColumnElement[bool]:
    """Promises made in a period."""
    is_late_enough = ClockRow.started_at >= period.since
    return is_late_enough & (ClockRow.started_at < period.until)
