"""How long contacts waited, and whose time it was."""

from collections.abc import Sequence
from datetime import date

import pytest

from sla_service.database.sessions import Database
from sla_service.reports.handling_times import HandlingTime, Part, handling_times
from sla_service.reports.periods import Period
from sla_service.reports.reading import Group
from sla_service.reports.response_times import Percentiles, ResponseTimes, response_times
from sla_service.sla.policy import Metric
from tests.sla_service.reports.desk_days import K, a_day, at, sweep, ticket, under

MONDAY = date(2026, 5, 4)
NOW = at("15:00")
PERIOD = Period.of(MONDAY, MONDAY, at=NOW)
MINUTE = 60.0


@pytest.fixture
async def monday(database: Database) -> Sequence[int]:
    await under(database)
    numbers = await a_day(database)
    await sweep(database)
    return numbers


async def _times(database: Database, *groups: Group) -> dict[Metric, ResponseTimes]:
    async with database.transaction() as session:
        found = await response_times(session, PERIOD, groups)
    return {row.metric: row for row in found}


async def _parts(database: Database, period: Period = PERIOD) -> dict[Part, HandlingTime]:
    async with database.transaction() as session:
        found = await handling_times(session, period, at=NOW)
    return {row.part: row for row in found}


def _minutes(*spans: float) -> Percentiles:
    return Percentiles.of_seconds(*(span * MINUTE for span in spans))


async def test_waits_that_ended_are_measured_in_time_or_late(
    monday: Sequence[int], database: Database
) -> None:
    found = await _times(database)
    first = found[Metric.FIRST_RESPONSE]  # 8 and 15 minutes
    assert (first.count, first.business, first.wall) == (
        2,
        _minutes(8, 15, 15),
        _minutes(8, 15, 15),
    )
    # Bot 2 minutes, 38 of 60, and 180; by the wall clock the pause counts.
    resolution = found[Metric.RESOLUTION]
    assert resolution.count == 3
    assert resolution.business == _minutes(38, 180, 180)
    assert resolution.wall == _minutes(60, 180, 180)
    assert Metric.ESCALATION not in found


async def test_percentiles_are_times_that_occurred(database: Database) -> None:
    await under(database)
    for minute in range(1, 101):
        answered = f"{9 + minute // 60}:{minute % 60}"
        await ticket(database, ("09:00", K.CONTACT_MESSAGE), (answered, K.AGENT_MESSAGE))
    first = (await _times(database))[Metric.FIRST_RESPONSE]
    assert first.wall == _minutes(50, 90, 99)


async def test_times_are_told_apart_by_what_is_asked(
    monday: Sequence[int], database: Database
) -> None:
    found = await _times(database, Group.POLICY, Group.DAY)
    assert found[Metric.NEXT_RESPONSE].policy == "padrao"
    assert found[Metric.NEXT_RESPONSE].day == MONDAY
    assert found[Metric.NEXT_RESPONSE].business == _minutes(3, 3, 3)


async def test_the_bot_s_time_waiting_and_people_s_time_are_told_apart(
    monday: Sequence[int], database: Database
) -> None:
    found = await _parts(database)
    # The bot: 3, 3, 2 and the 5 that the policy gives it. Waiting: 5 + 3, 12, and from 11:05 on.
    # People: 27 and 165. The contact: 22.
    assert {part: row.total_s / MINUTE for part, row in found.items()} == {
        Part.BOT: 13,
        Part.WAITING: 20 + 235,
        Part.PERSON: 192,
        Part.CONTACT: 22,
    }
    assert {part: row.tickets for part, row in found.items()} == {
        Part.BOT: 4,
        Part.WAITING: 3,
        Part.PERSON: 2,
        Part.CONTACT: 1,
    }
    assert found[Part.BOT].a_ticket == _minutes(3, 5, 5)
    assert sum(row.percent or 0 for row in found.values()) == pytest.approx(100, abs=0.02)


async def test_time_after_a_resolution_is_nobody_s_until_the_contact_comes_back(
    database: Database,
) -> None:
    await under(database)
    await ticket(
        database,
        ("09:00", K.CONTACT_MESSAGE),
        ("09:01", K.ASSIGNMENT, {"tier": "agent"}),
        ("09:02", K.AGENT_MESSAGE),
        ("09:02", K.STATUS, {"status": "resolved"}),
        ("12:00", K.CONTACT_MESSAGE),
        ("12:10", K.AGENT_MESSAGE),
        ("12:10", K.STATUS, {"status": "resolved"}),
    )
    found = await _parts(database)
    assert {part: row.total_s / MINUTE for part, row in found.items()} == {
        Part.BOT: 1,
        Part.WAITING: 11,
        Part.PERSON: 0,
        Part.CONTACT: 0,
    }
    assert found[Part.PERSON].a_ticket is None


async def test_a_ticket_belongs_to_the_period_in_which_it_began(
    monday: Sequence[int], database: Database
) -> None:
    tuesday = date(2026, 5, 5)
    await ticket(
        database,
        ("23:50", K.CONTACT_MESSAGE),
        ("24:10", K.AGENT_MESSAGE),
        ("24:20", K.CONTACT_MESSAGE),
    )
    found = await _parts(database, Period.of(tuesday, tuesday, at=NOW))
    assert all(row.tickets == 0 for row in found.values())
