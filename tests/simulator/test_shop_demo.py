"""There is an order to try everything with, for the cast and for anybody on demand."""

from typing import Any

import pytest

from order_system.model import Order, OrderState
from order_system.refusals import Refusal
from order_system.vocabulary import (
    Basis,
    CardRefusal,
    PaymentMethod,
    PaymentState,
    RefundState,
    ReturnKind,
    ReturnState,
)
from simulator.shop_staging import SITUATIONS
from tests.simulator.shop_visit import Visit, a_visit

CAST = {"pt": ["5511987650001", "5521991230003", "555196540002"], "en": ["447700900123"]}


async def _of(visit: Visit, *orders: Order) -> list[Any]:
    return [
        (
            order,
            await visit.order_system.payments_of(order.display_number),
            await visit.order_system.return_options(order.display_number),
            await visit.order_system.returns_of(order.display_number),
        )
        for order in orders
    ]


async def _by_phone(visit: Visit, phones: list[str]) -> list[Order]:
    return [one for phone in phones for one in await visit.order_system.by_phone(phone, 50)]


@pytest.mark.parametrize("language", ["pt", "en"])
async def test_the_cast_has_an_order_for_every_wish(language: str) -> None:
    async with a_visit() as visit:
        found = await _of(visit, *await _by_phone(visit, CAST[language]))
    grounds = [
        (ground.basis, ground.is_given)
        for _, _, options, _ in found
        for item in options.items
        for ground in item.grounds
    ]
    assert (Basis.REGRET, True) in grounds
    assert (Basis.REGRET, False) in grounds
    assert (Basis.EXCHANGE, True) in grounds
    assert (Basis.EXCHANGE, False) in grounds
    assert (Basis.DEFECT, True) in grounds
    assert any(order.may_cancel and order.may_cancel.is_given for order, *_ in found)
    assert any(order.may_change_address.is_given for order, *_ in found)
    states = {order.state for order, *_ in found}
    assert {OrderState.PAID, OrderState.IN_TRANSIT} <= states
    assert any(money.charged_twice for _, money, *_ in found)
    assert {one.state for *_, returns in found for one in returns} >= {ReturnState.RECEIVED} or (
        language == "pt"
    )
    refunds = {one.state for _, money, *_ in found for one in money.refunds}
    assert refunds & {RefundState.REQUESTED, RefundState.SENT}
    currencies = {order.total.currency for order, *_ in found}
    assert currencies == ({"BRL"} if language == "pt" else {"USD"})


@pytest.mark.parametrize("phone", ["5511987650001", "447700900123"])
async def test_the_open_orders_of_the_tour_fit_on_buttons(phone: str) -> None:
    """WhatsApp has room for three; the README's tour presses one of them."""
    over = {OrderState.DELIVERED, OrderState.CANCELLED, OrderState.RETURNED}
    async with a_visit() as visit:
        orders = await visit.order_system.by_phone(phone, 50)
    assert 1 < len([order for order in orders if order.state not in over]) <= 3


async def test_every_trouble_with_money_has_its_order() -> None:
    async with a_visit() as visit:
        refused = await visit.order_system.by_number("48397")  # Priya's, who left no phone
        assert refused is not None
        known = await _by_phone(visit, [*CAST["pt"], *CAST["en"]])
        found = await _of(visit, refused, *known)
    latest = {(money.latest.method, money.latest.state) for _, money, *_ in found}
    assert (PaymentMethod.PIX, PaymentState.EXPIRED) in latest
    assert (PaymentMethod.BOLETO, PaymentState.EXPIRED) in latest
    assert (PaymentMethod.BOLETO, PaymentState.PENDING) in latest
    assert CardRefusal.INSUFFICIENT_FUNDS in {money.latest.refusal for _, money, *_ in found}
    assert RefundState.FAILED in {one.state for _, money, *_ in found for one in money.refunds}


@pytest.mark.parametrize("who", ["marina", "john"])
@pytest.mark.parametrize("situation", SITUATIONS)
async def test_an_order_is_made_to_fit(who: str, situation: str) -> None:
    async with a_visit() as visit:
        made = await visit.http.post(
            "/shop/control/orders", json={"situation": situation, "shopper": who}
        )
        assert made.status_code == 201, made.text
        number = made.json()["number"]
        order = await visit.order_system.by_number(number)
        money = await visit.order_system.payments_of(number)
        returns = await visit.order_system.returns_of(number)
        options = await visit.order_system.return_options(number)
        assert order is not None
        assert money is not None
        assert options is not None
        assert [one for one in made.json()["history"] if one["at"] > visit.at.isoformat()] == []
        assert bool(money.charged_twice) is (situation == "charged_twice")
        assert bool(returns) is situation.startswith("return_")
        if situation == "delivered_lately":
            assert options.items[0].best(ReturnKind.REFUND).basis is Basis.REGRET
        if situation.endswith("_expired"):
            assert money.latest is not None
            assert money.latest.state is PaymentState.EXPIRED
        if situation == "late":
            assert made.json()["is_late"]


async def test_anybody_can_be_given_an_order() -> None:
    async with a_visit() as visit:
        body = {
            "situation": "preparing",
            "name": "Bia Rocha",
            "phone": "+55 31 98888-7777",
            "email": "bia@example.com",
            "city": "Belo Horizonte/MG",
            "product": "CL-JEANS",
            "size": "M",
        }
        made = (await visit.http.post("/shop/control/orders", json=body)).json()
        (order,) = await visit.order_system.by_phone("5531988887777")
        assert order.display_number == made["number"]
        assert order.address is not None
        assert order.address.state == "MG"
        cancelled = await visit.order_system.cancel_order(made["number"], key="k")
        assert not isinstance(cancelled, Refusal)


@pytest.mark.parametrize(
    "body",
    [
        {"situation": "eaten_by_a_dog"},
        {"situation": "paid", "shopper": "nobody"},
        {"situation": "paid", "product": "NADA"},
        {"situation": "paid", "size": "99"},
    ],
)
async def test_an_order_that_can_not_be_is_refused(body: dict[str, str]) -> None:
    async with a_visit() as visit:
        assert (await visit.http.post("/shop/control/orders", json=body)).status_code == 422
