"""Something goes back: which order, which line, why, a photo, all right, and then done once."""

import pytest

from actions.guiding.media import ActionReceiveMedia
from actions.guiding.menu import ActionChooseOption
from actions.returns.returning import ActionExchangeItem, ActionReturnItem
from tests.actions.shelf import a_line, a_return
from tests.actions.world import World, an_order, came


async def test_within_seven_days_nobody_is_asked_why(world: World) -> None:
    world.orders = [came()]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    assert asked.said == [
        "utter_return_by_regret",
        "utter_return_conditions",
        "utter_return_confirm",
    ]
    assert asked.slot("pending") == "flow"
    assert "Tênis Aurora (38, preto)" in asked.everything()
    assert world.shelf.done == []
    done = await world.next(asked, text="sim", intent="affirm", message_id="wamid.2")
    assert done.said == [
        "utter_return_opened",
        "utter_return_after",
        "utter_return_post_by",
        "utter_shop_sentence",
        "utter_return_label",
    ]
    assert "R$ 1.299,90" in done.everything()
    assert world.files[0][1].startswith(b"%PDF")
    ((kind, key, body),) = world.shelf.done
    assert (kind, key, body["kind"], body["reason"]) == (
        "returns",
        "wamid.2:return",
        "refund",
        "none",
    )
    assert done.slot("pending") is None
    assert done.slot("flow") is None


async def test_the_same_yes_heard_again_opens_no_second_return(world: World) -> None:
    world.orders = [came()]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    for _ in range(2):
        done = await world.next(asked, text="sim", intent="affirm", message_id="wamid.2")
    assert done.messages[0]["return_number"] == "R50001-1"
    assert len(world.shelf.done) == 1


async def test_a_no_leaves_everything_as_it_was(world: World) -> None:
    world.orders = [came()]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    left = await world.next(asked, text="não", intent="deny")
    assert left.said == ["utter_flow_left"]
    assert left.slot("flow") is None
    assert world.shelf.done == []


async def test_after_seven_days_the_reason_is_asked_and_a_fault_wants_a_photo(world: World) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    assert asked.said == ["utter_return_ask_reason"]
    photo = await world.next(
        asked, action=ActionReceiveMedia, text="veio rasgado", intent="complaint"
    )
    assert photo.said == ["utter_return_ask_photo"]
    ready = await world.next(
        photo,
        action=ActionReceiveMedia,
        intent="send_media",
        media=[{"kind": "image", "id": "media-7"}],
    )
    assert ready.said == ["utter_return_free", "utter_return_confirm"]
    await world.next(ready, text="pode", intent="affirm")
    ((_, _, body),) = world.shelf.done
    assert (body["reason"], body["photos"]) == ("defect", ["media-7"])


async def test_who_has_no_photo_is_given_to_people_with_everything(world: World) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(
        ActionReturnItem, text="quero devolver, veio rasgado", intent="return_item"
    )
    assert asked.said == ["utter_return_ask_photo"]
    given = await world.next(asked, text="não tenho", intent="deny")
    assert given.said == ["utter_handed_over_without_photo"]
    (call,) = world.handoffs()
    assert call["reason"] == "needs_people"
    assert call["summary"] == "#50001 · Tênis Aurora (38, preto) · Com defeito"
    (known,) = world.findings()
    assert known["slots"]["return_reason"] == "Com defeito"
    assert "flow" not in known["slots"]


async def test_a_piece_of_the_wrong_size_may_be_exchanged_instead(world: World) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(
        ActionReturnItem, text="quero devolver, ficou pequeno", intent="return_item"
    )
    assert asked.said == ["utter_return_ask_kind"]
    offered = await world.next(
        asked, action=ActionChooseOption, text="trocar", intent="exchange_item"
    )
    assert offered.said == ["utter_exchange_ask_variant"]
    titles = [button["title"] for button in offered.messages[0]["buttons"]]
    assert titles == ["37", "39", "40", "branco"]
    ready = await world.next(offered, action=ActionChooseOption, text="39", intent="x")
    assert ready.said[-1] == "utter_exchange_confirm"
    assert ready.messages[-1]["instead"] == "39, preto"


async def test_an_exchange_named_at_once_is_read_back(world: World) -> None:
    world.orders = [came()]
    ready = await world.after(
        ActionExchangeItem,
        text="quero trocar o 38 por um 39",
        intent="exchange_item",
        entities=[{"entity": "size", "value": "38"}, {"entity": "size", "value": "39"}],
    )
    assert ready.said == [
        "utter_return_free",
        "utter_return_conditions",
        "utter_exchange_confirm",
    ]
    done = await world.next(ready, text="isso", intent="affirm")
    assert done.said[:2] == ["utter_exchange_opened", "utter_exchange_after"]
    ((_, _, body),) = world.shelf.done
    assert body["items"] == [{"item": "i1", "quantity": 1, "new_size": "39"}]


async def test_a_size_up_is_found_in_the_shops_own_sizes(world: World) -> None:
    world.orders = [came()]
    ready = await world.after(
        ActionExchangeItem, text="trocar por um número maior", intent="exchange_item"
    )
    assert ready.messages[-1]["instead"] == "39, preto"


async def test_what_is_sold_out_leads_to_what_is_there_or_to_money(world: World) -> None:
    world.orders = [came()]
    world.shelf.sold_out = {("39", "preto")}
    asked = await world.after(
        ActionExchangeItem,
        text="quero trocar por 39",
        intent="exchange_item",
        entities=[{"entity": "size", "value": "39"}],
    )
    assert asked.said == ["utter_exchange_sold_out", "utter_exchange_ask_instead"]
    money = await world.next(asked, text="prefiro o dinheiro", intent="refund_status")
    assert money.said[-1] == "utter_return_confirm"


async def test_two_lines_are_told_apart_by_name_button_or_number(world: World) -> None:
    lines = [a_line("i1"), a_line("i2", "Meias Brisa", size="Único", category="socks")]
    world.orders = [came(items=lines)]
    named = await world.after(
        ActionReturnItem, text="quero devolver as meias", intent="return_item"
    )
    assert "Meias Brisa" in named.messages[-1]["items"]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    assert asked.said == ["utter_return_ask_item"]
    for turn in (
        {"text": "o tênis", "intent": "product_availability"},
        {"text": "1", "intent": "menu_choice"},
        {
            "text": '/menu_choice{"choice": "i1"}',
            "intent": "menu_choice",
            "entities": [{"entity": "choice", "value": "i1"}],
        },
    ):
        ready = await world.next(asked, **turn)
        assert ready.messages[-1]["items"] == "Tênis Aurora (38, preto)", turn
    both = await world.next(asked, text="os dois", intent="nlu_fallback")
    assert both.messages[-1]["items"] == "Tênis Aurora (38, preto), Meias Brisa (Único, preto)"


async def test_of_two_pieces_one_may_stay(world: World) -> None:
    world.orders = [came(items=[a_line(quantity=2)])]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    assert asked.said == ["utter_return_ask_quantity"]
    ready = await world.next(asked, text="só uma", intent="nlu_fallback")
    await world.next(ready, text="sim", intent="affirm")
    assert world.shelf.done[0][2]["items"] == [{"item": "i1", "quantity": 1}]


async def test_a_window_that_is_over_is_told_with_its_day_and_what_is_left(world: World) -> None:
    world.orders = [came(days_ago=40)]
    asked = await world.after(
        ActionReturnItem, text="não gostei, quero devolver", intent="return_item"
    )
    assert asked.said == ["utter_refused_window_over", "utter_advice_report_defect"]
    assert asked.slot("flow")["payload"].startswith("/return_item")
    left = await world.next(asked, text="não", intent="deny")
    assert left.said == ["utter_flow_left"]


async def test_what_isnt_here_yet_can_be_refused_at_the_door(world: World) -> None:
    world.orders = [an_order("50001", "in_transit", eta=1, items=[a_line()])]
    told = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    assert told.said == ["utter_refused_not_delivered_yet", "utter_shop_sentence"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("label_sent", "utter_return_label_sent"),
        ("in_transit", "utter_return_in_transit"),
        ("received", "utter_return_received"),
        ("refunded", "utter_return_refunded"),
        ("at_the_tailor", "utter_return_unknown"),
    ],
)
async def test_where_a_return_stands_is_said(world: World, state: str, said: str) -> None:
    world.orders = [came()]
    world.shelf.returns = [a_return("R50001-1", "50001", state)]
    told = await world.after(
        ActionReturnItem, text="como está minha devolução?", intent="return_item"
    )
    assert told.said[0] == said
    assert told.slot("pending") is None


async def test_a_rejected_return_is_explained_and_a_person_offered(world: World) -> None:
    world.orders = [came()]
    because = {"pt": "Sinais de uso.", "en": "Signs of wear."}
    rejected = a_return("R50001-1", "50001", "rejected", rejected_because=because)
    world.shelf.returns = [rejected]
    told = await world.after(ActionReturnItem, text="status da devolução", intent="return_item")
    assert told.said == ["utter_return_rejected", "utter_shop_sentence", "utter_advice_person"]
    assert told.slot("flow")["payload"] == "/talk_to_human"


async def test_an_order_that_changed_meanwhile_is_read_back_anew(world: World) -> None:
    world.orders = [came()]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    world.shelf.refuses = {"returns": {"code": "changed_meanwhile", "facts": {}}}
    again = await world.next(asked, text="sim", intent="affirm")
    assert again.said[0] == "utter_changed_meanwhile"
    assert again.said[-1] == "utter_return_confirm"
    assert world.shelf.done == []


async def test_what_sold_out_at_the_last_moment_is_asked_anew(world: World) -> None:
    world.orders = [came()]
    ready = await world.after(
        ActionExchangeItem, text="trocar por um número maior", intent="exchange_item"
    )
    world.shelf.refuses = {"returns": {"code": "out_of_stock", "facts": {}}}
    again = await world.next(ready, text="sim", intent="affirm")
    assert again.said == ["utter_exchange_gone", "utter_exchange_ask_variant"]
