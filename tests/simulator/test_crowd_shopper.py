"""A shopper of a crowd reads what the desk says, in both languages, and answers like a person."""

import random
from typing import Any

import pytest

from simulator.crowd.acting import Photo, Press, Write
from simulator.crowd.asking import Ask, asked
from simulator.crowd.fitting import Plan, plan
from simulator.crowd.goals import Wish
from simulator.crowd.hearing import Choice, Said, said
from simulator.crowd.shopper import Shopper

YES_OR_NO = (Choice("Confirmar", "/affirm"), Choice("Não", "/deny"))


def told(text: str, *choices: Choice) -> list[Said]:
    kind = "interactive" if choices else "text"
    return [Said("wamid.1", kind, text, choices, is_list=len(choices) > 3)]


def a_plan(goal: str, lang: str = "pt", **follow_ups: str) -> Plan:
    line = {"lang": lang, "goal": goal, "opening": "oi", "follow_ups": follow_ups}
    return plan(Wish.model_validate(line), 5, 1)


def a_shopper(goal: str, lang: str = "pt", **follow_ups: str) -> Shopper:
    shopper = Shopper(a_plan(goal, lang, **follow_ups), "48213", random.Random(1))
    shopper.has_wavered = True
    return shopper


def answer(shopper: Shopper, heard: list[Said]) -> Any:
    return shopper.answers(heard, is_reached=False, is_with_people=False)


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("Me manda o número do pedido? Ele está no e-mail de confirmação da compra.", Ask.ORDER),
        ("Could you send me the order number? It's in your confirmation email.", Ask.ORDER),
        ("Não achei um número. Manda só os números, como aparecem no e-mail.", Ask.ORDER),
        ("Com que e-mail você comprou?", Ask.EMAIL),
        ("O pedido 48213 está a caminho.\n\nE qual é o motivo?", Ask.REASON),
        ("What's the reason?", Ask.REASON),
        ("Sinto muito! Me manda uma foto que mostre o problema?", Ask.PHOTO),
        ("Por qual você quer trocar Tênis Brisa (38, preto)? Estes têm no estoque:", Ask.SIZE),
        ("Would you rather have another size, or your money back?", Ask.KIND),
        ("What's the new address? Send me the street, number, city and postcode.", Ask.ADDRESS),
        ("Qual é o CEP?", Ask.POSTCODE),
        ("Qual é o nome da rua?", Ask.STREET),
        ("Which city is it?", Ask.CITY),
        ("Qual é o comprimento do seu pé em cm? Ou que número usa em outra marca?", Ask.MEASURE),
        ('De qual produto? Pode ser o nome, como "Tênis Brisa".', Ask.PRODUCT),
        ("Atrasou, sinto muito. Quer que uma pessoa da equipe veja?", Ask.PERSON),
        ("Oi! Como posso ajudar? Toque numa opção.", Ask.WHICH_MATTER),
        ("O Pix venceu. Gero um código novo de R$ 429,90?", Ask.OTHER),
        ("O pedido 48213 está a caminho.", None),
        ("Acompanhe aqui: https://rastreio.example/?p=1", None),
    ],
)
def test_what_is_asked_is_told_from_the_words(text: str, ask: Ask | None) -> None:
    assert asked(told(text)) == ask


def test_two_buttons_one_of_which_says_no_ask_for_a_yes() -> None:
    assert asked(told("Cancelar o pedido 48213?", *YES_OR_NO)) is Ask.CONFIRM


def test_a_number_is_given_in_the_shoppers_own_words() -> None:
    shopper = a_shopper("track_order", ask_order="acho que é o 11111")
    assert answer(shopper, told("Me manda o número do pedido?")) == Write("acho que é o 48213")


def test_of_several_orders_the_own_one_is_pressed() -> None:
    heard = told("De qual pedido?", Choice("48100 · 10/11", "a"), Choice("48213 · 12/11", "b"))
    act = answer(a_shopper("track_order"), heard)
    assert isinstance(act, Press)
    assert act.choice.id == "b"


def test_a_row_is_pressed_as_the_phone_does_it() -> None:
    rows = [Choice(size, f"/{size}") for size in ("36", "37", "38", "39")]
    heard = told("Qual tamanho?", *rows)
    assert heard[0].press(rows[2]) == {
        "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": "/38", "title": "38"}},
    }


def test_a_fault_is_shown_in_a_photo_and_only_once() -> None:
    shopper = a_shopper("return_defect")
    heard = told("Me manda uma foto?")
    assert answer(shopper, heard) == Photo()
    assert isinstance(answer(shopper, heard), Write)


def test_yes_is_said_to_what_was_wanted_and_no_to_anything_else() -> None:
    wanted = answer(a_shopper("cancel_before_dispatch"), told("Cancelar o pedido?", *YES_OR_NO))
    assert isinstance(wanted, Press)
    assert wanted.choice.id == "/affirm"
    other = answer(a_shopper("cancel_before_dispatch"), told("Devolver o tênis?", *YES_OR_NO))
    assert isinstance(other, Press)
    assert other.choice.id == "/deny"


def test_a_wrong_size_in_what_is_read_back_is_corrected() -> None:
    shopper = a_shopper("exchange_size", ask_size="38")
    assert answer(shopper, told("Trocar por 40, preto?", *YES_OR_NO)) == Write("não, quero o 38")


def test_something_else_is_asked_once_in_the_middle() -> None:
    shopper = a_shopper("return_regret", digress="vocês abrem no sábado?")
    heard = told("Qual é o motivo?")
    assert answer(shopper, heard) == Write("vocês abrem no sábado?")
    assert answer(shopper, heard) != Write("vocês abrem no sábado?")


def test_who_is_not_understood_says_it_anew_then_wants_a_person_then_leaves() -> None:
    shopper = a_shopper("invoice", "en")
    sorry = told("I can't help with that one.")
    assert answer(shopper, sorry) == Write("i need the invoice for my order")
    assert "person" in answer(shopper, sorry).text or "agent" in answer(shopper, sorry).text
    assert answer(shopper, sorry) is None
    assert shopper.gave_up


def test_silence_is_asked_about_once() -> None:
    shopper = a_shopper("hours")
    assert isinstance(answer(shopper, []), Write)
    assert answer(shopper, []) is None


def test_who_has_what_they_wanted_goes() -> None:
    shopper = a_shopper("hours")
    end = shopper.answers(told("10h–20h"), is_reached=True, is_with_people=False)
    assert end is None or isinstance(end, Write)
    assert shopper.answers(told("Por nada!"), is_reached=True, is_with_people=False) is None


def test_a_bubble_of_the_phone_is_read_with_its_buttons_and_its_picture() -> None:
    buttons = [{"type": "reply", "reply": {"id": "/deny", "title": "Não"}}]
    content = {
        "type": "button",
        "header": {"type": "image", "image": {}},
        "body": {"text": "Certo?"},
        "action": {"buttons": buttons},
    }
    found = said({"id": "w", "type": "interactive", "content": content})
    assert (found.text, found.choices) == ("Certo?", (Choice("Não", "/deny"),))
    assert found.has_picture
