"""People take conversations, pass them on and put them back; one of them holds each."""

import asyncio
from typing import Any

import pytest

from sla_service.database.sessions import Database
from sla_service.web.principals import Scope
from tests.sla_service.handoff.shop import browser_of, is_there, owner_of, waits
from tests.sla_service.people import ALICE, BRUNO, CARLA, DIEGO, key_for
from tests.sla_service.world import Desk, World, written


async def test_somebody_takes_what_waits(desk: Desk, database: Database) -> None:
    await waits(desk)
    bruno = await browser_of(desk, BRUNO)
    answer = await bruno.takes()
    assert answer.status_code == 200
    assert answer.json() == {
        "conversation": 1,
        "ticket": 1001,
        "owner": "agent",
        "agent": {"id": BRUNO, "name": "Bruno Tavares"},
        "owner_fence": 2,
    }
    assert await owner_of(desk) == ("agent", BRUNO, 2)
    assert await desk.rows("SELECT count(*) FROM queue_places") == [(0,)]
    handed = await desk.rows(
        "SELECT from_owner, to_owner, to_agent_id, by_agent_id, reason FROM handoffs "
        "ORDER BY id DESC LIMIT 1"
    )
    assert handed == [("queue", "agent", BRUNO, BRUNO, "accepted")]
    acts = await desk.rows("SELECT actor_name, act FROM audit_log WHERE target_id = '1'")
    assert ("Bruno Tavares", "conversation.accepted") in acts


async def test_taking_again_what_one_has_changes_nothing(desk: Desk) -> None:
    await waits(desk)
    bruno = await browser_of(desk, BRUNO)
    first, second = await bruno.takes(), await bruno.takes()
    assert first.json() == second.json()
    assert await desk.rows("SELECT count(*) FROM handoffs") == [(2,)]


async def test_of_those_who_accept_at_once_one_wins_and_the_others_are_told_who(
    desk: Desk,
) -> None:
    await waits(desk)
    agents = [BRUNO, CARLA, DIEGO, ALICE]
    browsers = [await browser_of(desk, agent) for agent in agents]
    answers = await asyncio.gather(*(one.takes() for one in browsers))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 409, 409, 409]
    winner = next(answer.json()["agent"] for answer in answers if answer.status_code == 200)
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["type"] == "already_held"
            assert answer.json()["held_by"] == winner
    assert await owner_of(desk) == ("agent", winner["id"], 2)


async def test_an_agent_passes_on_only_what_is_theirs(desk: Desk, database: Database) -> None:
    await waits(desk)
    await is_there(database, BRUNO, CARLA, DIEGO)
    bruno, diego = await browser_of(desk, BRUNO), await browser_of(desk, DIEGO)
    path = "conversations/1/assignment"
    assert (await bruno.asks("POST", path, {"agent": DIEGO})).status_code == 403
    await bruno.takes()
    taken = await diego.asks("POST", path, {"agent": DIEGO, "owner_fence": 2})
    assert (taken.status_code, taken.json()["held_by"]["name"]) == (409, "Bruno Tavares")
    passed = await bruno.asks("POST", path, {"agent": DIEGO})
    assert (passed.status_code, passed.json()["agent"]["id"]) == (200, DIEGO)
    reasons = await desk.rows("SELECT reason, from_agent_id FROM handoffs ORDER BY id")
    assert reasons == [("wish", None), ("accepted", None), ("transferred", BRUNO)]


async def test_a_supervisor_reassigns_what_they_see_and_not_what_changed_meanwhile(
    desk: Desk, database: Database
) -> None:
    await waits(desk)
    await is_there(database, BRUNO, CARLA, ALICE)
    bruno, carla = await browser_of(desk, BRUNO), await browser_of(desk, CARLA)
    await bruno.takes()
    path = "conversations/1/assignment"
    assert (await carla.takes()).status_code == 409  # taking is not taking away
    stale = await carla.asks("POST", path, {"agent": ALICE, "owner_fence": 1})
    assert (stale.status_code, stale.json()["type"]) == (409, "changed_meanwhile")
    moved = await carla.asks("POST", path, {"agent": ALICE, "owner_fence": 2})
    assert moved.json()["agent"]["id"] == ALICE
    taken_over = await carla.asks("POST", path, {"agent": "me", "owner_fence": 3})
    assert taken_over.json()["agent"]["id"] == CARLA


async def test_nothing_is_given_to_somebody_who_is_away_or_unknown(
    desk: Desk, database: Database
) -> None:
    await waits(desk)
    await is_there(database, DIEGO, presence="away")
    carla = await browser_of(desk, CARLA)
    for agent, status, kind in ((DIEGO, 409, "not_there"), (99, 404, "nobody_with_this_number")):
        answer = await carla.asks("POST", "conversations/1/assignment", {"agent": agent})
        assert (answer.status_code, answer.json()["type"]) == (status, kind)
    diego = await browser_of(desk, DIEGO)
    assert (await diego.takes()).status_code == 200  # who takes it is there enough


async def test_an_agent_takes_from_the_bot_too(desk: Desk, world: World) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    bruno = await browser_of(desk, BRUNO)
    assert (await bruno.takes()).json()["owner"] == "agent"
    await desk.deliver(written("alguém aí?", "wamid.A2"))
    await desk.settle()
    assert len(world.turns) == 1
    tiers = await desk.rows("SELECT payload ->> 'tier' FROM sla_events WHERE kind = 'assignment'")
    assert tiers == [("agent",)]


async def test_what_is_put_back_keeps_its_place_in_the_queue(desk: Desk) -> None:
    await waits(desk, 1)
    await waits(desk, 2)
    ((since,),) = await desk.rows("SELECT since FROM queue_places WHERE conversation_id = 1")
    bruno = await browser_of(desk, BRUNO)
    await bruno.takes(1)
    answer = await bruno.asks("DELETE", "conversations/1/assignment", {"to": "queue"})
    assert (answer.status_code, answer.json()["owner"]) == (200, "queue")
    assert await owner_of(desk) == ("queue", None, 3)
    places = await desk.rows("SELECT conversation_id, since FROM queue_places ORDER BY since")
    assert [place.conversation_id for place in places] == [1, 2]
    assert places[0].since == since


async def test_only_whoever_holds_it_or_a_supervisor_puts_it_back(desk: Desk) -> None:
    await waits(desk)
    bruno, diego = await browser_of(desk, BRUNO), await browser_of(desk, DIEGO)
    await bruno.takes()
    path = "conversations/1/assignment"
    assert (await diego.asks("DELETE", path)).status_code == 403
    carla = await browser_of(desk, CARLA)
    assert (await carla.asks("DELETE", path)).status_code == 200


async def test_what_the_bot_holds_is_not_put_back(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    bruno = await browser_of(desk, BRUNO)
    answer = await bruno.asks("DELETE", "conversations/1/assignment")
    assert (answer.status_code, answer.json()["type"]) == (409, "not_with_people")


async def test_resolving_gives_it_back_to_the_bot_and_says_who_did(desk: Desk) -> None:
    await waits(desk)
    bruno = await browser_of(desk, BRUNO)
    await bruno.takes()
    answer = await bruno.asks("POST", "tickets/1001/resolution")
    assert answer.json()["owner"] == "bot"
    assert await owner_of(desk) == ("bot", None, 3)
    handed = await desk.rows(
        "SELECT reason, by_agent_id, from_agent_id FROM handoffs ORDER BY id DESC LIMIT 1"
    )
    assert handed == [("resolved", BRUNO, BRUNO)]
    again = await bruno.asks("POST", "tickets/1001/resolution")
    assert (again.status_code, again.json()["owner_fence"]) == (200, 3)


async def test_a_colleague_does_not_end_what_somebody_holds_but_a_supervisor_may(
    desk: Desk,
) -> None:
    await waits(desk)
    bruno, carla, diego = [await browser_of(desk, one) for one in (BRUNO, CARLA, DIEGO)]
    await bruno.takes()
    answer = await diego.asks("POST", "tickets/1001/resolution")
    assert (answer.status_code, answer.json()["type"]) == (403, "not_yours")
    assert await owner_of(desk) == ("agent", BRUNO, 2)
    assert await desk.rows("SELECT status FROM tickets") == [("open",)]
    assert (await carla.asks("POST", "tickets/1001/resolution")).json()["owner"] == "bot"


async def test_whoever_takes_over_sees_what_the_bot_had_found_out(desk: Desk) -> None:
    details: dict[str, Any] = {
        "slots": {"order_number": "48213", "proven_orders": ["48213"]},
        "intent": "order_status",
        "confidence": 0.81,
        "failed_attempts": 2,
        "order": "#48213",
    }
    await waits(desk, words="cadê meu pedido?", summary="#48213", details=details)
    bruno = await browser_of(desk, BRUNO)
    seen = (await bruno.asks("GET", "conversations/1/handoff")).json()
    assert (seen["reason"], seen["summary"], seen["ticket"]) == ("wish", "#48213", 1001)
    assert {name: seen["details"][name] for name in details} == details
    assert [one["intent"] for one in seen["details"]["intents"]] == ["greet"]
    assert seen["details"]["facts"]["text"] == "cadê meu pedido?"


async def test_a_program_assigns_by_number_with_the_right_key(
    desk: Desk, database: Database
) -> None:
    await waits(desk)
    await is_there(database, BRUNO)
    path = "/api/conversations/1/assignment"
    reading = await key_for(database, Scope.CONVERSATIONS_READ)
    writing = await key_for(database, Scope.CONVERSATIONS_WRITE)
    for headers, agent, status in ((reading, BRUNO, 403), (writing, "me", 422)):
        answer = await desk.http.post(path, json={"agent": agent}, headers=headers)
        assert answer.status_code == status
    answer = await desk.http.post(path, json={"agent": BRUNO}, headers=writing)
    assert answer.json()["agent"]["id"] == BRUNO


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "conversations/9/assignment", {"agent": "me"}),
        ("DELETE", "conversations/9/assignment", None),
        ("POST", "conversations/9/bot", {}),
        ("GET", "conversations/9/handoff", None),
        ("POST", "offers/9/acceptance", None),
        ("DELETE", "offers/9", None),
    ],
)
async def test_what_is_not_there_is_not_found(
    desk: Desk, method: str, path: str, body: Any
) -> None:
    bruno = await browser_of(desk, BRUNO)
    assert (await bruno.asks(method, path, body)).status_code == 404
