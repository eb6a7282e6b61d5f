"""Open tickets come under another version when somebody says so: tried out first, then done."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from sla_service.database.sessions import Connection, Database, rows
from sla_service.jobs.runner import Runner
from sla_service.sla import applying, documents, recording, rulebooks
from sla_service.sla.applying import Application, NoApplication
from sla_service.sla.events import EventKind
from sla_service.sla.instants import MINUTE
from sla_service.sla.library import NoRulebook, Shelf
from sla_service.sla.moving import Move
from sla_service.sla.policy import Metric, Rulebook
from sla_service.sla.recording import Happened

_FIVE = """
policies:
  - {name: vip, match: {segment: vip}, targets: {resolution: 2 h}}
  - {name: all, targets: {first_response: 5 min, resolution: 24 h}}
"""
_TEN = """
policies:
  - {name: vip, match: {segment: vip}, targets: {resolution: 2 h}}
  - {name: everybody, targets: {first_response: 10 min, resolution: 24 h}}
"""


async def in_force(connection: Connection, text: str) -> int:
    """A version that counts for tickets that open."""
    return await rulebooks.store(connection, text, activate=True)


async def open_ticket(
    connection: Connection, ticket_id: int, *, segment: str | None = None, waits: float = 0
) -> None:
    """Ana wrote `waits` minutes ago."""
    at = datetime.now(UTC) - timedelta(minutes=waits)  # noqa: TID251 - the database's clock counts
    payload: dict[str, Any] = {} if segment is None else {"segment": segment}
    await recording.record(
        connection,
        ticket_id,
        [Happened(EventKind.OPENED, payload, at), Happened(EventKind.CONTACT_MESSAGE, at=at)],
    )


async def resolve(connection: Connection, ticket_id: int) -> None:
    """Bruno solved it."""
    await recording.record(connection, ticket_id, [Happened(EventKind.STATUS, _RESOLVED)])


_RESOLVED = {"status": "resolved"}


async def planned(connection: Connection, book: Rulebook) -> tuple[int, dict[int, Move]]:
    """A whole dry run."""
    looked_at, moves = 0, dict[int, Move]()
    async for part in applying.plan(connection, book):
        looked_at += part.looked_at
        moves |= dict(part.moves)
    return looked_at, moves


async def finished(database: Database, application: int) -> Application:
    """The application after workers had all the time they need."""
    handlers = {applying.APPLY: partial(applying.go_on, database)}
    for _ in range(10):  # each drain does what is due when it begins, and each job defers the next
        await Runner(database.url, handlers).drain()
        async with database.step() as connection:
            found = await applying.by_id(connection, application)
        if found.finished_at is not None:
            break
    return found


async def test_a_dry_run_says_what_would_change_and_changes_nothing(database: Database) -> None:
    async with database.step() as connection:
        await in_force(connection, _FIVE)
        await open_ticket(connection, 1)
        await open_ticket(connection, 2, segment="vip")
        await open_ticket(connection, 3)
        await resolve(connection, 3)
        before = await rows(connection, "SELECT * FROM sla_tickets ORDER BY ticket_id")
        looked_at, moves = await planned(connection, documents.rulebook(documents.parse(_TEN), 0))
        assert looked_at == 2
        assert list(moves) == [1]
        move = moves[1]
        assert (move.policy_before, move.policy_after) == ("all", "everybody")
        (clock,) = move.clocks
        assert (clock.metric, clock.cycle) == (Metric.FIRST_RESPONSE, 0)
        assert (clock.before.target, clock.after.target) == (5 * MINUTE, 10 * MINUTE)
        assert clock.before.due_at is not None
        assert clock.after.due_at == clock.before.due_at + 5 * MINUTE
        assert await rows(connection, "SELECT * FROM sla_tickets ORDER BY ticket_id") == before


async def test_the_version_a_ticket_is_under_would_change_nothing(database: Database) -> None:
    async with database.step() as connection:
        number = await in_force(connection, _FIVE)
        await open_ticket(connection, 1, waits=3)
        stored = await planned(connection, await Shelf(connection).fetch(number))
        written = await planned(connection, documents.rulebook(documents.parse(_FIVE), 0))
    assert stored == written == (1, {})


async def test_activating_a_version_leaves_open_tickets_alone(database: Database) -> None:
    async with database.step() as connection:
        first = await in_force(connection, _FIVE)
        await open_ticket(connection, 1)
        second = await in_force(connection, _TEN)
        await open_ticket(connection, 2)
        found = await rows(connection, "SELECT ticket_id, rulebook_id FROM sla_tickets ORDER BY 1")
    assert found == [(1, first), (2, second)]


async def test_applying_moves_open_tickets_and_writes_down_that_it_did(database: Database) -> None:
    async with database.step() as connection:
        first = await in_force(connection, _FIVE)
        await open_ticket(connection, 1)
        await open_ticket(connection, 2, segment="vip")
        await open_ticket(connection, 3)
        await resolve(connection, 3)
        second = await in_force(connection, _TEN)
        expected = await planned(connection, await Shelf(connection).fetch(second))
        asked = await applying.request(connection, second, by="Carla")
    assert (asked.total, asked.done, asked.finished_at) == (2, 0, None)
    done = await finished(database, asked.id)
    assert (done.done, done.changed, done.error) == (2, len(expected[1]), None)
    assert done.finished_at is not None
    async with database.step() as connection:
        books = await rows(connection, "SELECT ticket_id, rulebook_id FROM sla_tickets ORDER BY 1")
        events = await rows(
            connection,
            "SELECT ticket_id, payload FROM sla_events WHERE kind = 'rulebook' ORDER BY 1",
        )
        targets = await rows(
            connection,
            "SELECT target, policy FROM sla_clocks "
            "WHERE ticket_id = 1 AND metric = 'first_response'",
        )
    assert books == [(1, second), (2, second), (3, first)]
    assert events == [(1, {"rulebook": second}), (2, {"rulebook": second})]
    assert targets == [(10 * MINUTE, "everybody")]


async def test_many_tickets_are_moved_in_chunks_and_each_once(database: Database) -> None:
    async with database.step() as connection:
        await in_force(connection, _FIVE)
        await open_ticket(connection, 1)
        await rows(
            connection,
            "INSERT INTO sla_tickets (ticket_id, seq, rulebook_id, state, next_fire_at) "
            "SELECT n, seq, rulebook_id, state, next_fire_at "
            "FROM sla_tickets, generate_series(2, 1100) AS n",
        )
        second = await in_force(connection, _TEN)
        asked = await applying.request(connection, second)
    await applying.go_on(database, application=asked.id)
    async with database.step() as connection:
        half_way = await applying.by_id(connection, asked.id)
    assert (half_way.done, half_way.reached, half_way.finished_at) == (500, 500, None)
    done = await finished(database, asked.id)
    assert (done.total, done.done, done.changed) == (1100, 1100, 1100)
    await applying.go_on(database, application=asked.id)  # a job may come twice
    async with database.step() as connection:
        (count,) = await rows(connection, "SELECT count(*) FROM sla_events WHERE kind = 'rulebook'")
    assert count == (1100,)


async def test_a_breach_before_the_new_promise_stays_a_breach(database: Database) -> None:
    async with database.step() as connection:
        await in_force(connection, _FIVE)
        await open_ticket(connection, 1, waits=7)
        second = await in_force(connection, _TEN)
        asked = await applying.request(connection, second)
    await finished(database, asked.id)
    async with database.step() as connection:
        effects = await rows(connection, "SELECT kind, policy FROM sla_effects")
    assert effects == [("breached", "all")]


async def test_the_act_that_was_asked_for_last_is_the_one_that_goes_on(database: Database) -> None:
    async with database.step() as connection:
        first = await in_force(connection, _FIVE)
        await open_ticket(connection, 1)
        second = await in_force(connection, _TEN)
        forward = await applying.request(connection, second)
        back = await applying.request(connection, first)
    assert (await finished(database, back.id)).changed == 0
    async with database.step() as connection:
        early = await applying.by_id(connection, forward.id)
        assert (early.done, early.error) == (0, "superseded")
        assert await rows(connection, "SELECT rulebook_id FROM sla_tickets") == [(first,)]


async def test_a_ticket_that_can_not_be_moved_does_not_hold_up_the_others(
    database: Database,
) -> None:
    async with database.step() as connection:
        first = await in_force(connection, _FIVE)
        for ticket in (1, 2, 3):
            await open_ticket(connection, ticket)
        await rows(
            connection, "UPDATE sla_tickets SET state = state - 'clocks' WHERE ticket_id = 2"
        )
        second = await in_force(connection, _TEN)
        asked = await applying.request(connection, second)
    done = await finished(database, asked.id)
    assert (done.done, done.changed, done.error) == (3, 2, "left out: 2 (KeyError)")
    async with database.step() as connection:
        books = await rows(connection, "SELECT rulebook_id FROM sla_tickets ORDER BY ticket_id")
    assert books == [(second,), (first,), (second,)]


async def test_what_is_not_there_can_not_be_applied_or_looked_at(database: Database) -> None:
    async with database.step() as connection:
        with pytest.raises(NoRulebook):
            await applying.request(connection, 4711)
        with pytest.raises(NoApplication):
            await applying.by_id(connection, 4711)
