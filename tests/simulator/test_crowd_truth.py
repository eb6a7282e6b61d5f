"""What the desk claims is held against what the shop knows, and each talk against its goal."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from simulator.crowd import claims, outcome, tally
from simulator.crowd.claims import Heard
from simulator.crowd.fitting import plan
from simulator.crowd.goals import Wish
from simulator.crowd.hearing import Said
from simulator.crowd.talk import Talk
from simulator.crowd.truth import Truth

TODAY = date(2026, 11, 26)


def a_page(state: str = "in_transit", **changes: Any) -> dict[str, Any]:
    line = {"quantity": 1, "unit_price": {"amount": "299.90", "currency": "BRL"}}
    parcel = {"number": "AA123456785BR", "eta": "2026-11-28"}
    address = {"street": "Rua A", "number": "1", "postcode": "01304-001"}
    return {
        "number": "48213",
        "state": state,
        "order": {"items": [line], "shipments": [parcel], "address": address},
        "returns": [],
        "money": {"payments": [], "refunds": []},
        "changes": [],
        **changes,
    }


def the_truth() -> Truth:
    truth = Truth()
    truth.learn_order(a_page())
    truth.learn_promos([{"code": "PE20", "valid": True}, {"code": "INVERNO25", "valid": False}])
    truth.learn_stores({"stores": [{"mon": [{"opens": "10:00", "closes": "20:00"}]}]})
    variants = [
        {"product": "TN-BRISA", "size": "38", "color": color, "available": True}
        for color in ("preto", "branco", "azul-marinho")
    ]
    gone = {"product": "TN-BRISA", "size": "40", "color": "preto", "available": False}
    truth.learn_stock({"variants": [*variants, gone], "alternatives": []})
    return truth


def wrong(text: str, written: str = "") -> list[str]:
    return claims.wrong(Heard(text, "48213", written, TODAY), the_truth())


@pytest.mark.parametrize(
    "text",
    [
        "O pedido 48213 está a caminho. Previsão de entrega: 28/11.",
        "Order 48213 is on its way. Expected delivery: November 28.",
        "Correios, código AA123456785BR. https://rastreio.example/99999",
        "O pedido 48213 ainda não foi entregue.",
        "A devolução do pedido 48213 está a caminho daqui.",
        "Custa R$ 299,90.",
        "Loja Pinheiros: seg a sex 10h–20h.",
        "Pinheiros shop: 10 am–8 pm.",
        "Loja Pinheiros, sexta-feira, 27/11: 10h–20h.",
        "A equipe volta hoje às 9h e responde por aqui.",
        "O cupom PE20 está valendo.",
        "The code INVERNO25 ran until then and is over.",
        "Tem, sim! Tênis Brisa, tamanho 38, preto, por R$ 299,90.",
        "Tênis Brisa (40, preto) está em falta agora.",
        "Trocar Tênis Brisa (40, preto) por 38, preto, que tem no estoque.",
    ],
)
def test_what_is_true_is_never_called_wrong(text: str) -> None:
    assert wrong(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "O pedido 48214 está a caminho.",
        "O pedido 48213 foi entregue.",
        "Order 48213 is cancelled.",
        "Previsão de entrega: 29/11.",
        "Expected delivery: November 30.",
        "Custa R$ 199,90.",
        "It's $59.90.",
        "Tracking number: AA999999995BR.",
        "Loja Pinheiros: seg a sex 9h–20h.",
        "Pinheiros shop: 10 am–9 pm.",
        "Loja Pinheiros, sábado, 27/11: 10h–20h.",
        "O cupom INVERNO25 está valendo.",
        "The code NADA99 works.",
        "Não achei o cupom PE20.",
        "Tem, sim! Tênis Brisa no tamanho 40, preto.",
        "Brisa trainers (38, black) is out of stock right now.",
    ],
)
def test_what_the_shop_contradicts_is_found(text: str) -> None:
    assert len(wrong(text)) == 1


def test_what_the_shopper_wrote_may_be_said_back() -> None:
    assert wrong("O pedido 99999 não é seu.", written="é o 99999") == []


def test_days_of_both_languages_are_read() -> None:
    text = "12/03, 5 de abril, March 7th and 9 May, em 01/01/2027"
    found = claims.days_in(text, TODAY)
    assert [(day.day, day.month) for day in found] == [(12, 3), (5, 4), (7, 3), (9, 5), (1, 1)]
    assert found[-1].year == 2027


def test_amounts_of_both_languages_are_read() -> None:
    found = claims.amounts_in("R$ 1.299,90, R$ 19,90 e $1,299.90")
    assert found == [Decimal("1299.90"), Decimal("19.90"), Decimal("1299.90")]


def a_talk(goal: str, *heard: Said, lang: str = "pt", **changes: Any) -> Talk:
    wish = Wish.model_validate({"lang": lang, "goal": goal, "opening": "oi"})
    after = changes.pop("after", None)
    talk = Talk(plan(wish, 1, 1), changes.pop("before", a_page()), after, list(heard))
    for name, value in changes.items():
        setattr(talk, name, value)
    return talk


def heard(text: str, kind: str = "text") -> Said:
    return Said("w", kind, text)


@pytest.mark.parametrize(
    ("goal", "text"),
    [
        ("track_order", "O pedido 48213 está a caminho."),
        ("order_late", "O pedido 48213 atrasou, sinto muito."),
        ("cancel_after_dispatch", "Esse pedido já saiu. É só recusar a entrega."),
        ("size_advice", "Take the 38: it fits 25 cm at the foot."),
        ("stock", "Tem, sim! Tênis Brisa, tamanho 38."),
        ("promo", "O cupom PE20 está valendo."),
        ("hours", "Loja Pinheiros: seg a sex 10h–20h."),
    ],
)
def test_a_goal_is_reached_when_it_was_told(goal: str, text: str) -> None:
    assert outcome.is_reached(a_talk(goal, heard(text)))
    assert not outcome.is_reached(a_talk(goal, heard("Desculpa, não entendi.")))


def test_a_change_is_reached_when_the_shop_has_it() -> None:
    told = heard("Pronto!")
    assert outcome.is_reached(a_talk("cancel_before_dispatch", told, after=a_page("cancelled")))
    assert not outcome.is_reached(a_talk("cancel_before_dispatch", told, after=a_page("paid")))
    returned = [{"number": "R1", "kind": "refund", "items": []}]
    assert outcome.is_reached(a_talk("return_regret", told, after=a_page(returns=returned)))
    assert not outcome.is_reached(a_talk("exchange_size", told, after=a_page(returns=returned)))


def test_an_invoice_is_a_document() -> None:
    assert outcome.is_reached(a_talk("invoice", heard("Aqui está.", "document")))
    assert not outcome.is_reached(a_talk("invoice", heard("Aqui está.")))


def test_a_change_that_nobody_asked_for_is_wrong() -> None:
    change = {"who": "desk", "act": "order.cancel", "outcome": "done"}
    after = a_page("cancelled", changes=[change])
    assert outcome.wrong_effects(a_talk("track_order", after=after))
    assert not outcome.wrong_effects(a_talk("cancel_before_dispatch", after=after))


def test_a_change_that_was_told_but_not_made_is_wrong() -> None:
    talk = a_talk("cancel_before_dispatch", heard("Pronto, o pedido 48213 foi cancelado."))
    assert outcome.wrong_effects(talk) == ["told cancelled, and it isn't"]


def test_an_exchange_for_another_size_than_wanted_is_wrong() -> None:
    items = [{"new_size": "41"}]
    after = a_page("delivered", returns=[{"number": "R1", "kind": "exchange", "items": items}])
    talk = a_talk(
        "exchange_size", after=after, written=["pelo 41", "[41]", "não, quero o 38", "sim"]
    )
    assert outcome.wrong_effects(talk) == ["got 41, which wasn't wanted"]


def with_people(summary: str, priority: str = "normal") -> dict[str, Any]:
    return {
        "conversation": {"owner": "queue", "ticket": {"number": 1, "priority": priority}},
        "handoff": {"summary": summary, "details": {}},
    }


def test_people_need_the_order_and_what_was_said_of_it() -> None:
    assert outcome.missing(a_talk("payment_twice", **with_people("#48213 · 2x"))) == []
    assert outcome.missing(a_talk("payment_twice", **with_people("2x"))) == ["the order"]
    assert outcome.missing(a_talk("return_defect", **with_people("#48213"))) == ["the reason"]
    assert outcome.missing(a_talk("fraud", **with_people(""))) == ["its priority"]
    assert outcome.missing(a_talk("fraud", **with_people("", "high"))) == []
    assert outcome.missing(a_talk("human")) == ["no handoff"]


@pytest.mark.parametrize(
    ("reason", "shown", "lacking"),
    [
        ("legal", ["#48213"], []),
        ("legal", ["#48213", "#48102"], ["the order"]),
        ("complaint", ["#48213"], ["the order"]),
    ],
)
def test_a_word_that_calls_people_leaves_them_the_only_order_beside_the_talk(
    reason: str, shown: list[str], lacking: list[str]
) -> None:
    known = with_people("")
    known["handoff"]["reason"] = reason
    known["conversation"]["orders"] = [{"number": number} for number in shown]
    assert outcome.missing(a_talk("complaint", **known)) == lacking


def test_a_goal_for_people_is_not_reached_without_them() -> None:
    assert not outcome.is_reached(a_talk("human", heard("Sou um robô.")))


def test_the_aims_count_routine_goals_and_the_rest() -> None:
    good = [a_talk("hours", heard("10h–20h"), messages=2) for _ in range(9)]
    late = a_talk("track_order", **with_people("#48213"))
    fraud = a_talk("fraud", **with_people("", "urgent"))
    figures = {aim.name: aim.is_met for aim in tally.aims([*good, late, fraud])}
    assert all(figures.values())
    lost = a_talk("invoice", heard("?"), wrong=["the shop knows no amount of 1"])
    missed = [aim for aim in tally.aims([*good, late, fraud, lost]) if not aim.is_met]
    assert [aim.figure for aim in missed] == [2 / 3, 1.0]


def test_the_figures_are_json_with_a_row_for_each_goal_and_language() -> None:
    talks = [a_talk("hours", heard("10h–20h"), messages=1), a_talk("human", lang="en")]
    found = tally.as_json(talks, 1, 2.5)
    assert [(one["goal"], one["language"]) for one in found["goals"]] == [
        ("hours", "pt"),
        ("human", "en"),
    ]
    assert found["goals"][0]["reached"] == 1
    assert found["goals"][1]["lost"] == 1
    assert [one["ending"] for one in found["talks"]] == ["reached", "lost"]
