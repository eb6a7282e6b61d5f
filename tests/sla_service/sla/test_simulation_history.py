"""Recorded events read back, ticket by ticket, under the rulebooks that held."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.errors import ReadOnlySqlTransaction

from sla_service.database.sessions import Database
from sla_service.sla.events import EventKind
from sla_service.sla.history import Archive
from sla_service.sla.instants import HOUR, instant
from sla_service.sla.library import NoRulebook
from sla_service.sla.policy import Metric
from sla_service.sla.replay import Replay
from sla_service.sla.tally import Counts
from tests.sla_service.sla.shop import POLICIES, happens, with_policies

K = EventKind
MINUTE = timedelta(minutes=1)
STRICT = POLICIES.replace("padrao", "rigorosa").replace(
    "first_response: 5 min", "first_response: 2 min"
)


async def _now(database: Database) -> datetime:
    async with database.connection() as connection:
        row = await (await connection.execute("SELECT now()")).fetchone()
    assert row is not None
    found: datetime = row[0]
    return found.astimezone(UTC)


async def test_events_come_back_by_ticket_in_their_order(database: Database) -> None:
    await with_policies(database)
    begun = await _now(database) - 60 * MINUTE
    await happens(database, 2, K.CONTACT_MESSAGE, begun)
    await happens(database, 1, K.CONTACT_MESSAGE, begun + MINUTE)
    await happens(database, 2, K.STATUS, begun + 2 * MINUTE, status="pending")
    with psycopg.connect(database.url) as connection:
        archive = Archive(connection)
        found = {
            one.ticket_id: [(event.kind, event.payload) for event in one.events]
            for one in archive.histories()
        }
        assert archive.count() == 2
    assert list(found) == [1, 2]
    assert found[2][1:] == [(K.CONTACT_MESSAGE, {}), (K.STATUS, {"status": "pending"})]


async def test_tickets_are_taken_by_when_they_began(database: Database) -> None:
    await with_policies(database)
    begun = await _now(database) - 60 * MINUTE
    for number in range(4):
        await happens(database, number, K.CONTACT_MESSAGE, begun + number * MINUTE)
    await happens(database, 0, K.AGENT_MESSAGE, begun + 30 * MINUTE)
    with psycopg.connect(database.url) as connection:
        archive = Archive(connection, since=begun + MINUTE, until=begun + 3 * MINUTE)
        assert archive.count() == 2
        assert [one.ticket_id for one in archive.histories()] == [1, 2]


async def test_a_ticket_put_under_other_policies_began_under_its_first(
    database: Database,
) -> None:
    first = await with_policies(database)
    opened_at = await _now(database)
    await happens(database, 1, K.CONTACT_MESSAGE, opened_at)
    second = await with_policies(database, STRICT)
    await happens(database, 1, K.AGENT_MESSAGE, opened_at + 3 * MINUTE)
    await happens(database, 1, K.RULEBOOK, opened_at + 4 * MINUTE, rulebook=second)
    await happens(database, 1, K.STATUS, opened_at + 5 * MINUTE, status="resolved")
    with psycopg.connect(database.url) as connection:
        archive = Archive(connection)
        (history,) = archive.histories()
        assert history.rulebook_id == first
        assert archive.active().id == second
        replay = Replay(archive.active(), archive.find, instant(opened_at) + HOUR, ZoneInfo("UTC"))
        replay.add(history)
    assert replay.was.by("metric", "policy")[Metric.FIRST_RESPONSE, "padrao"] == Counts(kept=1)
    assert replay.was.by("metric", "policy")[Metric.RESOLUTION, "rigorosa"] == Counts(kept=1)
    would = replay.would.by("metric", "policy")
    assert would[Metric.FIRST_RESPONSE, "rigorosa"] == Counts(late=1)


async def test_an_archive_only_reads(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        archive = Archive(connection)
        with pytest.raises(NoRulebook):
            archive.active()
        with pytest.raises(NoRulebook):
            archive.find(7)
        with pytest.raises(ReadOnlySqlTransaction):
            connection.execute("DELETE FROM sla_events")
