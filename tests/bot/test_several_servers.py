"""Several Rasa servers share conversations: a turn counts once, and none is overwritten."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2
import psycopg
import pytest
import pytest_asyncio

from tests.bot.server import ActionServer, Ask, Desk, rasa_server

LOST = {"error": "conversation_changed"}
Held = tuple[asyncio.Event, asyncio.Event]


@pytest_asyncio.fixture
async def other(desk: Desk, model: str) -> AsyncIterator[Desk]:
    """A second server on the same database."""
    assert desk.agent.is_ready()
    async with rasa_server(model) as running:
        yield running


@pytest.fixture
def ask_other(other: Desk) -> Ask:
    async def ask_bot(text: str = "", **body: Any) -> httpx2.Response:
        return await other.client.post("/webhooks/desk/webhook", json={"text": text, **body})

    return ask_bot


@pytest.fixture
def held(action_server: ActionServer) -> Held:
    """The first order looked up is looked up for long: `begun` is set then, `go_on` ends it."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def track(call: dict[str, Any]) -> dict[str, Any]:
        number = call["tracker"]["slots"]["order_number"]
        if not begun.is_set():
            begun.set()
            await go_on.wait()
        return {"events": [], "responses": [{"response": "utter_order", "number": number}]}

    action_server.actions["action_track_order"] = track
    return begun, go_on


async def test_a_conversation_goes_on_at_another_server(
    ask: Ask, ask_other: Ask, action_server: ActionServer
) -> None:
    action_server.actions["action_cancel_order"] = _cancel
    asked = await ask("quero cancelar meu pedido", conversation="moves", message_id="m1")
    assert asked.json()["stage"] == "asked"
    answer = await ask_other("sim", conversation="moves", message_id="m2")
    assert answer.json()["replies"] == [{"text": "Cancelado."}]
    repeated = await ask("sim", conversation="moves", message_id="m2")
    assert repeated.json() == {**answer.json(), "repeated": True}
    assert action_server.runs == ["action_cancel_order"]


@pytest.mark.parametrize("has_history", [True, False])
async def test_of_a_turn_taken_up_again_elsewhere_one_is_kept(
    ask: Ask, ask_other: Ask, held: Held, database_url: str, has_history: bool
) -> None:
    name = f"again-{has_history}"
    if has_history:
        await ask("oi", conversation=name, message_id="m0")
    said = {"text": "cadê meu pedido 48213", "conversation": name, "message_id": "m1"}
    late = asyncio.create_task(_said(ask, said))
    begun, go_on = held
    await begun.wait()
    answer = await ask_other(**said)
    assert answer.status_code == 200
    go_on.set()
    refused = await late
    assert (refused.status_code, refused.json()) == (500, LOST)
    assert (await ask(**said)).json() == {**answer.json(), "repeated": True}
    assert _version(database_url, name) == 1 + has_history


async def test_a_late_turn_overwrites_nothing_that_came_after_it(
    ask: Ask, ask_other: Ask, held: Held, database_url: str
) -> None:
    await ask("oi", conversation="late", message_id="m0", number=1)
    said = {"text": "cadê meu pedido 48213", "conversation": "late", "message_id": "m1"}
    late = asyncio.create_task(_said(ask, {**said, "number": 2}))
    begun, go_on = held
    await begun.wait()
    asked = {"text": "quero cancelar meu pedido", "conversation": "late", "message_id": "m2"}
    answer = await ask_other(**asked, number=3)
    assert answer.json()["stage"] == "asked"
    go_on.set()
    assert (await late).json() == LOST
    # Who asks for it again comes too late, and nothing of it is done.
    outdated = await ask(**said, number=2)
    assert (outdated.status_code, outdated.json()) == (500, {"error": "outdated"})
    assert (await ask(**asked, number=3)).json() == {**answer.json(), "repeated": True}
    assert _version(database_url, "late") == 2


async def test_an_earlier_turn_is_answered_as_long_as_its_answer_is_known(
    ask: Ask, ask_other: Ask, action_server: ActionServer
) -> None:
    for number in range(1, 11):
        said = {"conversation": "earlier", "message_id": f"m{number}", "number": number}
        answer = await (ask, ask_other)[number % 2]("oi", **said)
        assert (answer.status_code, answer.json()["repeated"]) == (200, False)
    known = await ask("oi", conversation="earlier", message_id="m4", number=4)
    assert (known.status_code, known.json()["repeated"]) == (200, True)
    said = {"text": "cadê meu pedido 48213", "conversation": "earlier", "message_id": "m1"}
    forgotten = await ask(**said, number=1)
    assert forgotten.json() == {"error": "outdated"}
    assert action_server.runs == []


async def test_a_late_turn_does_not_bring_back_what_was_erased(
    ask: Ask, held: Held, database_url: str
) -> None:
    await ask("oi", conversation="erased", message_id="m0")
    said = {"text": "cadê meu pedido 48213", "conversation": "erased", "message_id": "m1"}
    late = asyncio.create_task(_said(ask, said))
    begun, go_on = held
    await begun.wait()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("delete from bot.conversations where conversation = 'erased'")
    go_on.set()
    assert (await late).json() == LOST
    assert _version(database_url, "erased") is None


async def _cancel(_: dict[str, Any]) -> dict[str, Any]:
    done = {"event": "slot", "name": "pending", "value": None, "timestamp": None}
    return {"events": [done], "responses": []}


async def _said(
    ask: Callable[..., Awaitable[httpx2.Response]], what: dict[str, Any]
) -> httpx2.Response:
    return await ask(**what)


def _version(database_url: str, conversation: str) -> int | None:
    query = "select version from bot.conversations where conversation = %s"
    with psycopg.connect(database_url) as connection:
        row = connection.execute(query, (conversation,)).fetchone()
    return row[0] if row else None
