"""Money and papers: a new code after a yes, facts for people, the invoice as a document."""

import json
from decimal import Decimal
from typing import Any

import pytest

from actions.changes.cancelling import ActionCancelOrder
from actions.guiding.menu import ActionChooseOption
from actions.money.invoices import ActionSendInvoice
from actions.money.paying import ActionCheckPayment
from actions.money.refunds import ActionShowRefund
from actions.shop.stores import ActionShowStores
from actions.tracking.order_number import ActionUseOrderNumber
from actions.wording import amounts
from order_system.model import Money
from tests.actions.counter import INVOICE, a_payment, a_refund, an_invoice, money
from tests.actions.shelf import a_return
from tests.actions.world import World, an_order

UNPAID = an_order("50001", "awaiting_payment")


def _expired(world: World, method: str = "pix") -> None:
    world.orders = [dict(UNPAID)]
    world.counter.money = money("50001", a_payment("p1", method, "expired"))


async def test_a_new_pix_code_is_made_only_after_a_yes_and_once(world: World) -> None:
    _expired(world)
    asked = await world.after(ActionCheckPayment, text="meu pix expirou")
    assert asked.said == ["utter_ask_new_pix"]
    assert asked.messages[0]["amount"] == "R$ 1.299,90"
    assert world.counter.made == []
    for _ in range(2):
        made = await world.next(asked, text="sim", intent="affirm", message_id="wamid.2")
        assert made.said == ["utter_pix_code"]
    assert world.counter.made == [("50001", "wamid.1:renew-payment")]
    assert made.messages[0]["code"].startswith("000201")
    assert made.slot("flow") is None


async def test_a_no_makes_nothing(world: World) -> None:
    _expired(world)
    asked = await world.after(ActionCheckPayment, text="meu pix expirou")
    left = await world.next(asked, text="não", intent="deny")
    assert left.said == ["utter_new_code_declined"]
    assert world.counter.made == []


async def test_a_digression_before_the_yes_asks_again(world: World) -> None:
    _expired(world)
    asked = await world.after(ActionCheckPayment, text="meu pix expirou")
    aside = await world.next(asked, action=ActionShowStores, text="que horas abrem?")
    assert aside.said == ["utter_store_hours", "utter_ask_new_pix"]
    unclear = await world.next(asked, action=ActionChooseOption, text="7", intent="menu_choice")
    assert unclear.said == ["utter_ask_new_pix"]


@pytest.mark.parametrize(
    ("no", "said"),
    [
        ({"code": "already_paid", "facts": {}}, "utter_payment_paid_already"),
        ({"code": "already_cancelled", "facts": {}}, "utter_payment_over"),
        (
            {"code": "method_not_renewable", "facts": {"url": "https://pay.example/1"}},
            "utter_pay_again",
        ),
        ({"code": "other", "facts": {}}, "utter_handed_over_needs_people"),
    ],
)
async def test_the_shops_no_is_told(no: dict[str, Any], said: str, world: World) -> None:
    _expired(world)
    asked = await world.after(ActionCheckPayment, text="meu pix expirou")
    world.counter.refuses_code = no
    told = await world.next(asked, text="sim", intent="affirm")
    assert told.said == [said]


async def test_a_code_that_still_works_is_said_again(world: World) -> None:
    world.orders = [dict(UNPAID)]
    world.counter.money = money("50001", a_payment("p1", "boleto", "pending", code="00190.1"))
    outcome = await world.after(ActionCheckPayment, text="segunda via do boleto")
    assert outcome.said == ["utter_boleto_code"]
    assert outcome.messages[0]["until"] == "01/03 às 13h"


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("insufficient_funds", "utter_card_without_funds"),
        ("expired_card", "utter_card_expired"),
        ("wrong_data", "utter_card_wrong_data"),
        ("blocked_by_bank", "utter_card_blocked"),
        ("limit_exceeded", "utter_card_over_limit"),
        ("not_for_online", "utter_card_not_online"),
        ("the bank's own word", "utter_card_refused"),
    ],
)
async def test_why_a_card_was_refused(refusal: str, said: str, world: World) -> None:
    world.orders = [dict(UNPAID)]
    page = "https://pay.example/1"
    payment = a_payment("p1", "card", "refused", refusal=refusal, url=page)
    world.counter.money = money("50001", payment)
    outcome = await world.after(ActionCheckPayment, text="meu cartão foi recusado")
    assert outcome.said == [said, "utter_pay_again"]


async def test_who_was_charged_twice_gets_people_who_know_the_facts(world: World) -> None:
    world.orders = [an_order("50001", "paid"), an_order("50003", "paid")]
    twice = a_payment("p2", "card", "paid", paid_at="2026-03-01T13:02:00Z")
    world.counter.money = money("50001", a_payment("p1", "card", "paid"), twice) | money(
        "50003", a_payment("p3", "pix", "paid")
    )
    outcome = await world.after(ActionCheckPayment, text="fui cobrado duas vezes")
    assert outcome.said == ["utter_handed_over_charged_twice"]
    assert outcome.messages[0]["amount"] == "R$ 1.299,90"
    (handed,) = world.handoffs()
    assert handed["reason"] == "needs_people"
    assert handed["summary"].startswith("#50001 · 2x: p1 R$ 1.299,90 card 2026-03-01 13:00; p2")


async def test_who_only_thinks_so_is_told_what_is_there(world: World) -> None:
    world.orders = [an_order("50001", "paid")]
    world.counter.money = money("50001", a_payment("p1", "card", "paid"))
    outcome = await world.after(ActionCheckPayment, text="fui cobrado duas vezes")
    assert outcome.said == ["utter_payment_once"]
    assert outcome.slot("pending") == "talk_to_human"


async def test_ways_to_pay_are_the_shops(world: World) -> None:
    outcome = await world.after(ActionCheckPayment, text="quais as formas de pagamento?")
    assert outcome.said == ["utter_payment_methods"]
    assert outcome.messages[0]["methods"] == "Pix e cartão"


async def test_whose_order_it_is_stays_the_first_question(world: World) -> None:
    for action in (ActionCheckPayment, ActionSendInvoice, ActionShowRefund):
        outcome = await world.after(action, text="do 50002", order_number="50002")
        assert outcome.said == ["utter_ask_order_email"]
    assert not any("payments" in call or "invoice" in call for call in world.shop_calls)


async def test_the_invoice_comes_as_a_document(world: World) -> None:
    world.counter.invoices = an_invoice("50001")
    outcome = await world.after(ActionSendInvoice, text="nota fiscal")
    assert outcome.said == ["utter_invoice_with_key"]
    assert world.files[0][1] == INVOICE
    assert outcome.messages[0]["file"] == "file:1"
    assert outcome.messages[0]["access_key"].startswith("3526 1111")


async def test_an_invoice_that_is_not_there_yet_is_said(world: World) -> None:
    outcome = await world.after(ActionSendInvoice, text="nota fiscal")
    assert outcome.said == ["utter_invoice_not_yet"]
    assert world.files == []


async def test_an_invoice_waits_for_the_number_and_comes_then(world: World) -> None:
    world.orders = [an_order("50001", "delivered"), an_order("50003", "delivered")]
    world.counter.invoices = an_invoice("50003")
    asked = await world.after(ActionSendInvoice, text="invoice please", language="en")
    assert asked.said == ["utter_choose_order"]
    sent = await world.next(
        asked, action=ActionUseOrderNumber, text="50003", order_number="50003", language="en"
    )
    assert sent.said == ["utter_invoice_with_key"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("requested", "utter_refund_requested"),
        ("sent", "utter_refund_sent"),
        ("done", "utter_refund_done"),
    ],
)
async def test_where_a_refund_is(state: str, said: str, world: World) -> None:
    world.orders = [an_order("50001", "cancelled")]
    paid = a_payment("p1", "card", "paid")
    world.counter.money = money("50001", paid, refunds=[a_refund(state)])
    outcome = await world.after(ActionShowRefund, text="cadê meu reembolso?")
    assert outcome.said == [said]
    assert outcome.messages[0]["method"] == "cartão"


@pytest.mark.parametrize(
    ("refund", "said"),
    [
        (a_refund("failed"), "utter_handed_over_refund_failed"),
        (a_refund("sent", in_days=-2), "utter_handed_over_refund_late"),
    ],
)
async def test_money_that_is_stuck_goes_to_people(
    refund: dict[str, Any], said: str, world: World
) -> None:
    world.orders = [an_order("50001", "cancelled")]
    paid = a_payment("p1", "card", "paid")
    world.counter.money = money("50001", paid, refunds=[refund])
    outcome = await world.after(ActionShowRefund, text="cadê meu reembolso?")
    assert outcome.said == [said]
    assert "R$ 1.299,90 · card" in world.handoffs()[0]["summary"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("label_sent", "utter_refund_after_posting"),
        ("in_transit", "utter_refund_after_arrival"),
        ("received", "utter_refund_after_check"),
        ("rejected", "utter_refund_return_rejected"),
    ],
)
async def test_money_waits_for_what_goes_back(state: str, said: str, world: World) -> None:
    world.orders = [an_order("50001", "delivered"), an_order("50003", "delivered")]
    world.shelf.returns = [a_return("R50003-1", "50003", state)]
    outcome = await world.after(ActionShowRefund, text="cadê meu reembolso?")
    assert outcome.said == [said]
    assert outcome.slot("order_number") == "50003"


async def test_no_refund_is_said_and_a_person_offered(world: World) -> None:
    world.orders = [an_order("50001", "in_transit")]
    outcome = await world.after(ActionShowRefund, text="reembolso do 50001", order_number="50001")
    assert outcome.said == ["utter_refund_none"]
    assert outcome.slot("pending") == "talk_to_human"


async def test_who_wants_money_for_what_came_is_offered_to_send_it_back(world: World) -> None:
    world.orders = [an_order("50001", "delivered")]
    outcome = await world.after(ActionShowRefund, text="veio rasgado, cadê meu dinheiro?")
    assert outcome.said == ["utter_refund_none_return"]
    told = {"order_number": "50001", "choice": "defect"}
    assert outcome.messages[0]["payload"] == f"/return_item{json.dumps(told)}"
    assert outcome.slot("flow")["told"] == {"order_number": "50001"}


async def test_who_wants_money_for_what_has_not_left_is_offered_to_cancel(world: World) -> None:
    permission = {"allowed": True, "refusal": None, "until": None}
    world.orders = [an_order("50001", "paid", is_shipped=False, may_cancel=permission)]
    outcome = await world.after(ActionShowRefund, text="quero meu dinheiro do pedido")
    assert outcome.said == ["utter_refund_none_cancel"]
    assert outcome.messages[0]["payload"] == '/cancel_order{"order_number": "50001"}'


async def test_how_long_money_takes_is_told_in_the_middle_of_a_cancellation(world: World) -> None:
    permission = {"allowed": True, "refusal": None, "until": None}
    world.orders = [an_order("50001", "paid", is_shipped=False, may_cancel=permission)]
    world.counter.money = money("50001", a_payment("p1", "card", "paid"))
    asked = await world.after(ActionCancelOrder, text="quero cancelar", intent="cancel_order")
    told = await world.next(
        asked, action=ActionShowRefund, text="e quando o dinheiro volta?", intent="refund_status"
    )
    assert told.said == ["utter_refund_takes", "utter_cancel_again"]
    assert told.slot("pending") == "flow"


async def test_an_expired_code_and_how_to_pay_now_ask_for_a_new_one(world: World) -> None:
    _expired(world)
    asked = await world.after(ActionCheckPayment, text="o pix expirou, como pago agora?")
    assert asked.said == ["utter_ask_new_pix"]
    told = await world.next(asked, action=ActionCheckPayment, text="aceita cartão?")
    assert told.said == ["utter_payment_methods_alone", "utter_ask_new_pix"]
    assert told.slot("pending") == "flow"


@pytest.mark.parametrize(
    ("currency", "language", "written"),
    [
        ("BRL", "pt", "R$ 1.234,50"),
        ("USD", "en", "$1,234.50"),
        ("USD", "pt", "US$ 1.234,50"),
        ("CHF", "en", "CHF 1,234.50"),
    ],
)
def test_money_is_written_as_its_language_does(currency: str, language: str, written: str) -> None:
    assert amounts.written(Money(Decimal("1234.5"), currency), language) == written
