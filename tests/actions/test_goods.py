"""Goods: is there one, which size fits, and the chart; one question at a time."""

from typing import Any

import pytest

from actions.goods.goods import ActionCheckStock, ActionHelpWithSize, ActionShowSizeChart
from actions.guiding.fallback import ActionDeclineRequest, ActionDefaultFallback
from actions.guiding.menu import ActionChooseOption
from actions.shop.stores import ActionShowStores
from actions.tracking.order_number import ActionAnswerQuestion
from tests.actions.counter import PICTURE
from tests.actions.world import World

BRISA = {"entity": "product", "value": "Tênis Brisa"}
SNEAKERS = {"entity": "product", "value": "sneakers"}
DRESS = {"entity": "product", "value": "dress"}


def size(value: str) -> dict[str, Any]:
    return {"entity": "size", "value": value}


def color(value: str, said: str, text: str) -> dict[str, Any]:
    start = text.index(said)
    return {"entity": "color", "value": value, "start": start, "end": start + len(said)}


async def test_a_product_in_a_size_is_there_in_its_colors(world: World) -> None:
    world.counter.sold_out = {"TN-BRISA/39/branco"}
    outcome = await world.after(
        ActionCheckStock, text="tem o tênis brisa no 39?", entities=[BRISA, size("39")]
    )
    assert outcome.said == ["utter_size_in_colors"]
    (told,) = outcome.messages
    assert told["colors"] == "preto e azul-marinho"
    assert told["price"] == "R$ 1.299,90"
    assert told["product_url"] == "https://shop.example/TN-BRISA"
    assert outcome.slot("pending") is None


async def test_what_was_talked_about_is_still_meant(world: World) -> None:
    first = await world.after(
        ActionCheckStock, text="tem o tênis brisa no 39?", entities=[BRISA, size("39")]
    )
    text = "e azul?"
    then = await world.next(
        first, action=ActionCheckStock, text=text, entities=[color("blue", "azul", text)]
    )
    assert then.said == ["utter_in_stock"]
    assert (then.messages[0]["size"], then.messages[0]["color"]) == ("39", "azul-marinho")


async def test_prices_and_words_follow_the_language(world: World) -> None:
    contact = {"name": "John", "phone": "447700900123"}
    text = "do you have the brisa trainers in navy?"
    outcome = await world.after(
        ActionCheckStock,
        text=text,
        language="en",
        contact=contact,
        entities=[BRISA, color("navy", "navy", text)],
    )
    assert outcome.said == ["utter_color_in_sizes"]
    assert outcome.messages[0]["price"] == "$259.90"
    assert outcome.messages[0]["sizes"] == "38, 39 and 40"


async def test_what_is_sold_out_comes_with_its_day_and_what_is_close(world: World) -> None:
    world.counter.sold_out = {"TN-BRISA/39/preto"}
    world.counter.back_in_days = 9
    text = "tem o tênis brisa preto no 39?"
    outcome = await world.after(
        ActionCheckStock, text=text, entities=[BRISA, size("39"), color("black", "preto", text)]
    )
    assert outcome.said == [
        "utter_out_of_stock",
        "utter_back_in_stock_on",
        "utter_stock_alternatives",
    ]
    assert "• Tênis Brisa, 39, branco" in outcome.messages[2]["alternatives"]


async def test_a_kind_of_goods_is_asked_for_by_name_and_then_by_size(world: World) -> None:
    asked = await world.after(ActionCheckStock, text="tem tênis?", entities=[SNEAKERS])
    assert asked.said == ["utter_choose_product"]
    assert [one["title"] for one in asked.messages[0]["buttons"]] == ["Tênis Brisa", "Tênis Aurora"]
    chosen = await world.next(
        asked, action=ActionChooseOption, text="2", intent="menu_choice", entities=[]
    )
    assert chosen.said == ["utter_ask_stock_size"]
    assert chosen.messages[0]["product"] == "Tênis Aurora"
    told = await world.next(chosen, action=ActionChooseOption, text="40", intent="menu_choice")
    assert told.said == ["utter_size_in_colors"]
    assert told.slot("flow") is None


async def test_a_size_that_is_said_before_its_product_is_kept(world: World) -> None:
    asked = await world.after(
        ActionCheckStock, text="tem tênis no 40?", entities=[SNEAKERS, size("40")]
    )
    told = await world.next(asked, action=ActionDefaultFallback, text="brisa")
    assert told.said == ["utter_size_in_colors"]
    assert told.messages[0]["size"] == "40"


@pytest.mark.parametrize(
    ("text", "entities", "said"),
    [
        ("tem o tênis brisa no 45?", [BRISA, size("45")], "utter_size_not_made"),
        (
            "tem o tênis brisa verde?",
            [BRISA, {"entity": "color", "value": "green", "start": 16, "end": 21}],
            "utter_color_not_made",
        ),
        ("tem em estoque?", [], "utter_ask_product"),
    ],
)
async def test_what_is_not_made_is_said(
    text: str, entities: list[Any], said: str, world: World
) -> None:
    outcome = await world.after(ActionCheckStock, text=text, entities=entities)
    assert outcome.said == [said]


async def test_what_the_shop_does_not_sell_is_never_answered_with_something_else(
    world: World,
) -> None:
    goods = {"product": "TN-BRISA", "name": "Tênis Brisa"}
    outcome = await world.after(ActionCheckStock, text="vocês vendem sofá?", goods=goods)
    assert outcome.said == ["utter_product_not_found", "utter_ask_product"]


async def test_a_few_words_nobody_understood_may_be_about_the_goods(world: World) -> None:
    goods = {"product": "TN-BRISA", "name": "Tênis Brisa", "size": "39"}
    outcome = await world.after(ActionDeclineRequest, text="e o aurora?", goods=goods)
    assert outcome.said == ["utter_ask_stock_size"]
    outcome = await world.after(ActionDeclineRequest, text="conta uma piada", goods=goods)
    assert outcome.said == ["utter_out_of_scope"]


async def test_size_alone_asks_whether_the_chart_or_help_is_wanted(world: World) -> None:
    for action in (ActionHelpWithSize, ActionShowSizeChart):
        asked = await world.after(action, text="tamanho?")
        assert asked.said == ["utter_ask_size_need"]
    chart = await world.next(asked, action=ActionChooseOption, text="1", intent="menu_choice")
    assert chart.said == ["utter_ask_product"]
    named = await world.next(
        chart,
        action=ActionCheckStock,
        text="vestido",
        intent="product_availability",
        entities=[DRESS],
    )
    assert named.said == ["utter_size_chart_picture"]


async def test_the_chart_comes_as_picture_and_text(world: World) -> None:
    asked = await world.after(
        ActionShowSizeChart, text="tabela de medidas do tênis", entities=[SNEAKERS]
    )
    assert asked.said == ["utter_ask_gender"]
    chart = await world.next(asked, action=ActionDefaultFallback, text="é feminino")
    assert chart.said == ["utter_size_chart_picture"]
    assert world.files == [("shoes-women.png", PICTURE)] or world.files[0][1] == PICTURE
    assert chart.messages[0]["file"] == "file:1"
    assert "39: pé 25,0-25,9 cm" in chart.messages[0]["chart"]
    assert "https://shop.example/shoes-women.png" in chart.messages[0]["chart"]


async def test_without_a_picture_the_text_comes_alone(world: World) -> None:
    world.counter.has_pictures = False
    outcome = await world.after(
        ActionShowSizeChart, text="size chart for dresses", language="en", entities=[DRESS]
    )
    assert outcome.said == ["utter_size_chart"]
    assert world.files == []


async def test_a_measure_finds_its_size_with_the_reason_and_the_exchange(world: World) -> None:
    asked = await world.after(
        ActionHelpWithSize, text="qual tamanho de vestido eu pego?", entities=[DRESS]
    )
    assert asked.said == ["utter_ask_measures"]
    told = await world.next(asked, action=ActionHelpWithSize, text="busto 92")
    assert told.said == ["utter_fit_between", "utter_fit_exchange_free"]
    assert (told.messages[0]["size"], told.messages[0]["other"]) == ("G", "M")
    assert told.messages[1]["days"] == "30"


async def test_what_was_measured_at_first_is_not_asked_again(world: World) -> None:
    asked = await world.after(
        ActionHelpWithSize, text="uso 8 americano, qual pego do tênis brisa?", entities=[BRISA]
    )
    assert asked.said == ["utter_ask_gender"]
    told = await world.next(asked, action=ActionChooseOption, text="2", intent="menu_choice")
    assert told.said == ["utter_fit_worn", "utter_fit_exchange_free"]
    assert (told.messages[0]["size"], told.messages[0]["worn"]) == ("39", "US 8")


@pytest.mark.parametrize(
    ("text", "said"), [("busto 40", "utter_fit_smaller"), ("busto 130", "utter_fit_larger")]
)
async def test_a_size_that_would_not_fit_is_never_recommended(
    text: str, said: str, world: World
) -> None:
    outcome = await world.after(ActionHelpWithSize, text=f"vestido, {text}", entities=[DRESS])
    assert outcome.said == [said]


async def test_a_digression_is_answered_and_the_question_asked_again(world: World) -> None:
    asked = await world.after(
        ActionHelpWithSize, text="ajuda com o tamanho do tênis", entities=[SNEAKERS]
    )
    aside = await world.next(asked, action=ActionShowStores, text="que horas vocês abrem?")
    assert aside.said == ["utter_store_hours", "utter_ask_gender"]
    assert aside.slot("pending") == "flow"


async def test_a_no_leaves_it(world: World) -> None:
    asked = await world.after(ActionHelpWithSize, text="qual tamanho eu pego?")
    left = await world.next(asked, action=ActionAnswerQuestion, text="não", intent="deny")
    assert left.said == ["utter_flow_left"]
    assert left.slot("flow") is None


async def test_three_answers_that_help_nobody_call_a_person_with_what_is_known(
    world: World,
) -> None:
    asked = await world.after(ActionHelpWithSize, text="qual tamanho de vestido?", entities=[DRESS])
    last = await world.next(asked, action=ActionDefaultFallback, text="sei lá", failed_attempts=2)
    assert last.said == ["utter_handed_over_failed_attempts"]
    assert world.handoffs()[0]["summary"] == "Vestido Lua"


async def test_a_size_of_another_country_is_read_in_the_shops_own(world: World) -> None:
    outcome = await world.after(
        ActionCheckStock,
        text="do you have the brisa trainers in a US 8?",
        language="en",
        entities=[BRISA, size("8")],
    )
    assert outcome.said == ["utter_size_in_colors"]
    assert outcome.messages[0]["size"] == "39"
