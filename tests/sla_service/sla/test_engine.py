"""The engine on a real PostgreSQL: what is due becomes true once, dated at its deadline."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from sla_service.database.sessions import Database, rows
from sla_service.sla import recording, snapshot
from sla_service.sla.clocks import Clock
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import instant
from sla_service.sla.library import NoRulebook, Shelf
from sla_service.sla.recording import Happened
from sla_service.sla.sweep import Sweep, poisoned
from tests.sla_service.sla.shop import clocks, effects, happens, with_policies

K = EventKind
MINUTE = timedelta(minutes=1)
_FOR_SOME = """
policies:
  - name: padrao
    targets: {first_response: {normal: 5 min}, resolution: 24 h}
"""


async def _now(database: Database) -> Any:
    async with database.connection() as connection:
        return (await rows(connection, "SELECT now() AS now"))[0].now


async def test_a_missed_deadline_is_dated_at_the_deadline_however_late_it_is_noticed(
    database: Database,
) -> None:
    await with_policies(database)
    wrote_at = await _now(database) - 7 * MINUTE
    await happens(database, 1, K.CONTACT_MESSAGE, wrote_at)
    assert (await clocks(database, 1))["first_response:0"].state == "running"

    swept = await Sweep(database).once()

    assert swept.tickets == 1
    first = (await clocks(database, 1))["first_response:0"]
    assert (first.state, first.breached_at) == ("breached", wrote_at + 5 * MINUTE)
    assert first.stopped_at is None
    async with database.connection() as connection:
        found = await effects(connection)
    assert [
        (kind, at - wrote_at, silent)
        for _, metric, _, kind, at, silent in found
        if metric == "first_response"
    ] == [
        ("warned_50", 2.5 * MINUTE, True),
        ("warned_80", 4 * MINUTE, True),
        ("breached", 5 * MINUTE, False),
    ]


async def test_a_late_answer_is_answered_and_breached_though_no_sweep_came_between(
    database: Database,
) -> None:
    await with_policies(database)
    wrote_at = await _now(database) - 30 * MINUTE
    await happens(database, 1, K.CONTACT_MESSAGE, wrote_at)
    await happens(database, 1, K.AGENT_MESSAGE, wrote_at + 5 * MINUTE + timedelta(seconds=1))

    first = (await clocks(database, 1))["first_response:0"]
    assert first.state == "breached"
    assert first.breached_at == wrote_at + 5 * MINUTE
    assert first.stopped_at == wrote_at + 5 * MINUTE + timedelta(seconds=1)


async def test_an_answer_at_the_deadline_is_in_time(database: Database) -> None:
    await with_policies(database)
    wrote_at = await _now(database) - 30 * MINUTE
    await happens(database, 1, K.CONTACT_MESSAGE, wrote_at)
    await happens(database, 1, K.AGENT_MESSAGE, wrote_at + 5 * MINUTE)
    await Sweep(database).once()
    assert (await clocks(database, 1))["first_response:0"].state == "fulfilled"


async def test_a_sweep_with_nothing_due_changes_nothing(database: Database) -> None:
    await with_policies(database)
    await happens(database, 1, K.CONTACT_MESSAGE)
    before = await clocks(database, 1)
    swept = await Sweep(database).once()
    assert swept.tickets == 0
    assert swept.next_in is not None
    assert 0 < swept.next_in <= 150
    assert await clocks(database, 1) == before


async def test_a_machine_whose_clock_is_ten_minutes_wrong_changes_nothing(
    database: Database,
) -> None:
    await with_policies(database)
    now = await _now(database)
    for minutes in (-10, 10):
        with time_machine.travel(now + minutes * MINUTE, tick=True):
            ticket = 1 + (minutes > 0)
            await happens(database, ticket, K.CONTACT_MESSAGE)
            await Sweep(database).once()
            await happens(database, ticket, K.AGENT_MESSAGE)
    for ticket in (1, 2):
        found = await clocks(database, ticket)
        assert found["first_response:0"].state == "fulfilled"
        assert found["first_response:0"].consumed < 60_000_000
    async with database.connection() as connection:
        assert await effects(connection) == []


async def test_many_sweeps_at_once_find_everything_out_once(database: Database) -> None:
    await with_policies(database)
    wrote_at = await _now(database) - 20 * MINUTE
    for ticket in range(1, 61):
        await happens(database, ticket, K.CONTACT_MESSAGE, wrote_at)
    swept = await asyncio.gather(*(Sweep(database).once() for _ in range(6)))
    assert sum(one.tickets for one in swept) == 60
    async with database.connection() as connection:
        found = await effects(connection)
        jobs = await rows(connection, "SELECT args FROM procrastinate_jobs")
    loud = [one for one in found if not one[5]]
    assert len(found) == len(set(found))
    # 20 minutes: first response and both tiers of the chain are breached
    assert len(loud) == 60 * 3
    told = [number for job in jobs for number in job.args["effects"]]
    assert len(told) == len(set(told)) == len(loud)
    assert max(len(job.args["effects"]) for job in jobs) <= 50


async def test_the_stored_state_is_the_fold_of_the_stored_events(database: Database) -> None:
    number = await with_policies(database)
    began = await _now(database) - 60 * MINUTE
    for minutes, kind, payload in (
        (0, K.CONTACT_MESSAGE, {}),
        (3, K.PRIORITY, {"priority": "high"}),
        (6, K.AGENT_MESSAGE, {}),
        (8, K.STATUS, {"status": "pending"}),
        (20, K.CONTACT_MESSAGE, {}),
        (41, K.NOTE, {}),
        (45, K.STATUS, {"status": "resolved"}),
    ):
        await happens(database, 1, kind, began + minutes * MINUTE, **payload)
        await Sweep(database).once()
    async with database.connection() as connection:
        book = await Shelf(connection).fetch(number)
        stored = (await rows(connection, "SELECT state FROM sla_tickets"))[0].state
        events = await rows(connection, "SELECT at, kind, payload FROM sla_events ORDER BY seq")
        written = await effects(connection)
    ticket = Ticket.fresh(book, lambda _: book)
    for row in events:
        ticket.apply(Event(instant(row.at), EventKind(row.kind), row.payload))
    ticket.advance(stored["at"])
    assert snapshot.dump(ticket) == stored
    assert {(one.metric, one.cycle, one.kind, one.at) for one in ticket.effects} == {
        (metric, cycle, kind, instant(at)) for _, metric, cycle, kind, at, _ in written
    }
    found = (await clocks(database, 1)).values()
    assert sorted(map(_as_written, found)) == sorted(
        _as_folded(one) for one in ticket.clocks if one.has_promise
    )


def _as_written(row: Any) -> str:
    instants = (row.started_at, row.since, row.due_at, row.breached_at, row.stopped_at)
    words = (row.metric, row.cycle, row.state, row.tier, row.calendar, row.ending)
    numbers = (row.target, row.consumed, *(None if at is None else instant(at) for at in instants))
    return repr((*map(str, words), *numbers, sorted(row.fired.items()), row.runs))


def _as_folded(clock: Clock) -> str:
    words = (clock.metric, clock.cycle, clock.state, clock.tier, clock.calendar_name, clock.ending)
    numbers = (
        clock.target,
        clock.consumed,
        clock.started_at,
        clock.since,
        clock.due_at,
        clock.breached_at,
        clock.stopped_at,
    )
    return repr((*map(str, words), *numbers, sorted(clock.fired.items()), snapshot.runs(clock)))


async def test_a_promise_that_is_taken_back_leaves_no_row_until_it_is_made_again(
    database: Database,
) -> None:
    await with_policies(database, _FOR_SOME)
    wrote_at = await _now(database) - 3 * MINUTE
    await happens(database, 1, K.CONTACT_MESSAGE, wrote_at)
    assert set(await clocks(database, 1)) == {"first_response:0", "resolution:0"}
    await happens(database, 1, K.PRIORITY, priority="low")
    assert set(await clocks(database, 1)) == {"resolution:0"}
    await happens(database, 1, K.PRIORITY, priority="normal")
    assert (await clocks(database, 1))["first_response:0"].due_at == wrote_at + 5 * MINUTE
    await happens(database, 1, K.AGENT_MESSAGE)
    assert (await clocks(database, 1))["first_response:0"].state == "fulfilled"


async def test_a_name_may_hold_whatever_a_text_may(database: Database) -> None:
    name = r"""a "b" 'c', {d} \e NULL ção 🎁"""
    quoted = "'" + name.replace("'", "''") + "'"
    await with_policies(database, _FOR_SOME.replace("padrao", quoted))
    await happens(database, 1, K.CONTACT_MESSAGE, await _now(database) - 9 * MINUTE)
    await Sweep(database).once()
    assert (await clocks(database, 1))["first_response:0"].policy == name
    async with database.connection() as connection:
        found = await rows(connection, "SELECT DISTINCT policy FROM sla_effects")
    assert found == [(name,)]


async def test_one_sweep_finds_out_whatever_is_due_however_much(database: Database) -> None:
    await with_policies(database)
    await happens(database, 1, K.CONTACT_MESSAGE, await _now(database) - 6 * MINUTE)
    async with database.step() as connection:
        await rows(
            connection,
            "INSERT INTO sla_tickets (ticket_id, seq, rulebook_id, state, next_fire_at) "
            "SELECT n, seq, rulebook_id, state, next_fire_at "
            "FROM sla_tickets, generate_series(2, 1234) n",
        )
    swept = await Sweep(database).once()
    assert swept.tickets == 1234
    async with database.connection() as connection:
        found = await effects(connection)
        jobs = await rows(connection, "SELECT args FROM procrastinate_jobs")
    loud = [one for one in found if not one[5]]
    assert len(loud) == 2 * 1234  # the first response and the bot's time in the chain
    told = [number for job in jobs for number in job.args["effects"]]
    assert len(told) == len(set(told)) == len(loud)


async def test_what_is_so_already_is_not_written_again(database: Database) -> None:
    await with_policies(database)
    await happens(database, 1, K.CONTACT_MESSAGE)
    await happens(database, 1, K.PRIORITY, priority="normal")
    await happens(database, 1, K.ATTRIBUTES, language="pt", tags=["vip"])
    await happens(database, 1, K.ATTRIBUTES, language="pt", tags=["vip"])
    async with database.connection() as connection:
        found = await rows(connection, "SELECT kind FROM sla_events ORDER BY seq")
    assert [row.kind for row in found] == ["opened", "contact_message", "attributes"]


async def test_two_who_saw_the_same_new_ticket_do_not_both_write_it(database: Database) -> None:
    await with_policies(database)

    async def first_message() -> None:
        async with database.step() as connection:
            await recording.record(connection, 1, [Happened(K.CONTACT_MESSAGE)])
            await asyncio.sleep(0.05)

    results = await asyncio.gather(*(first_message() for _ in range(4)), return_exceptions=True)
    async with database.connection() as connection:
        events = await rows(connection, "SELECT seq FROM sla_events ORDER BY seq")
        kept = (await rows(connection, "SELECT seq FROM sla_tickets"))[0].seq
    assert [row.seq for row in events] == list(range(1, kept + 1))
    assert sum(one is None for one in results) == (kept - 1)


async def test_one_poisoned_ticket_stops_no_other_and_is_shown(database: Database) -> None:
    await with_policies(database)
    wrote_at = await _now(database) - 20 * MINUTE
    for ticket in (1, 2, 3):
        await happens(database, ticket, K.CONTACT_MESSAGE, wrote_at)
    async with database.step() as connection:
        await rows(connection, "UPDATE sla_tickets SET state = '{}' WHERE ticket_id = 2")
    await Sweep(database).once()
    assert (await clocks(database, 1))["first_response:0"].state == "breached"
    assert (await clocks(database, 3))["first_response:0"].state == "breached"
    async with database.connection() as connection:
        (shown,) = await poisoned(connection)
    assert shown[:3] == (2, 1, "KeyError")
    assert (await Sweep(database).once()).tickets == 0  # it waits before it is tried again


async def test_without_policies_there_is_a_clear_error(database: Database) -> None:
    with pytest.raises(NoRulebook):
        await happens(database, 1, K.CONTACT_MESSAGE)


async def test_the_sweep_looks_at_what_is_due_and_not_at_what_is_open(database: Database) -> None:
    await with_policies(database)
    await happens(database, 1, K.CONTACT_MESSAGE)
    async with database.step() as connection:
        await rows(
            connection,
            "INSERT INTO sla_tickets (ticket_id, seq, rulebook_id, state, next_fire_at) "
            "SELECT n, 1, rulebook_id, state, now() + interval '1 day' + n * interval '1 second' "
            "FROM sla_tickets, generate_series(1000, 21000) n",
        )
        await rows(connection, "ANALYZE sla_tickets")
        plan = await rows(
            connection,
            "EXPLAIN SELECT ticket_id FROM sla_tickets WHERE next_fire_at < now() "
            "ORDER BY next_fire_at LIMIT 500 FOR UPDATE SKIP LOCKED",
        )
    assert any("ix_sla_tickets_next_fire_at" in row[0] for row in plan)
