"""Codes, places and hours: what the shop says, and nothing beside."""

import pytest

from actions.goods.goods import ActionCheckStock
from actions.guiding.fallback import ActionDefaultFallback
from actions.money.promos import ActionCheckPromo
from actions.shop.stores import ActionShowStores
from actions.tracking.order_number import ActionAnswerQuestion
from tests.actions.world import World


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("o cupom PE20 vale?", ["utter_promo_valid"]),
        ("cupom pe20", ["utter_promo_valid"]),
        ("o código VELHO ainda funciona?", ["utter_promo_over"]),
        ("is the code GRANDE valid?", ["utter_promo_below_minimum"]),
        ("cupom XPTO99", ["utter_promo_unknown"]),
        ("tem cupom?", ["utter_promos_running"]),
        ("any discount codes today?", ["utter_promos_running"]),
        ("meu cupom não funciona", ["utter_ask_promo_code"]),
        ("my promo code doesn't work", ["utter_ask_promo_code"]),
    ],
)
async def test_a_code_is_checked_asked_for_or_named(
    text: str, said: list[str], world: World
) -> None:
    outcome = await world.after(ActionCheckPromo, text=text)
    assert outcome.said == said


async def test_why_a_code_does_not_work_is_told_with_its_facts(world: World) -> None:
    over = await world.after(ActionCheckPromo, text="cupom VELHO funciona?")
    assert over.messages[0]["day"] == "01/03"
    small = await world.after(ActionCheckPromo, text="cupom GRANDE funciona?")
    assert small.messages[0]["minimum"] == "R$ 250,00"


async def test_the_code_that_was_asked_for_is_taken_in_any_letters(world: World) -> None:
    asked = await world.after(ActionCheckPromo, text="meu cupom não funciona")
    for text in ("pe20", "PE20", "é o PE20"):
        told = await world.next(asked, action=ActionDefaultFallback, text=text)
        assert told.said == ["utter_promo_valid"]
        assert told.slot("flow") is None


async def test_who_has_no_code_hears_which_ones_run(world: World) -> None:
    asked = await world.after(ActionCheckPromo, text="meu cupom não funciona")
    told = await world.next(asked, action=ActionAnswerQuestion, text="não", intent="deny")
    assert told.said == ["utter_promo_without_code", "utter_promos_running"]
    assert told.messages[1]["promos"] == "• PE20: 20% em tênis"


async def test_a_code_in_a_message_nobody_understood_is_checked(world: World) -> None:
    outcome = await world.after(ActionDefaultFallback, text="PE20 funciona?")
    assert outcome.said == ["utter_promo_valid"]
    outcome = await world.after(ActionDefaultFallback, text="XPTO99 funciona?")
    assert "utter_promo_unknown" not in outcome.said


async def test_hours_and_address_of_every_place(world: World) -> None:
    outcome = await world.after(ActionShowStores, text="onde fica a loja e que horas abre?")
    assert outcome.said == ["utter_store_hours"]
    (told,) = outcome.messages
    assert told["hours"] == "seg a sex 10h–20h, sáb 10h–18h"
    assert told["address"] == "Rua do Sol, 10, Centro, São Paulo/SP"


async def test_one_day_is_answered_for_that_day(world: World) -> None:
    sunday = {"entity": "date", "value": "-W-7"}
    outcome = await world.after(ActionShowStores, text="abre domingo?", entities=[sunday])
    assert outcome.said == ["utter_store_closed_on"]
    saturday = {"entity": "date", "value": "-W-6"}
    outcome = await world.after(
        ActionShowStores, text="open on saturday?", entities=[saturday], language="en"
    )
    assert outcome.said == ["utter_store_open_on"]
    assert (outcome.messages[0]["weekday"], outcome.messages[0]["hours"]) == (
        "Saturday",
        "10 am–6 pm",
    )


async def test_now_is_answered_for_now(world: World) -> None:
    outcome = await world.after(ActionShowStores, text="estão abertos agora?")
    assert outcome.said in (["utter_store_open_now"], ["utter_store_closed_now"])


async def test_delivery_without_rules_is_offered_to_a_person(world: World) -> None:
    outcome = await world.after(ActionCheckStock, text="vocês entregam em Manaus?")
    assert outcome.said == ["utter_delivery_unknown"]
    assert outcome.slot("pending") == "talk_to_human"
