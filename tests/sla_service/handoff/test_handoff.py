"""A conversation goes to people: once, with its reason, and nobody answers twice."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from tests.sla_service.world import SERVICE_TOKEN, Desk, World, says, written

_AUTH = {"Authorization": f"Bearer {SERVICE_TOKEN}"}


async def _ask(desk: Desk, path: str, body: Any, key: str, method: str = "POST") -> httpx2.Response:
    headers = {**_AUTH, "Idempotency-Key": key}
    return await desk.http.request(method, f"/api/conversations/{path}", json=body, headers=headers)


async def test_the_turn_that_hands_over_still_says_so(desk: Desk, world: World) -> None:
    asked: list[httpx2.Response] = []
    _with_bot(desk, world, asked)
    await desk.deliver(written("quero falar com uma pessoa", "wamid.A1"))
    await desk.settle()
    answer = asked[0].json()
    assert (answer["ticket"], answer["owner"]) == (1001, "queue")
    assert set(answer["wait"]["text"]) == {"pt", "en"}
    assert [body["text"]["body"] for body in world.sent] == ["Já chamei alguém."]
    assert await desk.rows("SELECT owner, owner_fence FROM conversations") == [("queue", 1)]
    assert await desk.rows("SELECT reason, summary, key FROM handoffs") == [
        ("wish", "Quer uma pessoa", "wamid.A1")
    ]


async def test_asking_again_for_the_same_turn_changes_nothing(desk: Desk, world: World) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    answers = await asyncio.gather(
        *(
            _ask(desk, "1/handoff", {"reason": "urgent", "priority": "urgent"}, "k")
            for _ in range(5)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    assert await desk.rows("SELECT count(*) FROM handoffs") == [(1,)]
    assert await desk.rows("SELECT owner_fence FROM conversations") == [(1,)]
    assert await desk.rows("SELECT priority FROM tickets") == [("urgent",)]


async def test_while_people_hold_it_the_bot_hears_nothing(desk: Desk, world: World) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    await _ask(desk, "1/handoff", {"reason": "wish"}, "k")
    await desk.deliver(written("alguém aí?", "wamid.A2"))
    await desk.settle()
    assert len(world.turns) == 1
    assert await desk.rows("SELECT count(*) FROM messages WHERE is_waiting") == [(0,)]
    assert await desk.rows("SELECT ticket_id FROM messages WHERE wamid = 'wamid.A2'") == [(1,)]


async def test_a_bot_answer_that_comes_after_people_took_over_is_not_sent(
    desk: Desk, world: World
) -> None:
    loop = asyncio.get_running_loop()
    tasks: list[asyncio.Task[Any]] = []

    def takes_over_meanwhile(_: dict[str, Any]) -> httpx2.Response:
        tasks.append(loop.create_task(_ask(desk, "1/handoff", {"reason": "wish"}, "other-key")))
        return says("Tarde demais")

    world.bot = takes_over_meanwhile
    world.before_answer = lambda: asyncio.gather(*tasks)
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    assert world.sent == []
    assert await desk.rows("SELECT state, failure FROM messages WHERE author = 'bot'") == [
        ("refused", {"class": "outdated_owner"})
    ]


async def test_a_ticket_is_named_by_the_bot(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    body = {"subject": "Pedido 48213 atrasado", "priority": "high"}
    answer = await _ask(desk, "1/ticket", body, "k", "PATCH")
    assert answer.json() == {"ticket": 1001}
    assert await desk.rows("SELECT subject, priority FROM tickets") == [
        ("Pedido 48213 atrasado", "high")
    ]


async def test_tries_to_prove_an_order_run_out(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    tries = [(await _ask(desk, "1/order-proofs", {}, f"k{n}")).json() for n in range(6)]
    assert [one["left"] for one in tries] == [4, 3, 2, 1, 0, 0]
    assert [one["allowed"] for one in tries] == [True] * 5 + [False]
    again = (await _ask(desk, "1/order-proofs", {}, "k0")).json()
    assert again == {"allowed": True, "left": 0}
    await desk.rows("UPDATE order_proofs SET at = at - interval '25 hours' RETURNING 1")
    assert (await _ask(desk, "1/order-proofs", {}, "tomorrow")).json()["left"] == 4


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("99/handoff", {"reason": "wish"}, 404, "conversation_not_found"),
        ("1/handoff", {"reason": "because"}, 422, "invalid_request"),
        ("1/handoff", {"reason": "wish", "colour": "red"}, 422, "invalid_request"),
        ("x/handoff", {"reason": "wish"}, 422, "invalid_request"),
        ("99/order-proofs", {}, 404, "conversation_not_found"),
    ],
)
async def test_bad_requests_get_a_clear_answer(
    desk: Desk, path: str, body: Any, status: int, kind: str
) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    answer = await _ask(desk, path, body, "k")
    assert answer.status_code == status
    assert answer.json()["type"] == kind


async def test_nobody_without_the_token_changes_a_conversation(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": SERVICE_TOKEN}):
        for path in ("handoff", "order-proofs"):
            answer = await desk.http.post(
                f"/api/conversations/1/{path}",
                content=json.dumps({"reason": "wish"}),
                headers={**headers, "Idempotency-Key": "k", "Content-Type": "application/json"},
            )
            assert answer.status_code == 401
    assert await desk.rows("SELECT owner FROM conversations") == [("bot",)]


def _with_bot(desk: Desk, world: World, asked: list[httpx2.Response]) -> None:
    """A bot whose action asks the desk for people during the turn."""
    tasks: list[asyncio.Task[None]] = []

    async def act(turn: dict[str, Any]) -> None:
        body = {"reason": "wish", "summary": "Quer uma pessoa"}
        path = f"{turn['conversation']}/handoff"
        asked.append(await _ask(desk, path, body, turn["message_id"]))

    def hear(turn: dict[str, Any]) -> httpx2.Response:
        tasks.append(asyncio.get_running_loop().create_task(act(turn)))
        return says("Já chamei alguém.")

    world.bot = hear
    world.before_answer = lambda: asyncio.gather(*tasks)
