"""A complaint: sorry for what was said, one question at most, and people with all of it."""

from typing import Any

import httpx2
import pytest

from actions.guiding.handoff import ActionHandOver
from actions.guiding.media import ActionReceiveMedia
from actions.guiding.resuming import ActionResumeFlow
from tests.actions.shelf import a_line
from tests.actions.world import Outcome, World, an_order, brunos_order, came

TWO = {"items": [a_line(), a_line("i2", "Bota Serra", size="40")]}


async def _complains(world: World, text: str, **said: Any) -> Outcome:
    return await world.after(ActionHandOver, text=text, intent="complaint", **said)


@pytest.mark.parametrize(
    ("text", "sorry"),
    [
        ("meu pedido atrasou de novo", "delay"),
        ("still waiting for my parcel, three weeks now", "delay"),
        ("a atendente foi grossa comigo", "service"),
        ("your staff were rude to me on the phone", "service"),
        ("qualidade muito ruim, esperava mais", "quality"),
        ("the quality is poor for that money", "quality"),
        ("me cobraram uma taxa que não existia", "money"),
        ("mandaram só metade, veio faltando um par", "wrong_item"),
        ("o zíper arrebentou no segundo dia", "damaged"),
    ],
)
async def test_the_apology_is_for_what_was_said(text: str, sorry: str) -> None:
    world = World(orders=[an_order("50001", "in_transit", eta=-3)])
    outcome = await _complains(world, text)
    assert outcome.said == [f"utter_complaint_sorry_{sorry}", "utter_handed_over_complaint"]


async def test_people_read_order_item_matter_and_the_shoppers_own_words() -> None:
    world = World(orders=[came(items=[a_line()])])
    await _complains(world, "a qualidade é péssima, esperava bem mais. ana@example.com")
    assert world.handoffs() == [
        {
            "reason": "complaint",
            "summary": "#50001 · Tênis Aurora (38, preto) · Qualidade · "
            "a qualidade é péssima, esperava bem mais.",
            "priority": "high",
        }
    ]
    method, path, _, body = world.desk_calls[0]
    assert (method, path.rsplit("/", 1)[1]) == ("PATCH", "ticket")
    assert body["priority"] == "high"
    assert body["subject"].startswith("#50001 · Tênis Aurora (38, preto)")


async def test_the_named_item_of_a_larger_order_is_told() -> None:
    world = World(orders=[came(**TWO)])
    await _complains(world, "estou decepcionada com a qualidade da bota")
    assert world.handoffs()[0]["summary"].startswith("#50001 · Bota Serra (40, preto) · Qualidade")


async def test_of_several_orders_one_is_asked_for_with_a_way_out() -> None:
    world = World(orders=[came("50001"), came("50003")])
    asked = await _complains(world, "a qualidade me decepcionou muito, esperava mais")
    assert asked.said == ["utter_complaint_sorry_quality", "utter_complaint_ask_order"]
    titles = [button["title"] for button in asked.messages[-1]["buttons"]]
    assert titles == ["#50001 · 01/03", "#50003 · 01/03", "Não é sobre pedido"]
    assert world.handoffs() == []
    picked = await world.next(asked, text="o 50003", intent="inform_order_number")
    assert picked.said == ["utter_handed_over_complaint"]
    assert world.handoffs()[0]["summary"] == (
        "#50003 · Tênis Aurora (38, preto) · Qualidade · "
        "a qualidade me decepcionou muito, esperava mais"
    )


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ({"text": "2", "intent": "menu_choice"}, "#50003"),
        ({"text": "o da bota", "intent": "nlu_fallback"}, "#50003"),
        ({"text": "/menu_choice", "entities": [{"entity": "choice", "value": "50001"}]}, "#50001"),
        ({"text": "/menu_choice", "entities": [{"entity": "choice", "value": "none"}]}, None),
        ({"text": "não é sobre um pedido", "intent": "deny"}, None),
        ({"text": "3", "intent": "menu_choice"}, None),
        ({"text": "vocês abrem sábado?", "intent": "store_hours"}, None),
        ({"text": "oi???", "intent": "greet"}, None),
    ],
)
async def test_any_answer_brings_people(said: dict[str, Any], order: str | None) -> None:
    boots = came("50003", items=[a_line(name="Bota Serra")])
    world = World(orders=[came("50001"), boots])
    asked = await _complains(world, "que decepção com a qualidade, esperava muito mais")
    answer = await world.next(asked, **said)
    assert answer.said == ["utter_handed_over_complaint"]
    assert world.findings()[0].get("order") == order
    assert answer.slot("flow") is None


async def test_thanks_bring_people_too() -> None:
    world = World(orders=[came("50001"), came("50003")])
    asked = await _complains(world, "que decepção com a qualidade, esperava muito mais")
    thanked = await world.next(asked, text="obrigada", intent="thank", action=ActionResumeFlow)
    assert thanked.said == ["utter_handed_over_complaint"]


async def test_a_photo_is_an_answer() -> None:
    world = World(orders=[came("50001"), came("50003")])
    asked = await _complains(world, "que decepção com a qualidade, esperava muito mais")
    photo = [{"kind": "image", "id": "m1"}]
    sent = await world.next(
        asked, text="/send_media", intent="send_media", media=photo, action=ActionReceiveMedia
    )
    assert sent.said == ["utter_handed_over_complaint"]
    assert world.findings()[0]["slots"]["files"] == "1"
    assert "/send_media" not in world.handoffs()[0]["summary"]


async def test_who_only_says_that_they_complain_is_asked_what_happened() -> None:
    world = World(orders=[an_order("50001", "in_transit", eta=-2)])
    asked = await _complains(world, "oi, quero fazer uma reclamação")
    assert asked.said == ["utter_complaint_ask_what"]
    told = await world.next(asked, text="tá atrasado faz 10 dias", intent="delivery_late")
    assert told.said == ["utter_complaint_sorry_delay", "utter_handed_over_complaint"]
    assert world.handoffs()[0]["summary"] == (
        "#50001 · Tênis Aurora · Atraso · oi, quero fazer uma reclamação tá atrasado faz 10 dias"
    )


@pytest.mark.parametrize(
    "text",
    [
        "QUERO RECLAMAR DO QUE FIZERAM COMIGO",
        "que palhaçada",
        "I'm done with you!!!!",
        "vou no procon",
    ],
)
async def test_the_furious_are_asked_nothing(text: str) -> None:
    world = World(orders=[came("50001"), came("50003")])
    outcome = await _complains(world, text)
    assert outcome.said[-1] == "utter_handed_over_complaint"


async def test_the_late_order_is_the_one_that_is_late() -> None:
    world = World(orders=[came("50001"), an_order("50003", "in_transit", eta=-4)])
    await _complains(world, "meu pedido não chega nunca, que demora")
    assert world.findings()[0]["order"] == "#50003"


async def test_an_order_of_somebody_else_is_named_and_not_described() -> None:
    world = World(orders=[brunos_order()])
    await _complains(world, "o pedido 50002 veio com o zíper quebrado", order_number="50002")
    assert "Tênis" not in world.handoffs()[0]["summary"]
    assert world.findings()[0]["order"] == "#50002"


async def test_the_matter_may_be_dropped() -> None:
    world = World(orders=[came("50001"), came("50003")])
    asked = await _complains(world, "que decepção com a qualidade, esperava muito mais")
    dropped = await world.next(asked, text="ah, deixa pra lá", intent="deny")
    assert dropped.said == ["utter_complaint_dropped"]
    assert world.handoffs() == []


@pytest.mark.parametrize("how", [503, httpx2.ConnectError("down")])
async def test_a_shop_that_is_down_keeps_nobody_from_people(how: Any) -> None:
    world = World(shop_fails=how)
    outcome = await _complains(world, "a atendente foi muito grossa comigo")
    assert outcome.said == ["utter_complaint_sorry_service", "utter_handed_over_complaint"]


async def test_an_open_question_calls_people_by_itself() -> None:
    world = World(orders=[came("50001"), came("50003")])
    asked = await _complains(world, "que decepção com a qualidade, esperava muito mais")
    assert asked.slot("flow")["calls_people"] is True


async def test_fraud_goes_to_people_with_order_and_words_and_no_question() -> None:
    world = World(orders=[came("50001"), came("50003")])
    outcome = await world.after(
        ActionHandOver,
        text="recebi um boleto falso do pedido 50001",
        intent="fraud_report",
        order_number="50001",
    )
    assert outcome.said == ["utter_handed_over_fraud"]
    assert world.handoffs() == [
        {
            "reason": "fraud",
            "summary": "#50001 · recebi um boleto falso do pedido 50001",
            "priority": "urgent",
        }
    ]
