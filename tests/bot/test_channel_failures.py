"""A turn that can't be answered is refused with its reason, and leaves nothing behind."""

import asyncio
import logging
from typing import Any

import pytest

from tests.bot.server import ActionServer, Ask, Desk, rasa_server


async def _cancel(_: dict[str, Any]) -> dict[str, Any]:
    done = {"event": "slot", "name": "pending", "value": None, "timestamp": None}
    return {"events": [done], "responses": []}


async def _break(_: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError("the order of Ana is lost")


async def test_a_failing_action_fails_the_turn_and_leaves_nothing_of_it(
    ask: Ask, action_server: ActionServer, caplog: pytest.LogCaptureFixture
) -> None:
    action_server.actions["action_cancel_order"] = _break
    await ask("quero cancelar meu pedido", conversation="broken")
    caplog.clear()
    said = {"text": "sim", "message_id": "broken", "conversation": "broken"}
    answer = await ask(**said)
    assert answer.status_code == 500
    assert answer.json() == {"error": "action_failed", "detail": "action_cancel_order"}
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    assert all("Ana" not in record.getMessage() for record in ours)
    assert all(record.levelno <= logging.DEBUG for record in ours if record.exc_info)

    action_server.actions["action_cancel_order"] = _cancel
    answer = await ask(**said)
    assert answer.status_code == 200
    assert answer.json()["replies"] == [{"text": "Cancelado."}]
    assert answer.json()["repeated"] is False


async def test_an_unreachable_action_server_fails_the_turn(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONS_URL", "http://127.0.0.1:9/webhook")
    answer = await ask("cadê meu pedido 48213", conversation="unreachable")
    assert answer.status_code == 500
    assert answer.json() == {"error": "action_failed", "detail": "action_track_order"}


async def test_an_action_that_takes_too_long_fails_the_turn(
    ask: Ask, desk: Desk, action_server: ActionServer
) -> None:
    desk.agent.action_endpoint.kwargs["patience_in_seconds"] = 0.05
    never = asyncio.Event()

    async def wait(_: dict[str, Any]) -> dict[str, Any]:
        await never.wait()
        return {"events": [], "responses": []}

    action_server.actions["action_track_order"] = wait
    answer = await ask("cadê meu pedido 48213", conversation="slow")
    never.set()
    assert answer.json() == {"error": "action_failed", "detail": "action_track_order"}


async def test_an_action_can_fail_its_turn_on_purpose(
    ask: Ask, action_server: ActionServer
) -> None:
    async def give_up(_: dict[str, Any]) -> dict[str, Any]:
        return {"events": [], "responses": [{"custom": {"turn_failed": "desk_unreachable"}}]}

    action_server.actions["action_give_up"] = give_up
    answer = await ask("não", conversation="gives-up")
    assert answer.status_code == 500
    assert answer.json() == {"error": "desk_unreachable"}


async def test_an_action_that_fills_a_slot_fails_its_turn_too(
    ask: Ask, action_server: ActionServer
) -> None:
    async def read_size(call: dict[str, Any]) -> dict[str, Any]:
        size = call["tracker"]["latest_message"]["text"]
        event = {"event": "slot", "name": "size", "value": size, "timestamp": None}
        return {"events": [event], "responses": []}

    body = (await ask(payload="/return_item", conversation="form", language="pt")).json()
    assert body["replies"] == [{"text": "Que tamanho?"}]
    said = {"text": "38", "conversation": "form", "message_id": "38", "language": "pt"}
    action_server.actions["action_read_size"] = _break
    failed = await ask(**said)
    assert failed.status_code == 500
    assert failed.json() == {"error": "action_failed", "detail": "action_read_size"}
    action_server.actions["action_read_size"] = read_size
    assert (await ask(**said)).json()["replies"] == [{"text": "Troca do 38 anotada."}]


async def test_actions_that_never_end_fail_the_turn(ask: Ask, action_server: ActionServer) -> None:
    async def again(_: dict[str, Any]) -> dict[str, Any]:
        event = {"event": "followup", "name": "action_give_up", "timestamp": None}
        return {"events": [event], "responses": []}

    action_server.actions["action_give_up"] = again
    answer = await ask("não", conversation="never-ends")
    assert (answer.status_code, answer.json()) == (500, {"error": "too_many_actions"})


async def test_a_response_missing_in_the_turns_language_fails_the_turn(ask: Ask) -> None:
    answer = await ask(payload="/show_gap", conversation="gap", language="en")
    assert answer.status_code == 500
    assert answer.json() == {"error": "response_missing", "detail": "utter_gap"}


async def test_a_response_without_a_value_fails_the_turn(
    ask: Ask, action_server: ActionServer
) -> None:
    async def forget_the_number(_: dict[str, Any]) -> dict[str, Any]:
        return {"events": [], "responses": [{"response": "utter_order", "number": None}]}

    action_server.actions["action_track_order"] = forget_the_number
    answer = await ask("cadê meu pedido", conversation="no-value")
    assert answer.json() == {"error": "response_missing", "detail": "utter_order"}


async def test_a_lost_database_fails_the_turn_loudly(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_DATABASE_URL", "postgresql://127.0.0.1:9/nowhere")
    async with rasa_server(model) as running:
        answer = await running.client.post(
            "/webhooks/desk/webhook",
            json={"conversation": "1", "message_id": "1", "text": "oi"},
        )
    assert (answer.status_code, answer.json()) == (500, {"error": "tracker_store"})
