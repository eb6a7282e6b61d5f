"""How many promises were kept: figures worked out by hand, and the same from the events alone."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from sla_service.database.sessions import Database
from sla_service.reports.attainment import Attainment, attainment
from sla_service.reports.periods import Period
from sla_service.reports.reading import Group
from sla_service.sla.events import EventKind
from sla_service.sla.history import Archive
from sla_service.sla.instants import instant
from sla_service.sla.policy import Metric
from sla_service.sla.replay import Replay
from sla_service.sla.tally import Counts
from tests.sla_service.reports.desk_days import MIDNIGHT, K, a_day, at, sweep, ticket, under

MONDAY = date(2026, 5, 4)
NOW = at("15:00")
PERIOD = Period.of(MONDAY, MONDAY, at=NOW)


async def _ask(
    database: Database, *groups: Group, period: Period = PERIOD, now: Any = NOW
) -> list[Attainment]:
    async with database.transaction() as session:
        return await attainment(session, period, groups, at=now)


def _counts(rows: Sequence[Attainment], *names: str) -> dict[Any, Counts]:
    return {
        tuple(getattr(row, name) for name in ("metric", *names)): Counts(
            row.kept, row.late, row.cancelled, row.running
        )
        for row in rows
    }


@pytest.fixture
async def monday(database: Database) -> Sequence[int]:
    await under(database)
    return await a_day(database)


ON_MONDAY = {
    (Metric.FIRST_RESPONSE,): Counts(kept=1, late=2, cancelled=1),
    (Metric.NEXT_RESPONSE,): Counts(kept=1),
    (Metric.RESOLUTION,): Counts(kept=2, late=2),
}


async def test_a_day_s_promises_are_counted(monday: Sequence[int], database: Database) -> None:
    await sweep(database)
    rows = await _ask(database)
    found = _counts(rows)
    # Bot: two handed over in time, one solved, one came due; agents: three answers, one came due.
    escalation = found.pop((Metric.ESCALATION,))
    assert escalation == Counts(kept=5, late=2, cancelled=1)
    assert found == ON_MONDAY
    assert [row.percent for row in rows] == [33.33, 100.0, 50.0, 71.43]


async def test_an_overdue_promise_is_late_before_anybody_notices(
    monday: Sequence[int], database: Database
) -> None:
    found = _counts(await _ask(database))
    del found[(Metric.ESCALATION,)]
    assert found == ON_MONDAY
    early = _counts(await _ask(database, now=at("11:10")))
    assert early[(Metric.FIRST_RESPONSE,)] == Counts(kept=1, late=1, cancelled=1, running=1)


async def test_promises_are_told_apart_by_what_is_asked(
    monday: Sequence[int], database: Database
) -> None:
    found = _counts(await _ask(database, Group.HOUR, Group.PRIORITY), "hour", "priority")
    assert found[Metric.FIRST_RESPONSE, 9, "normal"] == Counts(kept=1)
    assert found[Metric.FIRST_RESPONSE, 10, "normal"] == Counts(late=1)
    assert found[Metric.FIRST_RESPONSE, 11, "normal"] == Counts(late=1, cancelled=1)
    by_policy = _counts(await _ask(database, Group.POLICY), "policy")
    assert by_policy[Metric.NEXT_RESPONSE, "padrao"] == Counts(kept=1)


async def test_a_day_ends_at_midnight_where_the_shop_is(database: Database) -> None:
    await under(database)
    answered = ("23:59", K.CONTACT_MESSAGE), ("23:59:30", K.AGENT_MESSAGE)
    await ticket(database, *answered)
    await ticket(database, *answered, days=1)
    two_days = Period.of(MONDAY, MONDAY + timedelta(days=1), at=NOW)
    found = _counts(await _ask(database, Group.DAY, period=two_days), "day")
    assert found[Metric.FIRST_RESPONSE, MONDAY] == Counts(kept=1)
    assert found[Metric.FIRST_RESPONSE, MONDAY + timedelta(days=1)] == Counts(kept=1)
    in_lisbon = Period.of(MONDAY, MONDAY, at=NOW, time_zone="Europe/Lisbon")
    assert await _ask(database, Group.DAY, period=in_lisbon) == []
    next_day = Period.of(*[MONDAY + timedelta(days=1)] * 2, at=NOW, time_zone="Europe/Lisbon")
    assert _counts(await _ask(database, period=next_day))[(Metric.FIRST_RESPONSE,)].kept == 1


async def test_without_tickets_there_is_nothing(database: Database) -> None:
    assert await _ask(database) == []


@pytest.mark.parametrize("seed", range(3))
async def test_the_clocks_say_what_the_events_say(database: Database, seed: int) -> None:
    await under(database)
    draw = random.Random(seed)
    for _ in range(12):
        await ticket(database, *_life(draw))
    await sweep(database)
    until = MIDNIGHT + timedelta(days=30)
    with psycopg.connect(database.url) as connection:
        archive = Archive(connection)
        assert archive.count() == 12
        replay = Replay(archive.active(), archive.find, instant(until), PERIOD.zone)
        for history in archive.histories():
            replay.add(history)
    names = ("policy", "priority", "hour")
    rows = await _ask(database, *map(Group, names), now=until)
    assert _counts(rows, *names) == replay.was.by("metric", *names)
    assert replay.would.by("metric") == replay.was.by("metric")


_HAPPENS: list[tuple[EventKind, dict[str, Any]]] = [
    *[(K.CONTACT_MESSAGE, {})] * 4,
    *[(K.AGENT_MESSAGE, {})] * 3,
    (K.BOT_MESSAGE, {}),
    (K.NOTE, {}),
    *[(K.STATUS, {"status": status}) for status in ("open", "pending", "resolved")],
    (K.ASSIGNMENT, {"tier": "agent"}),
    (K.ACKNOWLEDGEMENT, {}),
]


def _life(draw: random.Random) -> list[Any]:
    """A priority that is known from the beginning, and whatever may follow."""
    minute = draw.randrange(8 * 60, 12 * 60)
    priority = draw.choice(("low", "normal", "high", "urgent"))
    told: list[Any] = [(_clock(minute), K.PRIORITY, {"priority": priority})]
    for _ in range(draw.randrange(1, 14)):
        minute += draw.choice((0, 1, 2, 5, 10, 30, 120))
        told.append((_clock(minute), *draw.choice(_HAPPENS)))
    return told


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60}"
