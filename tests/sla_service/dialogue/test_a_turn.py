"""From a webhook to the answer: what a shopper writes is heard in order and answered once."""

import time
from typing import Any

import httpx2

from sla_service.database.sessions import Database
from tests.sla_service.whatsapp import samples
from tests.sla_service.world import ANA, Desk, World, open_desk, says, settings_for, written

_NOW = int(time.time())


async def test_a_message_is_stored_heard_and_answered(desk: Desk, world: World) -> None:
    assert (await desk.deliver(written("oi", "wamid.A1"))).status_code == 200
    await desk.settle()
    assert [body["text"]["body"] for body in world.sent] == ["eco: oi"]
    assert world.sent[0]["to"] == "+5511987650001"
    assert world.turns[0]["message_id"] == "wamid.A1"
    assert world.turns[0]["contact"] == {"name": "Ana Souza", "phone": "5511987650001"}
    assert world.courtesies[0]["message_id"] == "wamid.A1"


async def test_a_redelivered_webhook_changes_nothing(desk: Desk, world: World) -> None:
    for _ in range(3):
        assert (await desk.deliver(written("oi", "wamid.A1", at=_NOW))).status_code == 200
        await desk.settle()
    assert len(world.turns) == len(world.sent) == 1
    assert await desk.rows("SELECT count(*) FROM tickets") == [(1,)]


async def test_a_burst_is_one_turn_in_the_order_it_was_written(desk: Desk, world: World) -> None:
    await desk.deliver(
        written("48213", "wamid.A3", at=_NOW + 2),
        written("oi", "wamid.A1", at=_NOW),
        written("cadê meu pedido?", "wamid.A2", at=_NOW + 1),
    )
    await desk.settle()
    (turn,) = world.turns
    assert turn["text"] == "oi\ncadê meu pedido?\n48213"
    assert turn["message_id"] == "wamid.A3"
    assert len(world.sent) == 1


async def test_a_burst_waits_until_the_contact_is_quiet(database: Database, world: World) -> None:
    settings = settings_for(database.url, world, lanes={"quiet": 30, "quiet_at_most": 60})
    async with open_desk(database, world, settings) as desk:
        await desk.deliver(written("oi", "wamid.A1"))
        await desk.settle()
        assert world.turns == []
        (row,) = await desk.rows("SELECT due_at > now() + interval '20 s' FROM conversations")
        assert row[0]


async def test_a_pressed_button_is_a_turn_of_its_own(desk: Desk, world: World) -> None:
    button = {
        **written("", "wamid.A2", at=_NOW + 1),
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": "/affirm", "title": "Sim"}},
    }
    await desk.deliver(written("oi", "wamid.A1", at=_NOW), button)
    await desk.settle()
    assert [(turn["text"], turn["payload"]) for turn in world.turns] == [
        ("oi", None),
        ("Sim", "/affirm"),
    ]


async def test_a_photo_reaches_the_bot_as_media(desk: Desk, world: World) -> None:
    photo = {**written("", "wamid.P1"), "type": "image", "image": samples.media()}
    await desk.deliver(photo)
    await desk.settle()
    (turn,) = world.turns
    assert turn["text"] == ""
    assert turn["media"][0]["kind"] == "image"
    assert turn["media"][0]["id"] == "3300112233"


async def test_every_type_in_one_delivery_is_taken_and_parks_nothing(
    desk: Desk, world: World
) -> None:
    await desk.deliver(*samples.EVERY_TYPE, contact=samples.CONTACT)
    await desk.settle()
    states = await desk.rows("SELECT state, count(*) FROM whatsapp_updates GROUP BY state")
    assert states == [("processed", len(samples.EVERY_TYPE))]
    assert await desk.rows("SELECT count(*) FROM tickets") == [(1,)]


async def test_a_reaction_an_edit_and_a_deletion_open_no_ticket(desk: Desk, world: World) -> None:
    await desk.deliver(written("tênis 39", "wamid.A1"))
    await desk.settle()
    await desk.rows("UPDATE tickets SET status = 'resolved' RETURNING id")
    reaction = {"reaction": {"message_id": "wamid.A1", "emoji": "👍"}, "type": "reaction"}
    edited = {"original_message_id": "wamid.A1", "message": {"type": "text"}}
    edited["message"]["text"] = {"body": "tênis 38"}  # type: ignore[index]
    for number, raw in enumerate(
        [
            reaction,
            {"type": "edit", "edit": edited},
            {"type": "revoke", "revoke": {"original_message_id": "wamid.A1"}},
        ]
    ):
        await desk.deliver({**written("", f"wamid.R{number}"), **raw})
    await desk.settle()
    assert len(world.turns) == 1
    assert await desk.rows("SELECT status FROM tickets") == [("resolved",)]
    ((content, revoked_at),) = await desk.rows(
        "SELECT content, revoked_at FROM messages WHERE wamid = 'wamid.A1'"
    )
    assert content["reaction"] == "👍"
    assert content["edited"] == "tênis 38"
    assert revoked_at is not None


def _edited(target: str, words: str, wamid: str) -> dict[str, Any]:
    message = {"type": "text", "text": {"body": words}}
    edit = {"original_message_id": target, "message": message}
    return {**written("", wamid), "type": "edit", "edit": edit}


async def test_what_is_edited_before_the_bot_heard_it_is_heard_as_it_reads_now(
    desk: Desk, world: World
) -> None:
    await desk.deliver(written("tem o brisa no 39?", "wamid.A1"))
    await desk.deliver(_edited("wamid.A1", "tem o brisa no 38?", "wamid.A2"))
    await desk.settle()
    assert [turn["text"] for turn in world.turns] == ["tem o brisa no 38?"]
    await desk.deliver(_edited("wamid.A1", "tem o brisa no 40?", "wamid.A3"))
    await desk.settle()
    assert len(world.turns) == 1
    ((text, content),) = await desk.rows(
        "SELECT text, content FROM messages WHERE wamid = 'wamid.A1'"
    )
    assert (text, content["edited"]) == ("tem o brisa no 39?", "tem o brisa no 40?")
    assert content["heard_as"] == "tem o brisa no 38?"


async def test_an_edit_that_the_channel_does_not_show_is_told_to_the_bot_as_one(
    desk: Desk, world: World
) -> None:
    unseen = {"type": "unsupported", "unsupported": {"type": "edit"}}
    await desk.deliver({**written("", "wamid.A1"), **unseen})
    await desk.settle()
    assert [one["kind"] for one in world.turns[0]["media"]] == ["edit"]


async def test_a_group_is_kept_and_not_answered(desk: Desk, world: World) -> None:
    await desk.deliver({**written("oi, gente", "wamid.G1"), "group_id": "G1"})
    await desk.settle()
    assert world.turns == []
    assert await desk.rows("SELECT state FROM whatsapp_updates") == [("processed",)]


async def test_a_bot_that_fails_is_asked_again_with_the_same_turn(desk: Desk, world: World) -> None:
    world.bot = lambda _: httpx2.Response(503)
    await desk.deliver(written("oi", "wamid.A1", at=_NOW))
    await desk.settle()
    await desk.deliver(written("alô?", "wamid.A2", at=_NOW + 1))
    await desk.settle()
    world.bot = None
    await _let_back_off_pass(desk)
    await desk.settle()
    keys = [turn["message_id"] for turn in world.turns]
    assert set(keys[:-1]) == {"wamid.A1"}
    assert keys[-1] == "wamid.A2"
    assert [body["text"]["body"] for body in world.sent] == ["eco: oi", "eco: alô?"]


async def test_back_off_of_one_conversation_holds_up_no_other(desk: Desk, world: World) -> None:
    world.bot = lambda turn: httpx2.Response(500) if turn["text"] == "quebra" else says("pronto")
    await desk.deliver(written("quebra", "wamid.A1"))
    other = {"profile": {"name": "Bia"}, "wa_id": "5511900000001", "user_id": "BR.2"}
    await desk.deliver(written("oi", "wamid.B1", sender=other), contact=other)
    await desk.settle()
    assert [body["to"] for body in world.sent] == ["+5511900000001"]


async def test_a_bot_that_stays_away_hands_over_and_the_contact_is_told_once(
    desk: Desk, world: World
) -> None:
    world.bot = lambda _: httpx2.Response(503)
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    await desk.rows("UPDATE turns SET started_at = now() - interval '1 hour' RETURNING id")
    await _let_back_off_pass(desk)
    await desk.settle()
    assert await desk.rows("SELECT owner FROM conversations") == [("queue",)]
    assert await desk.rows("SELECT reason FROM handoffs") == [("bot_down",)]
    (told,) = world.sent
    assert "1001" in told["text"]["body"]


async def test_answers_in_a_language_are_remembered_for_the_next_turn(
    desk: Desk, world: World
) -> None:
    world.bot = lambda _: says("hi!", language="en")
    await desk.deliver(written("hello", "wamid.A1", at=_NOW))
    await desk.settle()
    await desk.deliver(written("ok", "wamid.A2", at=_NOW + 1))
    await desk.settle()
    assert [turn["language"] for turn in world.turns] == [None, "en"]


async def test_a_poison_update_is_parked_and_stops_nobody(desk: Desk, world: World) -> None:
    broken: dict[str, Any] = {**written("oi", "wamid.X1"), "timestamp": "never"}
    other = {"profile": {"name": "Bia"}, "wa_id": "5511900000001", "user_id": "BR.2"}
    await desk.deliver(broken)
    await desk.deliver(written("oi", "wamid.B1", sender=other), contact=other)
    for _ in range(desk.settings.lanes.attempts + 1):
        await desk.settle()
        await desk.rows("UPDATE whatsapp_updates SET due_at = now() RETURNING 1")
    assert [body["to"] for body in world.sent] == ["+5511900000001"]
    ((state, error),) = await desk.rows(
        "SELECT state, error FROM whatsapp_updates WHERE key = 'm:wamid.X1'"
    )
    assert state == "parked"
    assert error == "UnreadableUpdate: no readable timestamp"
    await desk.deliver(written("de novo", "wamid.A2", sender=ANA))
    await desk.settle()
    assert world.turns[-1]["text"] == "de novo"


async def _let_back_off_pass(desk: Desk) -> None:
    await desk.rows("UPDATE turns SET due_at = now() - interval '1 s' RETURNING id")
    await desk.rows("UPDATE conversations SET due_at = now() - interval '1 s' RETURNING id")
