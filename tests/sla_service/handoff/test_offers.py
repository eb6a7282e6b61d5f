"""What waits is offered to those who have room; offers expire and move on."""

import asyncio
from datetime import timedelta

import pytest

from sla_service.database.sessions import Database
from sla_service.handoff.assigner import Assigner
from sla_service.settings import HandoffSettings
from tests.sla_service.handoff.shop import browser_of, is_there, leaves, owner_of, waits
from tests.sla_service.people import ALICE, BRUNO, CARLA, DIEGO
from tests.sla_service.world import Desk, World, open_desk, settings_for, written


async def _offers(desk: Desk) -> list[tuple[int, int, str | None]]:
    found = await desk.rows("SELECT conversation_id, agent_id, outcome FROM offers ORDER BY id")
    return [tuple(row) for row in found]


async def _pass_time(desk: Desk) -> None:
    await desk.rows(
        "UPDATE offers SET expires_at = now() - interval '1 s' WHERE outcome IS NULL RETURNING 1"
    )


async def test_what_waits_is_offered_and_whoever_accepts_has_it(
    desk: Desk, database: Database
) -> None:
    await is_there(database, BRUNO)
    await waits(desk)
    await desk.settle()
    assert await _offers(desk) == [(1, BRUNO, None)]
    bruno = await browser_of(desk, BRUNO)
    answer = await bruno.asks("POST", "offers/1/acceptance")
    assert (answer.status_code, answer.json()["agent"]["id"]) == (200, BRUNO)
    assert await _offers(desk) == [(1, BRUNO, "accepted")]
    again = await bruno.asks("POST", "offers/1/acceptance")
    assert again.json() == answer.json()


async def test_an_offer_that_passes_moves_on_and_comes_round_again(
    desk: Desk, database: Database
) -> None:
    await is_there(database, BRUNO, CARLA)
    await waits(desk)
    await desk.settle()
    for _ in range(2):
        await _pass_time(desk)
        await desk.settle()
    assert await _offers(desk) == [
        (1, BRUNO, "expired"),
        (1, CARLA, "expired"),
        (1, BRUNO, None),
    ]
    carla = await browser_of(desk, CARLA)
    late = await carla.asks("POST", "offers/2/acceptance")
    assert (late.status_code, late.json()["type"]) == (409, "offer_over")


async def test_who_declines_is_not_asked_again(desk: Desk, database: Database) -> None:
    await is_there(database, BRUNO)
    await waits(desk)
    await desk.settle()
    bruno = await browser_of(desk, BRUNO)
    for _ in range(2):
        assert (await bruno.asks("DELETE", "offers/1")).status_code == 204
    await desk.settle()
    assert await _offers(desk) == [(1, BRUNO, "declined")]
    assert await owner_of(desk) == ("queue", None, 1)
    assert (await bruno.takes()).status_code == 200  # they may still pick it themselves


async def test_an_offer_is_nobody_elses(desk: Desk, database: Database) -> None:
    await is_there(database, BRUNO)
    await waits(desk)
    await desk.settle()
    carla = await browser_of(desk, CARLA)
    assert (await carla.asks("POST", "offers/1/acceptance")).status_code == 404
    assert (await carla.asks("DELETE", "offers/1")).status_code == 404


async def test_whoever_takes_it_first_ends_the_offer_to_another(
    desk: Desk, database: Database
) -> None:
    await is_there(database, BRUNO)
    await waits(desk)
    await desk.settle()
    carla, bruno = await browser_of(desk, CARLA), await browser_of(desk, BRUNO)
    answers = await asyncio.gather(carla.takes(), bruno.asks("POST", "offers/1/acceptance"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (_, agent, outcome) = (await _offers(desk))[0]
    assert agent == BRUNO
    assert outcome == ("withdrawn" if answers[0].status_code == 200 else "accepted")


async def test_nobody_is_offered_more_than_they_can_take_and_the_queue_drains(
    desk: Desk, database: Database
) -> None:
    await is_there(database, BRUNO, capacity=1)
    for number in (1, 2):
        await waits(desk, number)
    await desk.settle()
    assert await _offers(desk) == [(1, BRUNO, None)]
    bruno = await browser_of(desk, BRUNO)
    await bruno.asks("POST", "offers/1/acceptance")
    await desk.settle()
    assert len(await _offers(desk)) == 1  # no room
    await bruno.asks("POST", "tickets/1001/resolution")
    await desk.settle()
    assert await _offers(desk) == [(1, BRUNO, "accepted"), (2, BRUNO, None)]


async def test_nothing_is_offered_to_somebody_away_offline_or_without_capacity(
    desk: Desk, database: Database
) -> None:
    await is_there(database, BRUNO, presence="away")
    await is_there(database, CARLA)
    await leaves(database, CARLA)
    await is_there(database, ALICE, capacity=0)
    await waits(desk)
    await desk.settle()
    assert await _offers(desk) == []
    await is_there(database, DIEGO)
    await desk.settle()
    assert await _offers(desk) == [(1, DIEGO, None)]


async def test_an_offer_leaves_whoever_goes_away(desk: Desk, database: Database) -> None:
    await is_there(database, BRUNO)
    await waits(desk)
    await desk.settle()
    await is_there(database, BRUNO, presence="away")
    await is_there(database, CARLA)
    await desk.settle()
    assert await _offers(desk) == [(1, BRUNO, "withdrawn"), (1, CARLA, None)]


async def test_the_urgent_come_first_and_then_those_who_wait_longest(
    desk: Desk, database: Database
) -> None:
    for number, priority in ((1, "normal"), (2, "urgent"), (3, "normal")):
        await waits(desk, number, priority=priority)
    await is_there(database, BRUNO, capacity=2)
    await desk.settle()
    assert sorted(one[0] for one in await _offers(desk)) == [1, 2]


async def test_who_put_it_back_does_not_get_it_at_once(desk: Desk, database: Database) -> None:
    await is_there(database, BRUNO)
    await waits(desk)
    bruno = await browser_of(desk, BRUNO)
    await bruno.takes()
    await bruno.asks("DELETE", "conversations/1/assignment")
    await desk.settle()
    assert await _offers(desk) == []


async def test_nothing_is_offered_while_the_contact_is_owed_a_word(
    desk: Desk, database: Database, world: World
) -> None:
    await is_there(database, BRUNO)
    await desk.deliver(written("é urgente", "wamid.A1"))
    await desk.worker.intake.drain()
    assert await owner_of(desk) == ("queue", None, 1)
    await desk.worker.assigner.once()
    assert await _offers(desk) == []
    await desk.settle()
    assert len(world.sent) == 1
    assert await _offers(desk) == [(1, BRUNO, None)]


async def test_with_direct_assignment_it_is_theirs_at_once(
    database: Database, world: World
) -> None:
    settings = settings_for(database.url, world, handoff={"assigns": "directly"})
    async with open_desk(database, world, settings) as desk:
        await is_there(database, BRUNO)
        await waits(desk)
        await desk.settle()
        assert await owner_of(desk) == ("agent", BRUNO, 2)
        assert await desk.rows("SELECT reason FROM handoffs ORDER BY id") == [
            ("wish",),
            ("assigned",),
        ]


@pytest.mark.parametrize("strategy", ["least_loaded", "round_robin"])
async def test_several_workers_give_nobody_too_much_and_nothing_twice(
    desk: Desk, database: Database, strategy: str
) -> None:
    for number in range(1, 7):
        await waits(desk, number)
    await is_there(database, BRUNO, CARLA, capacity=2)
    settings = HandoffSettings(strategy=strategy, offer_for=timedelta(minutes=1))  # type: ignore[arg-type]
    await asyncio.gather(*(Assigner(database, settings).once() for _ in range(6)))
    given = await _offers(desk)
    assert len({conversation for conversation, _, _ in given}) == len(given) == 4
    assert sorted(agent for _, agent, _ in given) == [BRUNO, BRUNO, CARLA, CARLA]
