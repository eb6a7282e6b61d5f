"""The REST adapter before a shop that answers well, badly, late or not at all."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from order_system.protocol import OrderSystem, OrderSystemRefused, OrderSystemUnavailable
from order_system.rest import Patience, RestOrderSystem

JSON = dict[str, Any]
Ask = Callable[..., tuple[Any, Any]]
WITHOUT_PATIENCE = Patience(total=0.05, first_pause=0.001)


async def test_an_order_is_found_by_its_number(ask: Ask, order_json: JSON) -> None:
    system, shop = ask(order_json)
    typed: OrderSystem = system
    order = await typed.by_number(" #48213 ")
    assert order is not None
    assert order.display_number == "48213"
    assert str(shop.questions[0].url) == "https://shop.example/api/orders/48213"
    assert shop.questions[0].headers["Authorization"] == "Bearer secret"
    await typed.aclose()


async def test_a_number_nobody_has_is_none(ask: Ask) -> None:
    system, _ = ask(404)
    assert await system.by_number("48999") is None


@pytest.mark.parametrize("number", ["", "..", "../admin", "48213/x", "4 8", "?", "ação", "9" * 41])
async def test_what_cannot_be_a_number_is_never_asked(ask: Ask, number: str) -> None:
    system, shop = ask(500)
    assert await system.by_number(number) is None
    assert shop.questions == []


async def test_another_order_than_the_one_asked_for_is_refused(ask: Ask, order_json: JSON) -> None:
    system, _ = ask(order_json)
    with pytest.raises(OrderSystemRefused, match="display_number"):
        await system.by_number("48214")


async def test_orders_of_a_phone_come_newest_first(ask: Ask, order_json: JSON) -> None:
    older = order_json | {"display_number": "48102", "placed_at": "2026-10-19T12:00:00Z"}
    newer = order_json | {"display_number": "48391", "placed_at": "2026-11-24T12:00:00Z"}
    system, shop = ask({"orders": [order_json, newer, older]})
    orders = await system.by_phone("551187650001", limit=2)
    assert [order.display_number for order in orders] == ["48391", "48213"]
    assert dict(shop.questions[0].url.params) == {"phone": "5511987650001", "limit": "2"}


async def test_an_order_of_somebody_else_is_dropped(ask: Ask, order_json: JSON) -> None:
    other = order_json | {"contact": {"phone": "+5511987650002"}}
    nobody = order_json | {"contact": {"email": "ana@example.com"}}
    system, _ = ask({"orders": [other, nobody]})
    assert await system.by_phone("5511987650001") == []


async def test_what_is_no_phone_is_never_asked(ask: Ask) -> None:
    system, shop = ask(500)
    assert await system.by_phone("priya.n") == []
    assert await system.by_phone("5511987650001", limit=0) == []
    assert shop.questions == []


@pytest.mark.parametrize(
    "trouble",
    [
        408,
        425,
        429,
        500,
        503,
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("late"),
        httpx2.RemoteProtocolError("cut"),
    ],
)
async def test_passing_trouble_is_tried_again(
    ask: Ask, order_json: JSON, trouble: int | Exception
) -> None:
    system, shop = ask(trouble, trouble, order_json)
    assert await system.by_number("48213") is not None
    assert len(shop.questions) == 3


async def test_lasting_trouble_is_unavailable_after_three_tries(ask: Ask) -> None:
    system, shop = ask(503)
    with pytest.raises(OrderSystemUnavailable) as unavailable:
        await system.by_number("48213")
    assert unavailable.value.retryable
    assert unavailable.value.reason == "status 503"
    assert len(shop.questions) == 3


@pytest.mark.parametrize("status", [302, 400, 401, 403, 410, 422, 501])
async def test_a_refusal_is_not_tried_again(ask: Ask, status: int) -> None:
    system, shop = ask(status)
    with pytest.raises(OrderSystemRefused) as refused:
        await system.by_number("48213")
    assert not refused.value.retryable
    assert refused.value.reason == f"status {status}"
    assert len(shop.questions) == 1


async def test_a_missing_search_is_refused_rather_than_taken_for_no_orders(ask: Ask) -> None:
    system, _ = ask(404)
    with pytest.raises(OrderSystemRefused, match="404"):
        await system.by_phone("5511987650001")


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"order_ref": "pf-', b"\xff", b"[" * 100_000])
async def test_an_answer_that_is_no_json_is_refused(ask: Ask, body: bytes) -> None:
    system, shop = ask(httpx2.Response(200, content=body))
    with pytest.raises(OrderSystemRefused, match="malformed"):
        await system.by_number("48213")
    assert len(shop.questions) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "30"},
        {
            "Date": "Wed, 25 Nov 2026 12:00:00 GMT",
            "Retry-After": "Wed, 25 Nov 2026 12:00:30 GMT",
        },
    ],
)
async def test_a_wait_longer_than_we_have_is_handed_to_the_caller(
    ask: Ask, headers: dict[str, str]
) -> None:
    system, shop = ask(httpx2.Response(429, headers=headers))
    with pytest.raises(OrderSystemUnavailable) as unavailable:
        await system.by_number("48213")
    assert unavailable.value.retry_after == 30
    assert len(shop.questions) == 1


@pytest.mark.parametrize("asked", ["0", "soon", "-5", "Wed, 25 Nov 2026 12:00:30 GMT", ""])
async def test_a_wait_that_says_nothing_leaves_our_own_pause(
    ask: Ask, order_json: JSON, asked: str
) -> None:
    system, _ = ask(httpx2.Response(503, headers={"Retry-After": asked}), order_json)
    assert await system.by_number("48213") is not None


async def test_a_shop_that_never_answers_is_unavailable_when_the_time_is_up() -> None:
    never = asyncio.Event()

    async def hang(request: httpx2.Request) -> httpx2.Response:
        await never.wait()
        return httpx2.Response(200)

    system = RestOrderSystem(
        "https://shop.example/api", "secret", httpx2.MockTransport(hang), patience=WITHOUT_PATIENCE
    )
    with pytest.raises(OrderSystemUnavailable, match="in time"):
        await system.by_number("48213")


async def test_an_answer_is_remembered_for_a_while(ask: Ask, order_json: JSON) -> None:
    system, shop = ask(order_json, cache_seconds=60)
    assert await system.by_number("48213") == await system.by_number("#48213")
    assert len(shop.questions) == 1


async def test_trouble_is_not_remembered(ask: Ask, order_json: JSON) -> None:
    system, _ = ask(403, order_json, cache_seconds=60)
    with pytest.raises(OrderSystemRefused):
        await system.by_number("48213")
    assert await system.by_number("48213") is not None


async def test_one_question_at_a_time_serves_all_who_ask_it(ask: Ask, order_json: JSON) -> None:
    system, shop = ask({"orders": [order_json]}, cache_seconds=0)
    answers = await asyncio.gather(*(system.by_phone("5511987650001") for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert len(shop.questions) == 1


async def test_a_caller_s_list_is_the_caller_s_own(ask: Ask, order_json: JSON) -> None:
    system, _ = ask({"orders": [order_json]}, cache_seconds=60)
    (await system.by_phone("5511987650001")).clear()
    assert len(await system.by_phone("5511987650001")) == 1
