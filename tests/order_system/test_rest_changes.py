"""Changes over the REST adapter: one wish, one key, and the shop's no as a value."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from order_system.addresses import Address
from order_system.protocol import OrderSystemRefused, OrderSystemUnavailable
from order_system.refusals import Advice, Refusal, Why
from order_system.rest import Patience
from order_system.returns import ReturnedItem, ReturnRequest
from order_system.vocabulary import ReturnKind, ReturnReason

JSON = dict[str, Any]
Ask = Callable[..., tuple[Any, Any]]
HOME = Address("Ana", "Rua A", "1", "São Paulo", "01310-100", "BR", state="SP")
REQUEST = ReturnRequest(
    ReturnKind.EXCHANGE,
    (ReturnedItem("pf-48213-1", new_size="39"),),
    ReturnReason.TOO_SMALL,
    photos=("media-1",),
)


def _no(status: int = 409, **body: Any) -> httpx2.Response:
    return httpx2.Response(status, json={"title": "No", "status": status, **body})


@pytest.fixture
def return_json() -> JSON:
    return {
        "number": "R48213-1",
        "order_number": "48213",
        "kind": "exchange",
        "basis": "exchange",
        "reason": "too_small",
        "state": "label_sent",
        "items": [{"item": "pf-48213-1", "quantity": 1, "new_size": "39"}],
        "steps": [{"state": "label_sent", "at": "2026-11-25T15:00:00Z"}],
        "requested_at": "2026-11-25T15:00:00Z",
        "post_by": "2026-12-05",
        "has_label": True,
        "shipping_paid_by": "shop",
    }


async def test_a_return_is_asked_for_as_documented(ask: Ask, return_json: JSON) -> None:
    system, shop = ask(httpx2.Response(201, json=return_json))
    opened = await system.open_return("#48213", REQUEST, key="wamid.1:return", version="3")
    assert opened.number == "R48213-1"
    request = shop.questions[0]
    assert (request.method, request.url.path) == ("POST", "/api/orders/48213/returns")
    assert request.headers["Idempotency-Key"] == "wamid.1:return"
    assert request.headers["If-Match"] == '"3"'
    assert json.loads(request.content) == {
        "kind": "exchange",
        "reason": "too_small",
        "items": [{"item": "pf-48213-1", "quantity": 1, "new_size": "39"}],
        "photos": ["media-1"],
    }


async def test_a_lost_answer_is_asked_for_again_under_the_same_key(
    ask: Ask, order_json: JSON
) -> None:
    system, shop = ask(httpx2.ReadTimeout("lost"), 503, order_json)
    await system.cancel_order("48213", key="k")
    assert [one.headers["Idempotency-Key"] for one in shop.questions] == ["k"] * 3


async def test_a_no_is_a_value_with_its_reason(ask: Ask) -> None:
    facts = {"until": "2026-11-20"}
    system, shop = ask(
        _no(code="already_shipped", advice="refuse_delivery", facts=facts, also=["odd"])
    )
    refusal = await system.cancel_order("48213", key="k")
    assert refusal == Refusal(
        Why.ALREADY_SHIPPED,
        Advice.REFUSE_DELIVERY,
        raw="already_shipped",
        facts=facts,
        also=(Why.OTHER,),
    )
    assert len(shop.questions) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (_no(404, code="order_unknown"), Why.ORDER_UNKNOWN),
        (_no(412, code="changed_meanwhile"), Why.CHANGED_MEANWHILE),
        (_no(422, code="postcode_malformed"), Why.POSTCODE_MALFORMED),
        (_no(409, code="full_moon"), Why.OTHER),
        (httpx2.Response(501), Why.NOT_OFFERED),
        (httpx2.Response(405), Why.NOT_OFFERED),
    ],
)
async def test_each_status_of_a_no_is_understood(
    ask: Ask, answer: httpx2.Response, why: Why
) -> None:
    system, _ = ask(answer)
    refusal = await system.change_address("48213", HOME, key="k")
    assert isinstance(refusal, Refusal)
    assert refusal.why is why


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422])
async def test_a_no_without_a_reason_is_a_fault(ask: Ask, status: int) -> None:
    system, shop = ask(status)
    with pytest.raises(OrderSystemRefused, match=str(status)):
        await system.renew_payment("48213", key="k")
    assert len(shop.questions) == 1


async def test_a_change_makes_what_was_remembered_forgotten(ask: Ask, order_json: JSON) -> None:
    cancelled = order_json | {"state": "cancelled"}
    system, shop = ask(order_json, cancelled, cancelled, cache_seconds=60)
    assert (await system.by_number("48213")).state == "in_transit"
    await system.cancel_order("48213", key="k")
    assert (await system.by_number("48213")).state == "cancelled"
    assert len(shop.questions) == 3


async def test_what_was_asked_before_a_change_is_not_remembered_after_it(
    ask: Ask, order_json: JSON
) -> None:
    asked, answer_now = asyncio.Event(), asyncio.Event()
    system, shop = ask(order_json, cache_seconds=60)
    scripted = system._calls._client._transport

    async def slow_reader(request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET" and not answer_now.is_set():
            asked.set()
            await answer_now.wait()
        return await scripted.handle_async_request(request)

    system._calls._client._transport = httpx2.MockTransport(slow_reader)
    reading = asyncio.create_task(system.by_number("48213"))
    await asked.wait()
    await system.cancel_order("48213", key="k")
    answer_now.set()
    assert await reading is not None
    await system.by_number("48213")
    assert len(shop.questions) == 3


@pytest.mark.parametrize("key", ["", "with space", "é", "k" * 256])
async def test_a_key_that_is_none_is_the_caller_s_mistake(ask: Ask, key: str) -> None:
    system, shop = ask(200)
    with pytest.raises(ValueError, match="idempotency key"):
        await system.cancel_order("48213", key=key)
    assert shop.questions == []


async def test_what_cannot_be_a_number_is_never_changed(ask: Ask) -> None:
    system, shop = ask(200)
    assert (await system.cancel_order("../x", key="k")).why is Why.ORDER_UNKNOWN
    assert shop.questions == []


async def test_a_change_that_never_answers_is_unavailable(ask: Ask) -> None:
    system, _ = ask(503, patience=Patience(total=0.05, first_pause=0.001))
    with pytest.raises(OrderSystemUnavailable):
        await system.cancel_return("R48213-1", key="k")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html", b"<html>"),
        ("application/pdf", b"<html>"),
        ("image/png", b"%PDF-1.4"),
        ("application/pdf", b""),
        ("application/pdf", b"%PDF-" + b"x" * 5_000_001),
    ],
)
async def test_a_file_that_is_none_reaches_nobody(ask: Ask, kind: str, content: bytes) -> None:
    system, _ = ask(httpx2.Response(200, content=content, headers={"Content-Type": kind}))
    with pytest.raises(OrderSystemRefused, match="malformed"):
        await system.return_label("R48213-1")


async def test_a_file_keeps_the_name_the_shop_gave_it(ask: Ask) -> None:
    headers = {
        "Content-Type": "application/pdf; charset=binary",
        "Content-Disposition": 'inline; filename="etiqueta-1.pdf"',
    }
    system, _ = ask(httpx2.Response(200, content=b"%PDF-1.4", headers=headers))
    label = await system.return_label("R48213-1")
    assert (label.name, label.media_type) == ("etiqueta-1.pdf", "application/pdf")


async def test_a_label_that_is_not_ready_is_a_no(ask: Ask) -> None:
    system, _ = ask(_no(code="label_not_ready", advice="wait"))
    assert (await system.return_label("R48213-1")).why is Why.LABEL_NOT_READY
