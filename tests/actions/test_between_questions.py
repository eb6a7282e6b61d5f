"""In the middle of a question: names are called, the cost is asked; and what was left halfway."""

from typing import Any

import pytest

from actions.changes.cancelling import ActionCancelOrder
from actions.goods.goods import ActionCheckStock
from actions.guiding.fallback import ActionDeclineRequest, ActionDefaultFallback, ActionTakeYes
from actions.guiding.greeting import ActionGreet
from actions.guiding.handoff import ActionHandOver
from actions.money.refunds import ActionShowRefund
from actions.returns.returning import ActionReturnItem
from actions.tracking.order_status import ActionShowOrderStatus
from actions.wording import dates
from tests.actions.counter import a_payment, money
from tests.actions.world import Outcome, World, an_order, came


@pytest.fixture
def returns() -> World:
    """Ana may send back what came long enough ago for a reason to be asked."""
    return World(orders=[came("50001", days_ago=20)])


async def _asked_why(world: World) -> Outcome:
    outcome = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    assert outcome.said == ["utter_return_ask_reason"]
    return outcome


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ActionDefaultFallback, "nlu_fallback"),
        (ActionDeclineRequest, "out_of_scope"),
        (ActionHandOver, "complaint"),
        (ActionHandOver, "talk_to_human"),
    ],
)
async def test_an_insult_is_answered_calmly_and_the_question_asked_again(
    returns: World, action: Any, intent: str
) -> None:
    asked = await _asked_why(returns)
    said = {"text": "seu robô burro", "intent": intent, "failed_attempts": 2}
    outcome = await returns.next(asked, action=action, **said)
    assert outcome.said == ["utter_insulted_in_flow", "utter_return_again_reason"]
    assert outcome.slot("flow")["wish"]["order"] == "50001"
    assert all(event.get("name") != "failed_attempts" for event in outcome.events)


async def test_the_second_insult_in_a_row_brings_a_person_with_what_is_known(
    returns: World,
) -> None:
    said = {"text": "idiota", "intent": "out_of_scope", "action": ActionDeclineRequest}
    first = await returns.next(await _asked_why(returns), **said)
    second = await returns.next(first, **said)
    assert second.said == ["utter_handed_over_wish"]
    assert "#50001" in returns.handoffs()[0]["summary"]


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("essa porra rasgou", "complaint", "utter_return_ask_photo"),
        ("quero falar com uma pessoa, caralho", "talk_to_human", "utter_handed_over_wish"),
    ],
)
async def test_what_says_more_than_an_insult_is_heard(
    returns: World, text: str, intent: str, expected: str
) -> None:
    asked = await _asked_why(returns)
    outcome = await returns.next(asked, text=text, intent=intent, action=ActionHandOver)
    assert outcome.said == [expected]


@pytest.mark.parametrize(
    "text",
    ["isso tem custo?", "tem taxa?", "does that cost extra?", "is it free?", "pago algo a mais?"],
)
async def test_what_a_cancellation_costs_is_told_and_the_question_asked_again(text: str) -> None:
    world = World(orders=[an_order("50001", "paid", is_shipped=False)])
    asked = await world.after(ActionCancelOrder, text="cancela", intent="cancel_order")
    said = {"text": text, "intent": "product_availability"}
    outcome = await world.next(asked, action=ActionCheckStock, **said)
    assert outcome.said == ["utter_cost_cancel", "utter_cancel_again"]
    assert outcome.slot("pending") == "flow"


async def test_what_it_costs_is_told_of_the_flow_that_waits_behind_another() -> None:
    world = World(orders=[an_order("50001", "paid", is_shipped=False)])
    asked = await world.after(ActionCancelOrder, text="cancela", intent="cancel_order")
    behind = {"name": "goods", "after": asked.slot("flow")}
    said = {"text": "isso tem multa?", "intent": "product_availability", "flow": behind}
    outcome = await world.next(asked, action=ActionCheckStock, **said)
    assert outcome.said == ["utter_cost_cancel", "utter_cancel_again"]
    assert outcome.slot("flow") == asked.slot("flow")


async def test_what_names_no_product_asks_for_none_in_the_middle_of_a_cancellation() -> None:
    world = World(orders=[an_order("50001", "paid", is_shipped=False)])
    asked = await world.after(ActionCancelOrder, text="cancela", intent="cancel_order")
    said = {"text": "vai demorar muito?", "intent": "product_availability"}
    outcome = await world.next(asked, action=ActionCheckStock, **said)
    assert outcome.said == ["utter_cancel_again"]


@pytest.mark.parametrize(
    "text",
    ["quanto tempo demora pra cair o dinheiro?", "and how long until i get my money back?"],
)
async def test_when_the_money_comes_is_no_reason_for_a_return(returns: World, text: str) -> None:
    returns.counter.money |= money("50001", a_payment("p1", "card", "paid"))
    asked = await _asked_why(returns)
    said = {"text": text, "intent": "nlu_fallback", "action": ActionDefaultFallback}
    outcome = await returns.next(asked, **said)
    assert outcome.said == ["utter_refund_takes", "utter_return_again_reason"]
    assert outcome.slot("flow")["wish"]["reason"] == "none"


async def test_a_shop_that_charges_says_so_itself() -> None:
    world = World(orders=[an_order("50001", "paid", is_shipped=False)])
    world.shelf.texts = {"cancel_cost": {"pt": "O cancelamento custa R$ 5.", "en": "It is R$ 5."}}
    asked = await world.after(ActionCancelOrder, text="cancela", intent="cancel_order")
    said = {"text": "isso tem custo?", "intent": "product_availability"}
    outcome = await world.next(asked, action=ActionCheckStock, **said)
    assert outcome.said == ["utter_shop_sentence", "utter_cancel_again"]


async def test_the_price_of_a_product_is_no_cost_of_the_flow() -> None:
    world = World(orders=[an_order("50001", "paid", is_shipped=False)])
    asked = await world.after(ActionCancelOrder, text="cancela", intent="cancel_order")
    named = [{"entity": "product", "value": "Tênis Brisa"}]
    said = {"text": "quanto custa o tênis brisa?", "intent": "product_availability"}
    outcome = await world.next(asked, action=ActionCheckStock, entities=named, **said)
    assert "utter_cost_cancel" not in outcome.said


async def test_a_return_and_when_the_money_comes_are_two_wishes(returns: World) -> None:
    returns.counter.money |= money("50001", a_payment("p1", "card", "paid"))
    text = "quero devolver o tênis e quando cai o reembolso?"
    heard = await returns.after(ActionShowRefund, text=text, intent="refund_status")
    (again,) = [event for event in heard.events if event.get("event") == "user"]
    assert again["parse_data"]["intent"]["name"] == "return_item"
    outcome = await returns.after(ActionReturnItem, text=again["text"], intent="return_item")
    assert outcome.said == ["utter_refund_takes", "utter_return_ask_reason"]


@pytest.mark.parametrize(
    "text", ["já devolvi, quando cai o dinheiro?", "when do i get the money for what i returned?"]
)
async def test_who_has_sent_it_back_asks_one_thing(returns: World, text: str) -> None:
    outcome = await returns.after(ActionShowRefund, text=text, intent="refund_status")
    assert not [event for event in outcome.events if event.get("event") == "user"]


def _left(asked: Outcome, days_ago: int = 1) -> dict[str, Any]:
    """What the next session knows of the return that was left halfway."""
    day = dates.today().toordinal() - days_ago
    left_on = dates.today().fromordinal(day).isoformat()
    return {**asked.slot("flow"), "left_on": left_on}


async def test_what_was_left_halfway_is_offered_with_the_greeting(returns: World) -> None:
    left = _left(await _asked_why(returns))
    outcome = await returns.after(ActionGreet, text="oi", intent="greet", unfinished=left)
    assert outcome.said == ["utter_greet_back_by_name", "utter_return_unfinished"]
    assert outcome.slot("unfinished") is None
    yes = await returns.next(outcome, text="sim", intent="affirm")
    assert yes.said == ["utter_return_ask_reason"]
    assert yes.slot("order_number") == "50001"


async def test_a_yes_of_the_next_day_confirms_nothing_and_is_asked_what_it_means(
    returns: World,
) -> None:
    left = _left(await _asked_why(returns))
    outcome = await returns.after(ActionTakeYes, text="sim", intent="affirm", unfinished=left)
    assert outcome.said == ["utter_return_unfinished"]
    assert returns.shelf.done == []


async def test_it_is_offered_once(returns: World) -> None:
    left = _left(await _asked_why(returns))
    offered = await returns.after(ActionTakeYes, text="sim", intent="affirm", unfinished=left)
    said = {"text": "cadê meu pedido?", "intent": "order_status"}
    outcome = await returns.next(offered, action=ActionShowOrderStatus, **said)
    assert "utter_return_unfinished" not in outcome.said
    assert outcome.slot("flow") is None


async def test_what_is_on_its_way_back_by_now_is_not_offered(returns: World) -> None:
    left = _left(await _asked_why(returns))
    returns.shelf.returns = [{"order_number": "50001", "items": [{"item": "i1"}]}]
    outcome = await returns.after(ActionTakeYes, text="sim", intent="affirm", unfinished=left)
    assert outcome.said == ["utter_all_good"]


async def test_what_was_left_too_long_ago_is_not_offered(returns: World) -> None:
    left = _left(await _asked_why(returns), days_ago=8)
    outcome = await returns.after(ActionGreet, text="oi", intent="greet", unfinished=left)
    assert outcome.said == ["utter_greet_by_name"]


@pytest.mark.parametrize("down", [500, 503])
async def test_while_the_shop_is_silent_nothing_is_offered(returns: World, down: int) -> None:
    left = _left(await _asked_why(returns))
    returns.shop_fails = down
    outcome = await returns.after(ActionGreet, text="oi", intent="greet", unfinished=left)
    assert outcome.said == ["utter_greet_by_name"]
    assert returns.handoffs() == []


async def test_when_people_are_called_they_have_it(returns: World) -> None:
    left = _left(await _asked_why(returns))
    said = {"text": "quero um atendente", "intent": "talk_to_human"}
    outcome = await returns.after(ActionHandOver, unfinished=left, **said)
    assert outcome.slot("unfinished") is None
    assert outcome.said == ["utter_handed_over_wish"]
