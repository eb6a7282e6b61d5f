"""What shoppers ask besides: what it came to, two orders at once, a wish said the other way."""

from typing import Any

import pytest

from actions.changes.cancelling import ActionCancelOrder
from actions.changes.moving import ActionChangeAddress
from actions.goods.goods import ActionCheckStock, ActionShowSizeChart
from actions.guiding.courtesies import ActionTakeThanks
from actions.guiding.fallback import ActionDeclineRequest, ActionDefaultFallback
from actions.guiding.handoff import ActionHandOver
from actions.guiding.media import ActionReceiveMedia
from actions.money.paying import ActionCheckPayment
from actions.returns.returning import ActionExchangeItem, ActionReturnItem
from actions.shop.stores import ActionShowStores
from actions.tracking.order_number import ActionUseOrderNumber
from tests.actions.counter import a_payment, money
from tests.actions.shelf import a_line, an_address
from tests.actions.world import World, an_order, came

YES = {"allowed": True, "refusal": None, "until": None}
BRISA = {"entity": "product", "value": "Tênis Brisa"}
TWO = [{"entity": "order_number", "value": number} for number in ("50001", "50003")]


def bought(number: str = "50001") -> dict[str, Any]:
    """An order of Ana's that says what was paid."""
    total = {"amount": "319.80", "currency": "BRL"}
    return an_order(number, "in_transit", eta=3, items=[a_line()], total=total)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("quanto foi mesmo?", "product_availability"),
        ("quanto eu paguei nesse pedido?", "nlu_fallback"),
        ("qual o valor?", "product_availability"),
        ("o que eu comprei mesmo?", "order_status"),
        ("how much was it?", "product_availability"),
        ("what did i order again", "out_of_scope"),
    ],
)
async def test_who_asks_what_an_order_came_to_hears_it(
    text: str, intent: str, world: World
) -> None:
    world.orders = [bought()]
    told = await world.after(ActionCheckStock, text=text, intent=intent, shown="50001")
    assert told.said in (["utter_order_came_to"], ["utter_order_came_to_with_delivery"])
    assert told.messages[0]["total"] == "R$ 319,80"
    assert told.slot("pending") is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("quanto foi o frete?", "product_availability"),
        ("o que eu comprei veio errado", "return_item"),
        ("how much was the delivery", "product_availability"),
    ],
)
async def test_what_only_sounds_like_it_is_answered_otherwise(
    text: str, intent: str, world: World
) -> None:
    world.orders = [bought()]
    told = await world.after(ActionCheckStock, text=text, intent=intent, shown="50001")
    assert not [said for said in told.said if said.startswith("utter_order_came")]


async def test_two_orders_in_one_message_are_both_shown(world: World) -> None:
    world.orders = [bought(), came("50003", 2)]
    told = await world.after(ActionUseOrderNumber, text="e o 50001 e o 50003?", entities=TWO)
    assert told.said[0] == "utter_order_in_transit"
    assert told.said[-1] == "utter_order_delivered_on"
    assert told.slot("order_number") == "50003"


async def test_the_second_of_two_orders_is_shown_to_its_owner_alone(world: World) -> None:
    entities = [{"entity": "order_number", "value": number} for number in ("50001", "50002")]
    told = await world.after(ActionUseOrderNumber, text="50001 e 50002", entities=entities)
    assert told.said[-1] == "utter_ask_order_email"
    assert "utter_order_in_transit" in told.said
    assert told.slot("pending") == "order_email"


@pytest.mark.parametrize(
    ("text", "intent"), [("não cancela não", "cancel_order"), ("don't cancel it", "cancel_order")]
)
async def test_a_wish_not_to_cancel_is_a_no(text: str, intent: str, world: World) -> None:
    world.orders = [an_order("50001", "paid", may_cancel=YES, is_shipped=False)]
    asked = await world.after(ActionCancelOrder, text="cancela", intent="cancel_order")
    left = await world.next(asked, action=ActionCancelOrder, text=text, intent=intent)
    assert left.said == ["utter_cancel_left"]
    assert world.shelf.done == []


async def test_a_post_office_is_no_reason_to_leave_a_return(world: World) -> None:
    world.orders = [came()]
    asked = await world.after(ActionReturnItem, text="i want to return it", language="en")
    text = "can i drop it off at a post office"
    then = await world.next(
        asked, action=ActionDefaultFallback, text=text, intent="nlu_fallback", language="en"
    )
    assert "utter_flow_dropped" not in then.said


async def test_an_answer_that_is_none_keeps_the_question_for_the_email(world: World) -> None:
    asked = await world.after(ActionUseOrderNumber, text="50002", order_number="50002")
    then = await world.next(
        asked, action=ActionDeclineRequest, text="é da minha mãe", intent="out_of_scope"
    )
    assert then.said == ["utter_ask_order_email_again"]


async def test_a_product_that_stays_unknown_ends_in_the_offer_of_a_person(world: World) -> None:
    heard = await world.after(ActionCheckStock, text="qual o valor?")
    for _ in range(2):
        assert heard.said == ["utter_ask_product"]
        heard = await world.next(heard, action=ActionCheckStock, text="e quanto?")
    assert heard.said == ["utter_product_unclear"]
    assert heard.slot("pending") == "talk_to_human"


async def test_a_product_is_asked_for_again_after_one_other_question_and_no_more(
    world: World,
) -> None:
    asked = await world.after(ActionCheckStock, text="qual o valor?")
    first = await world.next(asked, action=ActionShowStores, text="onde fica a loja?")
    assert first.said[-1] == "utter_ask_product"
    then = await world.next(first, action=ActionShowStores, text="e abre hoje?")
    assert "utter_ask_product" not in then.said
    assert then.slot("flow") is None


async def test_the_number_behind_a_product_is_its_size(world: World) -> None:
    told = await world.after(ActionCheckStock, text="tem o tênis brisa 39?", entities=[BRISA])
    assert told.said == ["utter_size_in_colors"]


async def test_a_size_while_products_are_offered_keeps_the_offer(world: World) -> None:
    sneakers = {"entity": "product", "value": "sneakers"}
    asked = await world.after(ActionCheckStock, text="tem tênis?", entities=[sneakers])
    assert asked.said == ["utter_choose_product"]
    size = {"entity": "size", "value": "39"}
    then = await world.next(asked, action=ActionCheckStock, text="no 39", entities=[size])
    assert then.said == ["utter_choose_product"]
    assert then.slot("flow")["size"] == "39"


@pytest.mark.parametrize(
    "text", ["quanto custam os portes?", "enviam para Lisboa?", "how much is postage?"]
)
async def test_delivery_is_told_in_every_word_for_it(text: str, world: World) -> None:
    told = await world.after(ActionCheckStock, text=text)
    assert told.said[-1].startswith("utter_delivery_")


async def test_who_wants_to_be_told_when_it_is_back_hears_that_nobody_will(world: World) -> None:
    told = await world.after(ActionCheckStock, text="me avisa quando chegar?")
    assert told.said == ["utter_stock_no_alert"]


async def test_a_complaint_that_it_does_not_fit_begins_the_exchange(world: World) -> None:
    world.orders = [came()]
    told = await world.after(
        ActionHandOver, text="o tênis que comprei ficou pequeno", intent="complaint"
    )
    assert told.said == ["utter_exchange_sorry_fit"]
    heard = next(event for event in told.events if event.get("event") == "user")
    assert heard["parse_data"]["intent"]["name"] == "exchange_item"
    assert world.handoffs() == []


async def test_what_is_not_fair_is_no_size(world: World) -> None:
    world.orders = [came()]
    told = await world.after(ActionHandOver, text="isso não é justo!", intent="complaint")
    assert "utter_exchange_sorry_fit" not in told.said


async def test_a_photo_says_yes_to_the_return_of_what_came_broken(world: World) -> None:
    world.orders = [came()]
    offered = await world.after(
        ActionHandOver, text="a sola do meu tênis descolou", intent="complaint"
    )
    assert offered.said[-1] == "utter_complaint_offer_return"
    then = await world.next(
        offered,
        action=ActionReceiveMedia,
        text="/send_media",
        intent="send_media",
        media=[{"kind": "image", "id": "media-1"}],
    )
    heard = next(event for event in then.events if event.get("event") == "user")
    assert heard["parse_data"]["intent"]["name"] == "return_item"
    assert world.handoffs() == []


@pytest.mark.parametrize("text", ["vc é robô?", "are you a bot?", "tô falando com um robô?"])
async def test_who_asks_whether_this_is_a_bot_is_told(text: str, world: World) -> None:
    told = await world.after(ActionHandOver, text=text, intent="talk_to_human")
    assert told.said == ["utter_who_i_am"]
    assert told.slot("pending") == "talk_to_human"
    assert world.handoffs() == []


@pytest.mark.parametrize("text", ["vc é um robô?", "are you a bot?"])
async def test_who_asks_it_of_an_offered_person_gets_the_offer_again(
    text: str, world: World
) -> None:
    said = {"text": text, "intent": "talk_to_human", "pending": "talk_to_human"}
    told = await world.after(ActionHandOver, **said)
    assert told.said == ["utter_who_i_am"]
    assert told.slot("pending") == "talk_to_human"
    assert world.handoffs() == []


async def test_who_asks_it_instead_of_an_order_number_is_asked_for_it_again(world: World) -> None:
    said = {"text": "é robô?", "intent": "talk_to_human", "pending": "order_number"}
    told = await world.after(ActionHandOver, **said)
    assert told.said == ["utter_who_i_am_in_passing", "utter_ask_order_number_again"]
    assert told.slot("failed_attempts") == 0


async def test_who_asks_it_in_the_middle_of_a_return_goes_on_with_it(world: World) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    said = {"text": "você é um robô?", "intent": "talk_to_human"}
    told = await world.next(asked, action=ActionHandOver, **said)
    assert told.said == ["utter_who_i_am_in_passing", "utter_return_again_reason"]
    assert told.slot("pending") == "flow"


async def test_who_wants_a_person_and_no_bot_gets_one(world: World) -> None:
    told = await world.after(
        ActionHandOver, text="vc é robô? quero falar com gente", intent="talk_to_human"
    )
    assert told.said == ["utter_handed_over_wish"]


async def test_praise_is_heard(world: World) -> None:
    told = await world.after(ActionTakeThanks, text="amei o tênis!!", intent="thank")
    assert told.said == ["utter_praised"]
    told = await world.after(ActionTakeThanks, text="amei, obrigada!", intent="thank")
    assert told.said == ["utter_thank"]


async def test_who_has_paid_is_not_sent_the_boleto_again(world: World) -> None:
    world.orders = [an_order("50001", "awaiting_payment", is_shipped=False)]
    world.counter.money |= money("50001", a_payment("p1", method="boleto", state="pending"))
    told = await world.after(
        ActionCheckPayment, text="paguei o boleto, segue comprovante", intent="payment_issue"
    )
    assert told.said == ["utter_payment_not_seen_yet"]
    assert told.slot("pending") == "talk_to_human"


async def test_the_number_of_the_house_alone_changes_the_address_that_is_there(
    world: World,
) -> None:
    home = an_address()
    world.orders = [
        an_order("50001", "paid", may_change_address=YES, address=home, is_shipped=False)
    ]
    told = await world.after(
        ActionChangeAddress,
        text="coloquei o número errado, é 245 e não 254",
        intent="change_address",
    )
    assert told.said == ["utter_address_confirm"]
    assert f"{home['street']}, 245" in told.messages[0]["address"]


async def test_an_exchange_tells_when_the_new_piece_leaves(world: World) -> None:
    world.orders = [came()]
    asked = await world.after(ActionExchangeItem, text="quero trocar", intent="exchange_item")
    then = await world.next(
        asked, action=ActionCheckStock, text="e quando chega o novo?", intent="product_availability"
    )
    assert then.said[0] == "utter_exchange_when"
    assert then.said[-1] in {"utter_exchange_again_variant", "utter_exchange_again_confirm"}


async def test_the_order_of_somebody_else_is_asked_by_its_number(world: World) -> None:
    told = await world.after(
        ActionDeclineRequest,
        text="esse não, o do meu marido",
        intent="out_of_scope",
        shown="50001",
    )
    assert told.said == ["utter_ask_order_number"]


async def test_a_place_without_a_shop_is_told_so(world: World) -> None:
    told = await world.after(ActionShowStores, text="do you have a store in london", language="en")
    assert told.said[0] == "utter_no_store_there"
    told = await world.after(ActionShowStores, text="tem loja em são paulo?")
    assert told.said == ["utter_store_hours"]


async def test_what_a_shop_does_not_tell_of_itself_is_left_to_people(world: World) -> None:
    told = await world.after(ActionShowStores, text="tem estacionamento?")
    assert told.said == ["utter_store_detail_unknown"]


async def test_a_size_is_converted(world: World) -> None:
    told = await world.after(ActionShowSizeChart, text="what is BR 38 in US?", language="en")
    assert told.said == ["utter_size_converted"]


async def test_a_town_that_sounds_like_a_yes_is_a_town(world: World) -> None:
    order = an_order("50001", "paid", may_change_address=YES, is_shipped=False)
    world.orders = [{**order, "address": an_address()}]
    asked = await world.after(
        ActionChangeAddress,
        text="Rua Barão de Jaguara, 901, 13010-100",
        intent="change_address",
    )
    assert asked.said == ["utter_address_ask_city"]
    town = await world.next(asked, text="Campinas", intent="affirm")
    assert town.said == ["utter_address_confirm"]
    yes = await world.next(asked, text="sim", intent="affirm")
    assert yes.said == ["utter_address_ask_city"]
