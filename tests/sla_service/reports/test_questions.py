"""Reports only read, find what they need by an index, and understand days as people do."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from sla_service.database.sessions import Database
from sla_service.reports import (
    attainment,
    breaches,
    handling_times,
    reading,
    response_times,
    routes,
)
from sla_service.reports.periods import NoSuchPeriod, Period, UnknownTimeZone
from sla_service.reports.reading import Group
from sla_service.web import problems
from sla_service.web.principals import Principal, Role, Scope, Shown
from tests.sla_service.reports.desk_days import MIDNIGHT, a_day, at, sweep, under
from tests.sla_service.world import World, settings_for

MONDAY = date(2026, 5, 4)
NOW = at("15:00")
PERIOD = Period.of(MONDAY, MONDAY, at=NOW)
A_MONDAY = {"since": "2026-05-04", "until": "2026-05-04"}


@pytest.fixture
async def asked(database: Database, world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """The reports' routes, asked by Carla unless somebody else shows who they are."""
    app = FastAPI()
    app.state.settings = settings_for(database.url, world)
    app.state.database = database
    app.state.identify = _identify
    problems.install(app)
    for router in routes.routers():
        app.include_router(router)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url="http://desk.test/api/reports",
        headers={"Authorization": "Bearer carla"},
    ) as client:
        yield client


async def test_people_ask_over_http(asked: httpx2.AsyncClient, database: Database) -> None:
    await under(database)
    numbers = await a_day(database)
    await sweep(database)

    rows = (await asked.get("/attainment", params={**A_MONDAY, "group": "priority"})).json()
    first = rows[0]
    assert (first["metric"], first["priority"], first["policy"]) == (
        "first_response",
        "normal",
        None,
    )
    assert (first["kept"], first["late"], first["cancelled"], first["percent"]) == (1, 2, 1, 33.33)

    times = (await asked.get("/response-times", params=A_MONDAY)).json()
    assert times[0]["wall"] == {"p50": 480, "p90": 900, "p99": 900}

    parts = (await asked.get("/handling-times", params=A_MONDAY)).json()
    assert {row["part"]: row["tickets"] for row in parts} == {
        "bot": 4,
        "waiting": 3,
        "person": 2,
        "contact": 1,
    }

    page = (await asked.get("/breaches", params={**A_MONDAY, "limit": 3})).json()
    assert [one["ticket"] for one in page["breaches"]] == [numbers[3], numbers[1], numbers[3]]
    rest = (await asked.get("/breaches", params={**A_MONDAY, "before": page["next"]})).json()
    assert [one["ticket"] for one in rest["breaches"]] == [numbers[1]]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"time_zone": "Mars/Olympus"}, "unknown_time_zone"),
        ({"time_zone": "../etc"}, "unknown_time_zone"),
        ({"since": "2026-05-05", "until": "2026-05-04"}, "no_such_period"),
        ({"since": "0001-01-01"}, "no_such_period"),
        ({"since": "yesterday"}, "invalid_request"),
        ({"group": "mood"}, "invalid_request"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_a_sentence(
    asked: httpx2.AsyncClient, params: dict[str, str], problem: str
) -> None:
    answer = await asked.get("/attainment", params=params)
    assert (answer.status_code, answer.json()["type"]) == (422, problem)


@pytest.mark.parametrize("path", ["attainment", "response-times", "handling-times", "breaches"])
async def test_reports_are_for_supervisors_and_keys_made_for_them(
    asked: httpx2.AsyncClient, path: str
) -> None:
    answers = {
        who: (await asked.get(f"/{path}", headers={"Authorization": f"Bearer {who}"})).status_code
        for who in ("carla", "bruno", "a key for reports", "another key", "nobody")
    }
    assert answers == {
        "carla": 200,
        "bruno": 403,
        "a key for reports": 200,
        "another key": 403,
        "nobody": 401,
    }


async def test_a_report_s_transaction_can_t_write(database: Database) -> None:
    async with database.transaction() as session:
        await reading.only(session)
        with pytest.raises(DBAPIError, match="read-only"):
            await session.execute(text("DELETE FROM sla_clocks"))


@pytest.fixture
def a_year(database: Database) -> str:
    """Clocks and effects of a year, enough of them that reading them all would be dear."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(_CLOCKS, {"midnight": MIDNIGHT - timedelta(days=180)})
        connection.execute(_EFFECTS)
        connection.execute(_EVENTS)
        connection.execute("ANALYZE")
    return database.url


def _plan(url: str, query: Any, values: dict[str, Any] | None = None) -> str:
    if values is None:
        query = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        found = connection.execute(f"EXPLAIN {query}", values)
        return "\n".join(row[0] for row in found)


@pytest.mark.parametrize("groups", [(), tuple(Group)])
def test_attainment_and_times_read_their_period_only(
    a_year: str, groups: tuple[Group, ...]
) -> None:
    for query in (
        attainment.query(PERIOD, groups, NOW),
        response_times.query(PERIOD, groups),
    ):
        plan = _plan(a_year, query)
        assert "ix_sla_clocks_started_at" in plan
        assert "Seq Scan" not in plan


def test_breaches_and_handling_times_read_their_period_only(a_year: str) -> None:
    limits = {"since": PERIOD.since, "until": PERIOD.until, "at": NOW}
    page = {**limits, "metrics": ["first_response"], "before": None, "limit": 101}
    plan = _plan(a_year, breaches.QUERY, page)
    assert "ix_sla_effects_at" in plan
    assert "Seq Scan on sla_" not in plan
    plan = _plan(a_year, handling_times.QUERY, limits)
    assert "ix_sla_clocks_started_at" in plan
    assert "Seq Scan on sla_" not in plan


def test_a_period_is_whole_local_days_with_both_ends() -> None:
    assert PERIOD.since == datetime(2026, 5, 4, 3, tzinfo=UTC)
    assert PERIOD.until == datetime(2026, 5, 5, 3, tzinfo=UTC)


def test_without_a_wish_a_period_is_the_last_thirty_days() -> None:
    period = Period.of(None, None, at=datetime(2026, 5, 5, 2, tzinfo=UTC))  # still the 4th there
    assert period.until == datetime(2026, 5, 5, 3, tzinfo=UTC)
    assert period.until - period.since == timedelta(days=30)


def test_a_day_that_has_no_midnight_begins_when_the_clocks_go_forward() -> None:
    day = date(2018, 11, 4)  # São Paulo went from 00:00 to 01:00
    period = Period.of(day, day, at=NOW)
    assert period.since == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert period.until - period.since == timedelta(hours=23)


@pytest.mark.parametrize(
    ("since", "until", "zone", "refusal"),
    [
        (date(2026, 5, 5), date(2026, 5, 4), "UTC", NoSuchPeriod),
        (date(1, 1, 1), None, "UTC", NoSuchPeriod),
        (None, date(9999, 12, 31), "UTC", NoSuchPeriod),
        (None, None, "America", UnknownTimeZone),
        (None, None, "", UnknownTimeZone),
    ],
)
def test_days_that_are_none_are_refused(
    since: date | None, until: date | None, zone: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        Period.of(since, until, at=NOW, time_zone=zone)


_KNOWN = {
    "carla": Principal("agent", 1, "Carla", Role.SUPERVISOR),
    "bruno": Principal("agent", 2, "Bruno", Role.AGENT),
    "a key for reports": Principal("key", 3, "", Role.SERVICE, frozenset({Scope.REPORTS_READ})),
    "another key": Principal("key", 4, "", Role.SERVICE, frozenset({Scope.SLA_READ})),
}


async def _identify(shown: Shown, *, is_busy: bool = True) -> Principal | None:
    return _KNOWN.get(shown.secret)


_CLOCKS = """
INSERT INTO sla_clocks (ticket_id, metric, cycle, state, rulebook_id, policy, priority, target,
                        consumed, started_at, stopped_at, fired, runs)
SELECT n, m, 0, 'fulfilled', 1, 'padrao', 'normal', 600000000, 60000000, at, at + interval '1 min',
       '{}', '[]'
FROM generate_series(1, 15000) n,
     LATERAL (SELECT %(midnight)s::timestamptz + n * interval '35 min' AS at) t,
     unnest(ARRAY['first_response', 'resolution']) m
"""
_EFFECTS = """
INSERT INTO sla_effects (ticket_id, metric, cycle, kind, at, policy, priority, target, is_silent)
SELECT ticket_id, metric, 0, 'breached', started_at + interval '10 min', policy, priority, target,
       false
FROM sla_clocks
"""
_EVENTS = """
INSERT INTO sla_events (ticket_id, seq, at, kind, payload)
SELECT ticket_id, s, started_at, 'contact_message', '{}'
FROM sla_clocks, generate_series(1, 3) s WHERE metric = 'resolution'
"""
