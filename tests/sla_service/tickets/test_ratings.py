"""Contacts are asked how it went: once for each solution, inside the window or by a template."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sla_service.database.sessions import Database
from tests.sla_service.people import BRUNO
from tests.sla_service.tickets.asking import chosen, left_at_that, offered, pressed, said
from tests.sla_service.world import Desk, World, open_desk, settings_for, written


@pytest.fixture
async def asking(database: Database, world: World) -> AsyncIterator[Desk]:
    """A desk that asks at once; Ana has been answered by the bot."""
    settings = settings_for(database.url, world, ratings={"delay": 0, "template": "avaliar"})
    async with open_desk(database, world, settings) as desk:
        await desk.deliver(written("cadê meu pedido?", "wamid.A1"))
        await desk.settle()
        yield desk


async def _ratings(desk: Desk) -> list[Any]:
    return await desk.rows(
        "SELECT ticket_id, resolution, is_bot_only, state, score, comment FROM ratings ORDER BY id"
    )


async def _resolve(desk: Desk, number: int = 1001) -> None:
    http = await desk.sign_in(BRUNO)
    assert (await http.post(f"/api/tickets/{number}/resolution")).status_code == 200


async def test_what_the_bot_solved_is_rated_without_being_reopened(
    asking: Desk, world: World
) -> None:
    await left_at_that(asking)
    assert said(world.sent[-1]).startswith("Como foi o seu atendimento 1001?")
    payloads = offered(world.sent[-1])
    assert len(payloads) == 5
    turns = len(world.turns)
    await asking.deliver(chosen(payloads[0], "wamid.R1"))
    await asking.settle()
    assert await _ratings(asking) == [(1, 1, True, "rated", 5, None)]
    assert said(world.sent[-1]).startswith("Agradecemos a nota!")
    await asking.deliver(written("rápido e fácil", "wamid.R2"))
    await asking.settle()
    assert await _ratings(asking) == [(1, 1, True, "rated", 5, "rápido e fácil")]
    assert said(world.sent[-1]).startswith("Agradecemos o comentário")
    assert len(world.turns) == turns
    assert await asking.rows("SELECT status, resolutions FROM tickets") == [("resolved", 1)]
    assert await asking.rows("SELECT count(*) FROM sla_events WHERE kind = 'contact_message'") == [
        (1,)
    ]
    assert await asking.rows(
        "SELECT ticket_id, text FROM messages WHERE author = 'contact' ORDER BY id"
    ) == [(1, "cadê meu pedido?"), (1, "5 – Ótimo"), (1, "rápido e fácil")]


async def test_what_comes_after_the_comment_is_the_bots_again(asking: Desk, world: World) -> None:
    await left_at_that(asking)
    await asking.deliver(chosen(offered(world.sent[-1])[1], "wamid.R1"))
    await asking.deliver(written("bom", "wamid.R2"))
    await asking.deliver(written("mais uma coisa", "wamid.R3"))
    await asking.settle()
    assert world.turns[-1]["text"] == "mais uma coisa"
    assert await asking.rows("SELECT status FROM tickets") == [("open",)]


async def test_a_question_after_the_score_is_no_comment(asking: Desk, world: World) -> None:
    await left_at_that(asking)
    await asking.deliver(chosen(offered(world.sent[-1])[1], "wamid.R1"))
    await asking.deliver(written("e a nota fiscal, onde acho?", "wamid.R2"))
    await asking.settle()
    assert world.turns[-1]["text"] == "e a nota fiscal, onde acho?"
    assert (await _ratings(asking))[0][5] is None
    await asking.deliver(written("obrigada", "wamid.R3"))  # and that closes it
    await asking.settle()
    assert world.turns[-1]["text"] == "obrigada"


async def test_words_that_call_for_people_are_no_comment(asking: Desk, world: World) -> None:
    await left_at_that(asking)
    await asking.deliver(chosen(offered(world.sent[-1])[4], "wamid.R1"))
    await asking.deliver(written("vou abrir uma reclamação no Procon", "wamid.R2"))
    await asking.settle()
    assert (await _ratings(asking))[0][5] is None
    assert await asking.rows("SELECT owner FROM conversations") == [("queue",)]


async def test_whoever_is_unhappy_is_offered_a_person(asking: Desk, world: World) -> None:
    await left_at_that(asking)
    await asking.deliver(chosen(offered(world.sent[-1])[4], "wamid.R1", "1 – Péssimo"))
    await asking.settle()
    [button] = world.sent[-1]["interactive"]["action"]["buttons"]
    assert button["reply"] == {"id": "/talk_to_human", "title": "Falar com alguém"}


async def test_a_score_may_be_written_and_changed(asking: Desk, world: World) -> None:
    await left_at_that(asking)
    payloads = offered(world.sent[-1])
    await asking.deliver(written("nota 4", "wamid.R1"))
    await asking.settle()
    assert await _ratings(asking) == [(1, 1, True, "rated", 4, None)]
    sent = len(world.sent)
    for wamid in ("wamid.R2", "wamid.R3"):
        await asking.deliver(chosen(payloads[3], wamid))
        await asking.settle()
    assert await _ratings(asking) == [(1, 1, True, "rated", 2, None)]
    assert len(world.sent) == sent + 1


async def test_people_and_the_bot_are_kept_apart_and_each_solution_is_rated_once(
    asking: Desk, world: World
) -> None:
    await asking.rows("UPDATE conversations SET owner = 'queue', owner_fence = 7 RETURNING 1")
    await asking.rows(
        "UPDATE sla_tickets SET state = jsonb_set(state, '{tier}', '\"agent\"') RETURNING 1"
    )
    for _ in range(2):
        await _resolve(asking)
    await asking.settle()
    asked = [body for body in world.sent if body["type"] == "interactive"]
    assert len(asked) == 1
    assert await asking.rows("SELECT agent_id, is_bot_only, state FROM ratings") == [
        (BRUNO, False, "asked")
    ]
    await asking.deliver(written("ainda não chegou", "wamid.A2"))
    await asking.settle()
    await left_at_that(asking)
    assert [one[:4] for one in await _ratings(asking)] == [
        (1, 1, False, "asked"),
        (1, 2, True, "passed_over"),  # by the bot alone, and she was asked lately
    ]
    await asking.deliver(chosen(offered(asked[0])[0], "wamid.R1"))
    await asking.settle()
    assert [one[4] for one in await _ratings(asking)] == [5, None]
    assert said(world.sent[-1]).startswith("Agradecemos a nota! Se precisar")


async def test_two_workers_ask_once(asking: Desk, world: World) -> None:
    await _resolve(asking)
    await asyncio.gather(*(asking.worker.upkeep.once() for _ in range(4)))
    await asking.settle()
    assert len([body for body in world.sent if body["type"] == "interactive"]) == 1


async def test_who_writes_again_is_not_asked(asking: Desk, world: World) -> None:
    await _resolve(asking)
    await asking.deliver(written("só mais uma coisa", "wamid.A2"))
    await asking.settle()
    assert [one[3] for one in await _ratings(asking)] == ["passed_over"]
    assert {body["type"] for body in world.sent} == {"text"}


async def test_after_the_window_a_template_asks(asking: Desk, world: World) -> None:
    await asking.rows(
        "UPDATE conversations SET last_inbound_at = now() - interval '25 hours' RETURNING 1"
    )
    await _resolve(asking)
    await asking.settle()
    template = world.sent[-1]["template"]
    assert (template["name"], template["language"]) == ("avaliar", {"code": "pt_BR"})
    assert [one["sub_type"] for one in template["components"]] == ["quick_reply"] * 5
    await asking.deliver(pressed(offered(world.sent[-1])[2], "wamid.R1"))
    await asking.settle()
    assert [one[4] for one in await _ratings(asking)] == [3]


@pytest.mark.parametrize(
    ("how", "asked"),
    [({"ask": "nobody"}, 0), ({"ask": "people"}, 0), ({"ask": "all"}, 1), ({"delay": 3600}, 0)],
)
async def test_the_shop_says_after_what_contacts_are_asked(
    database: Database, world: World, how: dict[str, Any], asked: int
) -> None:
    settings = settings_for(database.url, world, ratings={"delay": 0, **how})
    async with open_desk(database, world, settings) as desk:
        await desk.deliver(written("oi", "wamid.A1"))
        await desk.settle()
        await left_at_that(desk)
        assert len([body for body in world.sent if body["type"] == "interactive"]) == asked


async def test_without_a_template_nobody_is_asked_after_the_window(
    database: Database, world: World
) -> None:
    settings = settings_for(database.url, world, ratings={"delay": 0})
    async with open_desk(database, world, settings) as desk:
        await desk.deliver(written("oi", "wamid.A1"))
        await desk.settle()
        await desk.rows(
            "UPDATE conversations SET last_inbound_at = now() - interval '25 hours' RETURNING 1"
        )
        await left_at_that(desk)
        assert [one[3] for one in await _ratings(desk)] == ["passed_over"]


async def test_a_score_for_somebody_elses_ticket_is_nobodys(asking: Desk, world: World) -> None:
    bia = {"profile": {"name": "Bia"}, "wa_id": "5511987650002", "user_id": "BR.2"}
    await asking.deliver(written("oi", "wamid.B1", sender=bia), contact=bia)
    await asking.settle()
    await left_at_that(asking)
    await asking.deliver(
        chosen('/rate{"score":1,"ticket":1002,"resolution":1}', "wamid.R1"),
        chosen("/rate{rubbish", "wamid.R2"),
    )
    await asking.settle()
    assert [one[4] for one in await _ratings(asking)] == [None, None]
    assert world.turns[-1]["text"] != "5 – Ótimo"


async def test_nobody_is_thanked_by_the_desk_while_a_person_talks_with_them(
    asking: Desk, world: World
) -> None:
    await left_at_that(asking)
    payloads = offered(world.sent[-1])
    await asking.rows("UPDATE conversations SET owner = 'queue', owner_fence = 9 RETURNING 1")
    sent = len(world.sent)
    await asking.deliver(chosen(payloads[0], "wamid.R1"))
    await asking.settle()
    assert [one[4] for one in await _ratings(asking)] == [5]
    assert len(world.sent) == sent


async def test_a_template_that_whatsapp_paused_asks_nobody(asking: Desk, world: World) -> None:
    await asking.rows(
        "INSERT INTO whatsapp_templates (account_id, name, language, status) "
        "VALUES ('900800700600', 'avaliar', 'pt_BR', 'PAUSED') RETURNING name"
    )
    await asking.rows(
        "UPDATE conversations SET last_inbound_at = now() - interval '25 hours' RETURNING id"
    )
    world.sent.clear()
    await left_at_that(asking)
    assert world.sent == []
    assert [row.state for row in await _ratings(asking)] == ["passed_over"]
