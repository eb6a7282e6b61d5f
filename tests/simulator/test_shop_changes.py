"""What the desk may change at the demo shop: once per wish, only what it saw, and written down."""

from typing import Any

import httpx2
import pytest

from order_system.addresses import Address
from order_system.model import Order, OrderState
from order_system.payments import Payment
from order_system.protocol import OrderSystemUnavailable
from order_system.refusals import Advice, Refusal, Why
from order_system.vocabulary import PaymentMethod, PaymentState, RefundState
from tests.simulator.shop_visit import Visit, a_visit

PINHEIROS = Address(
    recipient="Marina Duarte",
    street="Rua dos Pinheiros",
    number="1042",
    city="São Paulo",
    postcode="05422002",
    country="BR",
    state="SP",
)


async def _audit(visit: Visit) -> list[dict[str, Any]]:
    found = (await visit.http.get("/shop/control/audit")).json()["changes"]
    return [{name: one[name] for name in ("who", "act", "order", "outcome")} for one in found]


async def _seen(visit: Visit, number: str) -> Order:
    order = await visit.order_system.by_number(number)
    assert order is not None
    return order


async def test_an_order_that_is_not_sent_is_cancelled_and_paid_back() -> None:
    async with a_visit() as visit:
        assert (await _seen(visit, "48391")).may_cancel is not None
        cancelled = await visit.order_system.cancel_order("48391", key="k")
        assert isinstance(cancelled, Order)
        assert cancelled.state is OrderState.CANCELLED
        money = await visit.order_system.payments_of("48391")
        assert money is not None
        (refund,) = money.refunds
        assert (refund.amount, refund.state) == (cancelled.total, RefundState.REQUESTED)
        assert refund.method is PaymentMethod.CARD
        assert refund.expected_by is not None
        assert (refund.expected_by - visit.at.date()).days == 14
        assert await _audit(visit) == [
            {"who": "desk", "act": "order.cancel", "order": "48391", "outcome": "done"}
        ]


@pytest.mark.parametrize(
    ("number", "why", "advice"),
    [
        ("48213", Why.ALREADY_SHIPPED, Advice.REFUSE_DELIVERY),
        ("48320", Why.OUT_FOR_DELIVERY, Advice.REFUSE_DELIVERY),
        ("48260", Why.ALREADY_DELIVERED, Advice.RETURN),
        ("48295", Why.ALREADY_CANCELLED, None),
        ("48045", Why.ALREADY_RETURNED, None),
        ("48999", Why.ORDER_UNKNOWN, Advice.LOOK_AGAIN),
    ],
)
async def test_after_dispatch_the_refusal_says_what_to_do(
    number: str, why: Why, advice: Advice | None
) -> None:
    async with a_visit() as visit:
        refusal = await visit.order_system.cancel_order(number, key="k")
        assert isinstance(refusal, Refusal)
        assert (refusal.why, refusal.advice) == (why, advice)
        order = await visit.order_system.by_number(number)
        if order is not None:
            assert order.may_cancel is not None
            assert order.may_cancel.refusal == refusal


async def test_an_address_can_be_changed_until_the_order_is_packed() -> None:
    async with a_visit() as visit:
        changed = await visit.order_system.change_address("48396", PINHEIROS, key="k")
        assert isinstance(changed, Order)
        assert changed.address is not None
        assert changed.address.postcode == "05422-002"
        page = (await visit.http.get("/shop/control/orders/48396")).json()
        assert page["order"]["address"]["street"] == "Rua dos Pinheiros"
        refusal = await visit.order_system.change_address("48391", PINHEIROS, key="k2")
        assert isinstance(refusal, Refusal)
        assert (refusal.why, refusal.advice) == (Why.BEING_PACKED, Advice.CANCEL)


@pytest.mark.parametrize(
    ("change", "why", "also"),
    [
        ({"postcode": "054"}, Why.POSTCODE_MALFORMED, ()),
        ({"state": "RJ"}, Why.POSTCODE_OF_ANOTHER_STATE, ()),
        ({"street": "", "city": ""}, Why.STREET_MISSING, (Why.CITY_MISSING,)),
        ({"country": "PT", "postcode": "1000-205"}, Why.COUNTRY_CHANGED, ()),
        ({"street": "x" * 200}, Why.INVALID, ()),
    ],
)
async def test_an_address_that_can_not_be_is_refused(
    change: dict[str, str], why: Why, also: tuple[Why, ...]
) -> None:
    async with a_visit() as visit:
        before = (await _seen(visit, "48396")).address
        wrong = Address(**{**vars(PINHEIROS), **change})
        refusal = await visit.order_system.change_address("48396", wrong, key="k")
        assert isinstance(refusal, Refusal)
        assert (refusal.why, refusal.also) == (why, also)
        assert (await _seen(visit, "48396")).address == before


async def test_a_british_and_an_american_address_are_read_by_their_countries() -> None:
    async with a_visit() as visit:
        leeds = Address("John Carter", "Park Row", "7", "Leeds", "ls15hd", "GB")
        changed = await visit.order_system.change_address("48395", leeds, key="k")
        assert isinstance(changed, Order)
        assert changed.address is not None
        assert changed.address.postcode == "LS1 5HD"


async def test_the_same_key_changes_nothing_twice() -> None:
    async with a_visit() as visit:
        first = await visit.order_system.renew_payment("48398", key="k")
        again = await visit.order_system.renew_payment("48398", key="k")
        assert first == again
        assert len(await _audit(visit)) == 1
        other = await visit.order_system.cancel_order("48398", key="k")
        assert isinstance(other, Refusal)
        assert other.why is Why.KEY_REUSED
        assert [one["outcome"] for one in await _audit(visit)] == ["key_reused", "done"]


async def test_who_comes_back_after_a_crash_has_seen_a_newer_version() -> None:
    async with a_visit() as visit:
        seen = await _seen(visit, "48391")
        first = await visit.order_system.cancel_order("48391", key="k", version=seen.version)
        now = await _seen(visit, "48391")
        assert now.version != seen.version
        again = await visit.order_system.cancel_order("48391", key="k", version=now.version)
        assert again == first


async def test_a_refusal_can_be_tried_again_under_the_same_key() -> None:
    async with a_visit() as visit:
        refusal = await visit.order_system.change_address("48391", PINHEIROS, key="k")
        assert isinstance(refusal, Refusal)
        again = await visit.order_system.change_address("48391", PINHEIROS, key="k")
        assert again == refusal
        assert [one["outcome"] for one in await _audit(visit)] == ["being_packed"] * 2


async def test_an_answer_that_gets_lost_is_a_change_that_was_made_once() -> None:
    async with a_visit() as visit:
        await visit.http.post("/shop/control/faults", json={"kind": "lost", "count": 1})
        cancelled = await visit.order_system.cancel_order("48391", key="k")
        assert isinstance(cancelled, Order)
        assert [one["outcome"] for one in await _audit(visit)] == ["done"]
        money = await visit.order_system.payments_of("48391")
        assert money is not None
        assert len(money.refunds) == 1


async def test_a_lasting_loss_is_unavailable_but_done() -> None:
    async with a_visit() as visit:
        await visit.http.post("/shop/control/faults", json={"kind": "lost"})
        with pytest.raises(OrderSystemUnavailable):
            await visit.order_system.cancel_order("48391", key="k")
        assert (await _seen(visit, "48391")).state is OrderState.CANCELLED
        await visit.http.delete("/shop/control/faults")
        assert isinstance(await visit.order_system.cancel_order("48391", key="k"), Order)


async def test_who_saw_an_older_order_is_refused() -> None:
    async with a_visit() as visit:
        seen = await _seen(visit, "48396")
        await visit.http.put("/shop/control/orders/48396/state", json={"state": "preparing"})
        refusal = await visit.order_system.cancel_order("48396", key="k", version=seen.version)
        assert isinstance(refusal, Refusal)
        assert (refusal.why, refusal.advice) == (Why.CHANGED_MEANWHILE, Advice.LOOK_AGAIN)
        now = await _seen(visit, "48396")
        done = await visit.order_system.cancel_order("48396", key="k2", version=now.version)
        assert isinstance(done, Order)


async def test_an_expired_pix_gets_a_new_code_and_a_living_one_stays() -> None:
    async with a_visit() as visit:
        money = await visit.order_system.payments_of("48398")
        assert money is not None
        assert money.latest is not None
        assert (money.latest.method, money.latest.state) == (
            PaymentMethod.PIX,
            PaymentState.EXPIRED,
        )
        assert money.latest.code is None
        fresh = await visit.order_system.renew_payment("48398", key="k")
        assert isinstance(fresh, Payment)
        assert fresh.state is PaymentState.PENDING
        assert (fresh.code or "").startswith("000201")
        visit.later(minutes=30)
        assert await visit.order_system.renew_payment("48398", key="k2") == fresh
        visit.later(minutes=31)
        newer = await visit.order_system.renew_payment("48398", key="k3")
        assert isinstance(newer, Payment)
        assert newer.code != fresh.code


@pytest.mark.parametrize(
    ("number", "state"), [("48394", PaymentState.PENDING), ("48342", PaymentState.EXPIRED)]
)
async def test_a_boleto_has_a_second_copy(number: str, state: PaymentState) -> None:
    async with a_visit() as visit:
        money = await visit.order_system.payments_of(number)
        assert money is not None
        assert money.latest is not None
        assert (money.latest.method, money.latest.state) == (PaymentMethod.BOLETO, state)
        copy = await visit.order_system.renew_payment(number, key="k")
        assert isinstance(copy, Payment)
        digits = (copy.code or "").replace(".", "").replace(" ", "")
        assert len(digits) == 47
        assert digits.isdecimal()


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("48397", Why.METHOD_NOT_RENEWABLE),
        ("48213", Why.ALREADY_PAID),
        ("48295", Why.ALREADY_CANCELLED),
    ],
)
async def test_what_needs_no_code_gets_none(number: str, why: Why) -> None:
    async with a_visit() as visit:
        refusal = await visit.order_system.renew_payment(number, key="k")
        assert isinstance(refusal, Refusal)
        assert refusal.why is why


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {"Idempotency-Key": "k"}, 422),
        (b"[]", {"Idempotency-Key": "k"}, 422),
        (b'{"kind": "refund"}', {"Idempotency-Key": "k"}, 422),
        (b'{"kind": "gift", "items": [{"item": "x"}]}', {"Idempotency-Key": "k"}, 422),
        (b"{}", {}, 400),
        (b"{}", {"Idempotency-Key": "k" * 300}, 400),
    ],
)
async def test_a_request_that_is_none_is_refused(
    body: bytes, headers: dict[str, str], status: int
) -> None:
    async with a_visit() as visit:
        answer: httpx2.Response = await visit.api.post(
            "orders/48260/returns", content=body, headers=headers
        )
        assert answer.status_code == status
        assert await visit.order_system.returns_of("48260") == []
