"""Returns at the demo shop, as the desk sees them from the question to the money."""

import pytest

from order_system.model import OrderState
from order_system.payments import OrderPayments
from order_system.refusals import Advice, Refusal, Why
from order_system.returns import Return, ReturnedItem, ReturnRequest
from order_system.vocabulary import (
    Basis,
    Payer,
    RefundState,
    ReturnKind,
    ReturnReason,
    ReturnState,
)
from tests.simulator.shop_visit import Visit, a_visit

LATELY = "48260"  # Marina's, two blouses in M, 40 hours ago
LONG_AGO = "48102"  # Marina's, a dress and a bag, more than a month ago


def _wants(
    kind: ReturnKind = ReturnKind.REFUND,
    reason: ReturnReason = ReturnReason.NONE,
    quantity: int = 1,
    number: str = LATELY,
    **more: str,
) -> ReturnRequest:
    photos = tuple(filter(None, [more.pop("photo", "")]))
    return ReturnRequest(
        kind, (ReturnedItem(f"pf-{number}-1", quantity, **more),), reason, photos=photos
    )


async def _opened(visit: Visit, request: ReturnRequest, number: str = LATELY) -> Return:
    opened = await visit.order_system.open_return(number, request, key=f"k-{number}")
    assert isinstance(opened, Return), opened
    return opened


async def _refused(visit: Visit, request: ReturnRequest, number: str = LATELY) -> Refusal:
    refusal = await visit.order_system.open_return(number, request, key=f"k-{number}")
    assert isinstance(refusal, Refusal), refusal
    return refusal


async def _money(visit: Visit, number: str) -> OrderPayments:
    money = await visit.order_system.payments_of(number)
    assert money is not None
    return money


async def _step(visit: Visit, number: str, *states: str) -> None:
    for state in states:
        visit.later(hours=7)
        path = f"/shop/control/returns/{number}/state"
        moved = await visit.http.put(path, json={"state": state})
        assert moved.status_code == 200, moved.text


async def test_the_right_of_regret_needs_no_reason_and_costs_nothing() -> None:
    async with a_visit() as visit:
        opened = await _opened(visit, _wants(quantity=2))
        assert opened.basis is Basis.REGRET
        assert opened.state is ReturnState.LABEL_SENT
        assert opened.shipping_paid_by is Payer.SHOP
        assert opened.refund is not None
        order = await visit.order_system.by_number(LATELY)
        assert order is not None
        assert opened.refund == order.total
        assert order.returnable_items == ()
        label = await visit.order_system.return_label(opened.number)
    assert not isinstance(label, Refusal)
    assert label is not None
    assert label.content.startswith(b"%PDF-")
    assert label.name == f"etiqueta-{opened.number}.pdf"


async def test_a_return_ends_with_the_money_on_its_way() -> None:
    async with a_visit() as visit:
        opened = await _opened(visit, _wants(quantity=2))
        await _step(visit, opened.number, "in_transit", "received")
        order = await visit.order_system.by_number(LATELY)
        assert order is not None
        assert order.state is OrderState.RETURNED
        assert (await _money(visit, LATELY)).refunds == ()
        await _step(visit, opened.number, "refunded")
        (refund,) = (await _money(visit, LATELY)).refunds
        assert refund.amount == opened.refund
        assert (refund.state, refund.return_number) == (RefundState.REQUESTED, opened.number)
        visit.later(days=12)
        (refund,) = (await _money(visit, LATELY)).refunds
        assert refund.state is RefundState.DONE
        (seen,) = await visit.order_system.returns_of(LATELY)
    assert [step.state for step in seen.steps] == [
        ReturnState.REQUESTED,
        ReturnState.LABEL_SENT,
        ReturnState.IN_TRANSIT,
        ReturnState.RECEIVED,
        ReturnState.REFUNDED,
    ]


async def test_an_exchange_sets_the_new_size_aside_and_ends_with_another_order() -> None:
    async with a_visit() as visit:
        wanted = _wants(ReturnKind.EXCHANGE, ReturnReason.TOO_SMALL, new_size="L")
        before = await visit.order_system.availability("CM-BLUSA", size="G", color="off-white")
        opened = await _opened(visit, wanted)
        after = await visit.order_system.availability("CM-BLUSA", size="L", color="off-white")
        assert before is not None
        assert before.wanted is not None
        assert before.wanted.in_stock == 7
        assert after is not None
        assert after.wanted is not None
        assert after.wanted.in_stock == 6
        assert (opened.kind, opened.refund) == (ReturnKind.EXCHANGE, None)
        assert opened.items[0].new_size == "G"
        await _step(visit, opened.number, "in_transit", "received", "exchanged")
        ended = await visit.order_system.return_by_number(opened.number)
        assert ended is not None
        assert ended.replacement_order is not None
        replacement = await visit.order_system.by_number(ended.replacement_order)
        assert replacement is not None
    assert (replacement.state, replacement.items[0].size) == (OrderState.PREPARING, "G")
    assert replacement.contact.phone == "+5511987650001"


async def test_a_size_that_is_sold_out_is_refused_and_nothing_is_kept() -> None:
    async with a_visit() as visit:
        wanted = _wants(ReturnKind.EXCHANGE, new_size="GG")
        refusal = await _refused(visit, wanted)
        assert (refusal.why, refusal.advice) == (Why.OUT_OF_STOCK, Advice.OTHER_SIZE)
        assert await visit.order_system.returns_of(LATELY) == []
        found = await visit.order_system.availability("CM-BLUSA", size="GG", color="off-white")
        assert found is not None
        assert found.wanted is not None
        assert not found.wanted.is_available
        assert ("CM-BLUSA", "GG", "terracota") in {
            (one.product, one.size, one.color) for one in found.alternatives
        }


@pytest.mark.parametrize(
    ("request_", "number", "why", "advice"),
    [
        (_wants(number=LONG_AGO), LONG_AGO, Why.WINDOW_OVER, Advice.REPORT_DEFECT),
        (
            _wants(reason=ReturnReason.DEFECT, number=LONG_AGO),
            LONG_AGO,
            Why.PHOTO_NEEDED,
            Advice.SEND_PHOTO,
        ),
        (_wants(number="48213"), "48213", Why.NOT_DELIVERED_YET, Advice.REFUSE_DELIVERY),
        (_wants(number="48391"), "48391", Why.NOT_DELIVERED_YET, Advice.CANCEL),
        (_wants(number="48045"), "48045", Why.ALREADY_RETURNING, None),
        (_wants(number="48250"), "48250", Why.ALREADY_RETURNING, None),
        (_wants(quantity=3), LATELY, Why.QUANTITY_TOO_HIGH, Advice.LOOK_AGAIN),
        (_wants(number="48261"), LATELY, Why.ITEM_UNKNOWN, Advice.LOOK_AGAIN),
        (
            _wants(ReturnKind.EXCHANGE, new_size="52"),
            LATELY,
            Why.VARIANT_UNKNOWN,
            Advice.OTHER_SIZE,
        ),
        (_wants(ReturnKind.EXCHANGE, new_size="M"), LATELY, Why.SAME_VARIANT, Advice.OTHER_SIZE),
        (_wants(), "48999", Why.ORDER_UNKNOWN, Advice.LOOK_AGAIN),
    ],
)
async def test_a_return_is_refused_with_what_to_do(
    request_: ReturnRequest, number: str, why: Why, advice: Advice | None
) -> None:
    async with a_visit() as visit:
        refusal = await _refused(visit, request_, number)
        assert (refusal.why, refusal.advice) == (why, advice)


async def test_a_defect_with_a_photo_goes_back_long_after() -> None:
    async with a_visit() as visit:
        wanted = _wants(reason=ReturnReason.DEFECT, number=LONG_AGO, photo="media-7")
        opened = await _opened(visit, wanted, LONG_AGO)
        assert (opened.basis, opened.shipping_paid_by) == (Basis.DEFECT, Payer.SHOP)


async def test_what_is_on_its_way_back_names_its_return() -> None:
    async with a_visit() as visit:
        options = await visit.order_system.return_options("48250")
        assert options is not None
        refusal = options.items[0].best(ReturnKind.REFUND).refusal
        assert refusal is not None
    assert refusal.facts == {"return_number": "R48250-1"}


async def test_a_return_can_be_taken_back_until_it_is_posted() -> None:
    async with a_visit() as visit:
        opened = await _opened(visit, _wants(ReturnKind.EXCHANGE, new_size="G"))
        taken_back = await visit.order_system.cancel_return(opened.number, key="back")
        assert isinstance(taken_back, Return)
        assert taken_back.state is ReturnState.CANCELLED
        found = await visit.order_system.availability("CM-BLUSA", size="G", color="off-white")
        assert found is not None
        assert found.wanted is not None
        assert found.wanted.in_stock == 7
        order = await visit.order_system.by_number(LATELY)
        assert order is not None
        assert order.returnable_items == (f"pf-{LATELY}-1",)
        refusal = await visit.order_system.cancel_return("R48250-1", key="late")
        assert isinstance(refusal, Refusal)
        assert refusal.why is Why.ALREADY_SHIPPED


async def test_a_dear_return_waits_for_somebody_s_yes() -> None:
    async with a_visit() as visit:
        made = await visit.http.post(
            "/shop/control/orders",
            json={
                "situation": "delivered_lately",
                "shopper": "marina",
                "product": "BT-TRILHA",
                "quantity": 2,
            },
        )
        number = made.json()["number"]
        opened = await _opened(visit, _wants(number=number, quantity=2), number)
        assert (opened.state, opened.has_label) == (ReturnState.REQUESTED, False)
        label = await visit.order_system.return_label(opened.number)
        assert isinstance(label, Refusal)
        assert label.why is Why.LABEL_NOT_READY
        await _step(visit, opened.number, "label_sent")
        assert not isinstance(await visit.order_system.return_label(opened.number), Refusal)


async def test_a_rejected_return_says_why_in_both_languages() -> None:
    async with a_visit() as visit:
        (rejected,) = await visit.order_system.returns_of("48178")
        assert rejected.state is ReturnState.REJECTED
        assert set(rejected.rejected_because) == {"pt", "en"}
        assert (await _money(visit, "48178")).refunds == ()


async def test_a_return_cannot_jump() -> None:
    async with a_visit() as visit:
        path = "/shop/control/returns/R48250-1/state"
        assert (await visit.http.put(path, json={"state": "refunded"})).status_code == 409
        assert (await visit.http.put(path, json={"state": "lost"})).status_code == 422
        missing = await visit.http.put(
            "/shop/control/returns/R1-1/state", json={"state": "received"}
        )
        assert missing.status_code == 404
