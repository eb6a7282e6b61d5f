"""Which promises were broken, by how much, and who had them."""

from collections.abc import Sequence
from datetime import date

import pytest

from sla_service.database.sessions import Database
from sla_service.reports.breaches import Afterwards, Breach, Reason, breaches
from sla_service.reports.periods import Period
from sla_service.sla.policy import Metric
from tests.sla_service.reports.desk_days import K, a_day, at, sweep, ticket, under

MONDAY = date(2026, 5, 4)
NOW = at("15:00")
PERIOD = Period.of(MONDAY, MONDAY, at=NOW)
MINUTE = 60.0


async def _ask(database: Database, **asked: object) -> list[Breach]:
    async with database.transaction() as session:
        page = await breaches(session, PERIOD, at=NOW, **asked)  # type: ignore[arg-type]
    assert page.next is None
    return page.breaches


@pytest.fixture
async def monday(database: Database) -> Sequence[int]:
    await under(database)
    numbers = await a_day(database)
    await sweep(database)
    return numbers


async def test_each_broken_promise_is_named_with_its_reason(
    monday: Sequence[int], database: Database
) -> None:
    _, second, _, fourth = monday
    found = await _ask(database)
    assert [
        (one.ticket, one.metric, one.due_at, one.late_s / MINUTE, one.reason, one.afterwards)
        for one in found
    ] == [
        (
            fourth,
            Metric.RESOLUTION,
            at("13:00"),
            120,
            Reason.WAITING,
            Afterwards.STILL_OWED,
        ),
        (second, Metric.RESOLUTION, at("12:00"), 60, Reason.UNSOLVED, Afterwards.DONE_LATE),
        (
            fourth,
            Metric.FIRST_RESPONSE,
            at("11:10"),
            230,
            Reason.WAITING,
            Afterwards.STILL_OWED,
        ),
        (second, Metric.FIRST_RESPONSE, at("10:10"), 5, Reason.WAITING, Afterwards.DONE_LATE),
    ]
    assert {one.tier for one in found} == {"agent"}
    assert [one.late_business_s for one in found] == [None, 60 * MINUTE, None, 5 * MINUTE]
    assert set(found[0].why) == {"pt-BR", "en"}


async def test_a_deadline_that_the_bot_missed_says_so(database: Database) -> None:
    patient = """
policies:
  - name: padrao
    targets: {first_response: 10 min}
    escalation: [{tier: bot, after: 1 h}, {tier: agent, after: 1 h}]
"""
    await under(database, patient)
    await ticket(
        database, ("09:00", K.CONTACT_MESSAGE), ("09:20", K.STATUS, {"status": "resolved"})
    )
    (one,) = await _ask(database)
    assert (one.reason, one.tier, one.afterwards) == (Reason.WITH_BOT, "bot", Afterwards.GIVEN_UP)


async def test_pauses_and_closed_hours_before_the_deadline_are_told(database: Database) -> None:
    text = """
calendars:
  loja: {time_zone: America/Sao_Paulo, hours: {mon-sun: ["09:00-12:00", "13:00-18:00"]}}
policies:
  - name: padrao
    calendar: loja
    targets: {resolution: 2 h}
    pauses: {resolution: pending}
"""
    await under(database, text)
    await ticket(
        database,
        ("10:00", K.CONTACT_MESSAGE),
        ("10:00", K.ASSIGNMENT, {"tier": "agent"}),
        ("10:10", K.AGENT_MESSAGE),
        ("10:10", K.STATUS, {"status": "pending"}),
        ("10:40", K.CONTACT_MESSAGE),
        ("10:50", K.AGENT_MESSAGE),
        ("14:00", K.STATUS, {"status": "resolved"}),
    )
    # 10 minutes, 30 paused, 80 until noon, an hour closed, and the last 30 minutes from one.
    (one,) = await _ask(database)
    assert one.due_at == at("13:30")
    assert (one.paused_s, one.closed_s) == (30 * MINUTE, 60 * MINUTE)
    assert (one.late_s, one.late_business_s) == (30 * MINUTE, 30 * MINUTE)
    assert one.reason is Reason.UNSOLVED


async def test_escalations_are_listed_for_whoever_asks(
    monday: Sequence[int], database: Database
) -> None:
    found = await _ask(database, metrics=[Metric.ESCALATION])
    assert [(one.due_at, one.tier) for one in found] == [
        (at("11:25"), "agent"),
        (at("11:05"), "bot"),
    ]


async def test_pages_follow_each_other_without_a_gap(
    monday: Sequence[int], database: Database
) -> None:
    whole = await _ask(database)
    pieces: list[Breach] = []
    before = None
    while True:
        async with database.transaction() as session:
            page = await breaches(session, PERIOD, at=NOW, before=before, limit=3)
        pieces += page.breaches
        before = page.next
        if before is None:
            break
    assert pieces == whole
