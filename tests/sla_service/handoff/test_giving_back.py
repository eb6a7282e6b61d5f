"""People give a conversation back, by hand or by leaving it, and the bot knows what was said."""

from typing import Any

from psycopg.types.json import Jsonb

from sla_service.database.sessions import Database, rows
from tests.sla_service.handoff.shop import (
    browser_of,
    calls_people,
    is_there,
    leaves,
    owner_of,
)
from tests.sla_service.people import BRUNO, CARLA
from tests.sla_service.world import Desk, World, open_desk, says, settings_for, written


async def _answers(desk: Desk, words: str, *, minutes_ago: float = 0) -> None:
    """The agent who holds the conversation said something, and it went out."""
    values = {"words": words, "content": Jsonb({}), "ago": minutes_ago * 60}
    async with desk.database.connection() as connection:
        await rows(connection, _SAY, values)


async def _heard(desk: Desk, words: str, wamid: str) -> None:
    await desk.deliver(written(words, wamid))
    await desk.settle()


async def _with_bruno(desk: Desk) -> Any:
    await _heard(desk, "oi", "wamid.A1")
    await calls_people(desk)
    bruno = await browser_of(desk, BRUNO)
    await bruno.takes()
    return bruno


async def test_the_bot_that_gets_it_back_is_told_what_people_said(desk: Desk, world: World) -> None:
    bruno = await _with_bruno(desk)
    await _heard(desk, "vocês trocam?", "wamid.A2")
    await _answers(desk, "Trocamos sim!")
    await _answers(desk, "Em até 30 dias.")
    answer = await bruno.asks("POST", "conversations/1/bot", {})
    assert (answer.json()["owner"], answer.json()["owner_fence"]) == ("bot", 3)
    await _heard(desk, "obrigada", "wamid.A3")
    await _heard(desk, "tchau", "wamid.A4")
    assert [turn["text"] for turn in world.turns] == ["oi", "obrigada", "tchau"]
    assert [turn["meanwhile"] for turn in world.turns] == [
        None,
        ["Trocamos sim!", "Em até 30 dias."],
        None,
    ]


async def test_what_nobody_answered_is_the_bots_to_answer(desk: Desk, world: World) -> None:
    bruno = await _with_bruno(desk)
    await _answers(desk, "Um momento.")
    await _heard(desk, "cadê meu pedido 48213?", "wamid.A2")
    await bruno.asks("POST", "conversations/1/bot", {})
    await desk.settle()
    assert [turn["text"] for turn in world.turns] == ["oi", "cadê meu pedido 48213?"]
    assert [body["text"]["body"] for body in world.sent] == [
        "eco: oi",
        "eco: cadê meu pedido 48213?",
    ]


async def test_what_called_people_does_not_call_them_again(desk: Desk, world: World) -> None:
    await _heard(desk, "é urgente", "wamid.A1")
    bruno = await browser_of(desk, BRUNO)
    await bruno.takes()
    await bruno.asks("POST", "conversations/1/bot", {})
    await desk.settle()
    assert world.turns == []
    assert (await owner_of(desk))[0] == "bot"


async def test_with_an_instruction_the_bot_begins_at_once(desk: Desk, world: World) -> None:
    bruno = await _with_bruno(desk)
    await _answers(desk, "Vou passar para o assistente.")
    world.bot = lambda turn: says(f"Certo: {turn['text']}", intent="track_order")
    body = {"instruction": "rastrear o pedido 48213"}
    assert (await bruno.asks("POST", "conversations/1/bot", body)).status_code == 200
    await desk.settle()
    told = world.turns[-1]
    assert told["text"] == "rastrear o pedido 48213"
    assert told["meanwhile"] == ["Vou passar para o assistente."]
    assert world.sent[-1]["text"]["body"] == "Certo: rastrear o pedido 48213"
    assert all(one["message_id"].startswith("wamid.") for one in world.courtesies)
    summary = await desk.rows("SELECT summary FROM handoffs WHERE reason = 'given_back'")
    assert summary == [("rastrear o pedido 48213",)]


async def test_an_instruction_may_be_a_button_of_the_bots(desk: Desk, world: World) -> None:
    bruno = await _with_bruno(desk)
    await bruno.asks("POST", "conversations/1/bot", {"instruction": "/track_order"})
    await desk.settle()
    assert world.turns[-1]["payload"] == "/track_order"


async def test_an_instruction_that_the_bot_does_not_understand_comes_back_to_people(
    desk: Desk, world: World
) -> None:
    bruno = await _with_bruno(desk)
    sent = len(world.sent)
    world.bot = lambda _: says("Não entendi", stage="lost", intent="nlu_fallback")
    await bruno.asks("POST", "conversations/1/bot", {"instruction": "faça mágica"})
    await desk.settle()
    assert len(world.sent) == sent  # the contact knows nothing of it
    assert (await owner_of(desk))[0] == "queue"
    assert await desk.rows("SELECT reason, summary FROM handoffs ORDER BY id DESC LIMIT 1") == [
        ("low_confidence", "faça mágica")
    ]


async def test_people_who_take_it_again_end_an_instruction(desk: Desk, world: World) -> None:
    bruno = await _with_bruno(desk)
    await bruno.asks("POST", "conversations/1/bot", {"instruction": "rastrear"})
    await bruno.takes()
    await desk.settle()
    assert len(world.turns) == 1
    assert await desk.rows("SELECT count(*) FROM turns WHERE closed_at IS NULL") == [(0,)]


async def test_giving_back_what_the_bot_has_changes_nothing(desk: Desk) -> None:
    bruno = await _with_bruno(desk)
    first = await bruno.asks("POST", "conversations/1/bot", {})
    second = await bruno.asks("POST", "conversations/1/bot", {"instruction": "rastrear"})
    assert first.json() == second.json()


async def test_only_whoever_holds_it_gives_it_back(desk: Desk) -> None:
    await _with_bruno(desk)
    diego = await browser_of(desk, 3)
    assert (await diego.asks("POST", "conversations/1/bot", {})).status_code == 403
    carla = await browser_of(desk, CARLA)
    assert (await carla.asks("POST", "conversations/1/bot", {})).status_code == 200


async def test_a_ticket_that_was_given_back_and_left_at_that_counts_as_solved(
    desk: Desk,
) -> None:
    bruno = await _with_bruno(desk)
    await bruno.asks("POST", "conversations/1/bot", {})
    await desk.rows("UPDATE tickets SET settles_at = now() - interval '1 s' RETURNING 1")
    await desk.settle()
    assert await desk.rows("SELECT status FROM tickets") == [("resolved",)]


async def test_a_contact_who_waits_for_somebody_who_left_goes_back_to_the_queue(
    desk: Desk, database: Database
) -> None:
    await is_there(database, BRUNO)
    await _with_bruno(desk)
    await _wait(desk, "3 minutes")
    await desk.settle()
    assert (await owner_of(desk))[0] == "agent"
    await leaves(database, BRUNO)
    await is_there(database, CARLA)
    await desk.settle()
    assert (await owner_of(desk))[0] == "queue"
    assert await desk.rows("SELECT reason FROM handoffs ORDER BY id DESC LIMIT 1") == [
        ("agent_gone",)
    ]
    assert await desk.rows("SELECT agent_id FROM offers") == [(CARLA,)]


async def test_what_was_answered_stays_with_who_answered_and_so_does_what_came_just_now(
    desk: Desk, database: Database
) -> None:
    await _with_bruno(desk)
    await leaves(database, BRUNO)
    await desk.settle()
    assert (await owner_of(desk))[0] == "agent"  # the contact has not waited for long
    await _wait(desk, "3 minutes")
    await _answers(desk, "Pronto!", minutes_ago=2)
    await desk.settle()
    assert (await owner_of(desk))[0] == "agent"


async def test_what_the_contact_leaves_at_an_answer_goes_back_to_the_bot(
    desk: Desk, database: Database
) -> None:
    await is_there(database, BRUNO)
    await _with_bruno(desk)
    await _wait(desk, "25 hours")
    await desk.settle()
    assert (await owner_of(desk))[0] == "agent"  # not while the contact waits
    await _answers(desk, "Pronto!", minutes_ago=24 * 60 + 1)
    await desk.settle()
    assert (await owner_of(desk))[0] == "bot"
    assert await desk.rows("SELECT reason FROM handoffs ORDER BY id DESC LIMIT 1") == [("idle",)]


async def test_with_a_time_of_zero_nothing_goes_back_by_itself(
    database: Database, world: World
) -> None:
    settings = settings_for(database.url, world, handoff={"idle_after": 0})
    async with open_desk(database, world, settings) as desk:
        await is_there(database, BRUNO)
        await _with_bruno(desk)
        await _wait(desk, "25 hours")
        await _answers(desk, "Pronto!", minutes_ago=24 * 60 + 1)
        await desk.settle()
        assert (await owner_of(desk))[0] == "agent"


async def test_two_threads_of_one_person_keep_the_people_who_hold_one_of_them(
    desk: Desk,
) -> None:
    by_phone = {"profile": {"name": "Ana"}, "wa_id": "5511987650001"}
    by_id = {"profile": {"name": "Ana"}, "user_id": "BR.1"}
    await desk.deliver(written("oi", "wamid.P1", sender=by_phone), contact=by_phone)
    await desk.deliver(written("oi", "wamid.U1", sender=by_id), contact=by_id)
    await desk.settle()
    await calls_people(desk, 2)
    both = {**by_phone, **by_id}
    await desk.deliver(written("sou eu", "wamid.B1", sender=both), contact=both)
    await desk.settle()
    assert await desk.rows("SELECT id, owner FROM conversations") == [(1, "queue")]
    assert await desk.rows("SELECT conversation_id FROM queue_places") == [(1,)]
    assert await desk.rows("SELECT conversation_id FROM handoffs") == [(1,)]


async def _wait(desk: Desk, how_long: str) -> None:
    """Everything happened so long ago."""
    await desk.rows(
        "UPDATE conversations SET last_inbound_at = last_inbound_at - CAST(:ago AS interval), "
        "held_since = held_since - CAST(:ago AS interval), "
        "last_message_at = last_message_at - CAST(:ago AS interval) RETURNING 1",
        ago=how_long,
    )


_SAY = """
INSERT INTO messages (conversation_id, ticket_id, author, kind, text, content, said_at, state)
SELECT 1, max(id), 'agent', 'text', %(words)s, %(content)s,
       clock_timestamp() - make_interval(secs => %(ago)s), 'sent'
FROM tickets WHERE conversation_id = 1
"""
