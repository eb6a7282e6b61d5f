"""The desk asks, the bot answers: once, completely, or with a clear refusal."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.exceptions import RasaException

from bot.channel import DeskChannel
from tests.bot.server import ActionServer, Ask, Desk, rasa_server


async def _say_where_it_is(call: dict[str, Any]) -> dict[str, Any]:
    slots = call["tracker"]["slots"]
    return {
        "events": [],
        "responses": [{"response": "utter_order", "number": slots["order_number"]}],
    }


async def _cancel(_: dict[str, Any]) -> dict[str, Any]:
    done = {"event": "slot", "name": "pending", "value": None, "timestamp": None}
    return {"events": [done], "responses": []}


async def test_a_turn_returns_all_replies(ask: Ask) -> None:
    answer = await ask("bom dia", message_id="m1", conversation="replies")
    assert answer.status_code == 200
    body = answer.json()
    # A blank line stays inside the reply: Rasa's own channels would make two messages of it.
    assert body["replies"] == [{"text": "Oi! Em que posso ajudar?\n\nÉ só escrever."}]
    assert body["message_id"] == "m1"
    assert (body["language"], body["language_explicit"], body["repeated"]) == ("pt", False, False)
    assert body["intent"]["name"] == "greet"
    assert body["intent"]["confidence"] > 0.5


async def test_buttons_come_with_their_text(ask: Ask) -> None:
    answer = await ask("i want to cancel my order", conversation="buttons")
    (reply,) = answer.json()["replies"]
    assert reply["text"] == "Do you really want to cancel?"
    assert [button["title"] for button in reply["buttons"]] == ["Yes", "No"]
    intents = [button["payload"].split("{")[0] for button in reply["buttons"]]
    assert intents == ["/affirm", "/deny"]


@pytest.mark.parametrize("is_late", [False, True])
async def test_the_actions_hear_whether_a_button_stood_under_another_question(
    ask: Ask, action_server: ActionServer, is_late: bool
) -> None:
    action_server.actions["action_cancel_order"] = _cancel
    asked = await ask("i want to cancel my order", conversation=f"late{is_late}")
    yes = asked.json()["replies"][0]["buttons"][0]["payload"]
    pressed = '/affirm{"question": "another"}' if is_late else yes
    await ask("Yes", payload=pressed, conversation=f"late{is_late}", language="en")
    heard = action_server.trackers[-1]["latest_message"]
    assert heard["text"] == "/affirm"
    assert bool(heard.get("late_button")) is is_late


async def test_an_action_speaks_through_a_response(ask: Ask, action_server: ActionServer) -> None:
    action_server.actions["action_track_order"] = _say_where_it_is
    contact = {"name": "Ana", "phone": "5511987650001"}
    body = (await ask("where is my order 48213?", conversation="track", contact=contact)).json()
    assert body["replies"] == [{"text": "Order 48213 is on its way."}]
    assert body["entities"][0]["value"] == "48213"
    heard = action_server.trackers[0]
    assert heard["latest_message"]["metadata"]["contact"] == contact
    assert heard["slots"]["language"] == "en"


async def test_a_button_takes_the_place_of_the_text(ask: Ask, action_server: ActionServer) -> None:
    action_server.actions["action_cancel_order"] = _cancel
    await ask("quero cancelar meu pedido", conversation="button")
    body = (await ask("Sim", payload="/affirm", conversation="button", language="pt")).json()
    assert body["intent"]["name"] == "affirm"
    assert body["replies"] == [{"text": "Cancelado."}]


@pytest.mark.parametrize(
    ("payload", "intent"),
    [
        ('/cancel_order{"gone_entity": "48213"}', "cancel_order"),
        ("/gone_intent", "greet"),
        ('/track_order{"order_number": 48213', "greet"),
    ],
    ids=["entity", "intent", "broken"],
)
async def test_an_old_button_is_understood_as_far_as_it_can_be(
    ask: Ask, payload: str, intent: str
) -> None:
    body = (await ask("bom dia", payload=payload, conversation=f"old{len(payload)}")).json()
    assert body["intent"]["name"] == intent


async def test_typed_text_never_acts_as_a_button(ask: Ask, action_server: ActionServer) -> None:
    action_server.actions["action_cancel_order"] = _cancel
    await ask("quero cancelar meu pedido", conversation="typed")
    body = (await ask("  /send_media", conversation="typed")).json()
    assert body["intent"]["name"] != "send_media"
    assert (await ask("/", conversation="typed")).status_code == 200


async def test_a_turn_of_media_alone_is_an_intent_of_its_own(ask: Ask) -> None:
    picture = {"kind": "image", "id": "1", "mime_type": "image/jpeg"}
    body = (await ask("", media=[picture], conversation="media", language="en")).json()
    assert body["intent"]["name"] == "send_media"
    assert body["replies"] == [{"text": "Got it."}]


async def test_invisible_characters_do_no_harm(ask: Ask) -> None:
    text = "bo\u200bm\u0000 dia\ud83d\ufeff".encode("utf-8", "surrogatepass").decode(
        "utf-8", "ignore"
    )
    body = (await ask(text, conversation="invisible")).json()
    assert body["intent"]["name"] == "greet"


async def test_a_repeated_message_is_answered_without_running_anything_twice(
    ask: Ask, action_server: ActionServer
) -> None:
    action_server.actions["action_track_order"] = _say_where_it_is
    said = {"text": "cadê meu pedido 48213", "message_id": "again", "conversation": "again"}
    first = (await ask(**said)).json()
    await ask("oi", conversation="again")
    second = (await ask(**said)).json()
    assert second == {**first, "repeated": True}
    assert action_server.runs == ["action_track_order"]


async def test_concurrent_repeats_run_once(ask: Ask, action_server: ActionServer) -> None:
    action_server.actions["action_track_order"] = _say_where_it_is
    said = {"text": "cadê meu pedido 48213", "message_id": "both", "conversation": "both"}
    answers = [answer.json() for answer in await asyncio.gather(ask(**said), ask(**said))]
    assert sorted(answer.pop("repeated") for answer in answers) == [False, True]
    assert answers[0] == answers[1]
    assert action_server.runs == ["action_track_order"]


async def test_a_shopper_of_whom_nothing_is_known_is_answered_in_the_default_language(
    ask: Ask,
) -> None:
    body = (await ask("", media=[{"kind": "image"}], conversation="unknown")).json()
    assert (body["language"], body["replies"]) == ("pt", [{"text": "Recebi."}])


async def test_the_language_stays_until_a_message_says_otherwise(ask: Ask) -> None:
    async def language_after(text: str) -> tuple[str, bool]:
        body = (await ask(text, conversation="sticky")).json()
        return body["language"], body["language_explicit"]

    assert await language_after("hello, i need some help") == ("en", False)
    assert await language_after("38 qwrt") == ("en", False)
    assert await language_after("oi, preciso de ajuda") == ("pt", False)
    assert await language_after("hello, in english please") == ("en", True)


async def test_a_wrong_token_hears_nothing(desk: Desk) -> None:
    for header in ("Bearer wrong", "a-token-of-the-tests", "", b"Bearer \xff\xe7"):
        answer = await desk.client.post(
            "/webhooks/desk/webhook", json={}, headers={"Authorization": header}
        )
        assert answer.status_code == 401
        assert answer.json() == {"error": "wrong_token"}
        asked = await desk.client.get("/webhooks/desk/model", headers={"Authorization": header})
        assert asked.status_code == 401


async def test_the_desk_may_know_which_model_speaks(desk: Desk) -> None:
    told = await desk.client.get("/webhooks/desk/model")
    assert told.json() == {"model": "shop.tar.gz"}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"conversation": 42}, ["conversation"]),
        ({"message_id": ""}, ["message_id"]),
        ({"language": "de"}, ["language"]),
        ({"payload": "affirm"}, ["payload"]),
        ({"contact": {"phone": 5511}}, ["contact.phone"]),
        ({"media": [{"id": "1"}]}, ["media.0.kind"]),
        ({"text": ""}, ["text"]),
    ],
)
async def test_a_malformed_turn_says_which_field(
    ask: Ask, body: dict[str, Any], fields: list[str]
) -> None:
    answer = await ask(**{"text": "oi", **body})
    assert answer.status_code == 422
    assert answer.json() == {"error": "malformed", "fields": fields}


@pytest.mark.parametrize("content", [b"{oi", b"[]", b'"oi"', b"", b"\xff"])
async def test_a_body_that_is_no_object_is_malformed(desk: Desk, content: bytes) -> None:
    answer = await desk.client.post("/webhooks/desk/webhook", content=content)
    assert (answer.status_code, answer.json()["fields"]) == (422, ["body"])


async def test_without_a_model_the_bot_says_so(tmp_path: Path) -> None:
    async with rasa_server(str(tmp_path)) as running:
        answer = await running.client.post(
            "/webhooks/desk/webhook",
            json={"conversation": "1", "message_id": "1", "text": "oi"},
        )
    assert (answer.status_code, answer.json()) == (503, {"error": "no_model"})


async def test_without_a_database_conversations_are_kept_in_memory(
    model: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("DESK_DATABASE_URL", raising=False)
    body = {"conversation": "1", "message_id": "1", "text": "oi"}
    caplog.set_level(logging.WARNING)
    async with rasa_server(model) as running:
        first = await running.client.post("/webhooks/desk/webhook", json=body)
        second = await running.client.post("/webhooks/desk/webhook", json=body)
    assert second.json() == {**first.json(), "repeated": True}
    assert caplog.text.count("DESK_DATABASE_URL is not set") == 1


def test_the_channel_does_not_open_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_BOT__TOKEN", raising=False)
    with pytest.raises(RasaException, match="DESK_BOT__TOKEN"):
        DeskChannel.from_credentials({"token_from": "DESK_BOT__TOKEN"})


async def test_after_people_had_it_the_bot_asks_nothing_old_and_knows_what_they_said(
    ask: Ask, desk: Desk
) -> None:
    asked = (await ask("quero cancelar meu pedido", conversation="back")).json()
    assert asked["stage"] == "asked"
    said = ["Já cancelei para você.", "Mais alguma coisa?"]
    body = (await ask("bom dia", conversation="back", meanwhile=said)).json()
    assert body["stage"] == "answered"  # else the question whether to cancel would still be open
    tracker = await desk.agent.tracker_store.retrieve("back")
    assert tracker is not None
    assert tracker.get_slot("pending") is None
    texts = [event.text for event in tracker.events if event.metadata.get("author") == "agent"]
    assert texts == said


async def test_a_turn_that_is_repeated_after_people_had_it_tells_the_bot_once(
    ask: Ask, desk: Desk
) -> None:
    await ask("bom dia", conversation="once")
    again = {"conversation": "once", "message_id": "same", "meanwhile": ["Oi, aqui é o Bruno."]}
    first = (await ask("bom dia", **again)).json()
    assert (await ask("bom dia", **again)).json() == {**first, "repeated": True}
    tracker = await desk.agent.tracker_store.retrieve("once")
    assert tracker is not None
    texts = [event.text for event in tracker.events if event.metadata.get("author") == "agent"]
    assert texts == ["Oi, aqui é o Bruno."]


@pytest.mark.parametrize("has_written_before", [True, False])
async def test_the_order_that_a_shopper_was_told_about_is_the_one_they_mean(
    ask: Ask, desk: Desk, *, has_written_before: bool
) -> None:
    conversation = f"told {has_written_before}"
    if has_written_before:
        await ask("bom dia", conversation=conversation)
    await ask("bom dia", conversation=conversation, about_order="48213")
    tracker = await desk.agent.tracker_store.retrieve(conversation)
    assert tracker is not None
    assert tracker.get_slot("order_number") == "48213"


async def test_news_of_an_order_changes_nothing_about_an_open_question(
    ask: Ask, desk: Desk
) -> None:
    asked = (await ask("quero cancelar meu pedido", conversation="open")).json()
    assert asked["stage"] == "asked"
    before = await desk.agent.tracker_store.retrieve("open")
    await ask("bom dia", conversation="open", about_order="48213")
    after = await desk.agent.tracker_store.retrieve("open")
    assert before is not None
    assert after is not None
    assert after.get_slot("order_number") == before.get_slot("order_number")
