"""Another address: from one message or part by part, read back, and only then changed."""

from typing import Any

import pytest

from actions.changes.moving import ActionChangeAddress
from actions.guiding.fallback import ActionDefaultFallback
from actions.guiding.handoff import ActionHandOver
from actions.tracking.order_number import ActionUseOrderNumber
from actions.wording.address_words import part_in, parts_in
from tests.actions.shelf import an_address
from tests.actions.world import World, an_order

YES = {"allowed": True, "refusal": None, "until": None}
WHOLE = "Rua das Flores, 123, apto 45, Centro, Campinas - SP, 13010-100"


def paid(**changes: Any) -> dict[str, Any]:
    """A paid order of Ana's on its way nowhere yet."""
    changes = {"may_change_address": YES, "address": an_address(), "version": "v1", **changes}
    return an_order("50001", "paid", is_shipped=False, **changes)


@pytest.mark.parametrize(
    ("text", "country", "parts"),
    [
        (
            WHOLE,
            "BR",
            {
                "street": "Rua das Flores",
                "number": "123",
                "complement": "apto 45",
                "district": "Centro",
                "city": "Campinas",
                "state": "SP",
                "postcode": "13010-100",
            },
        ),
        (
            "muda pra Av Paulista 1578, Bela Vista, São Paulo SP, cep 01310200",
            "BR",
            {
                "street": "Av Paulista",
                "number": "1578",
                "district": "Bela Vista",
                "city": "São Paulo",
                "state": "SP",
                "postcode": "01310-200",
            },
        ),
        (
            "Rua 7 de Setembro 120, Curitiba, 80020-000",
            "BR",
            {
                "street": "Rua 7 de Setembro",
                "number": "120",
                "city": "Curitiba",
                "state": "PR",
                "postcode": "80020-000",
            },
        ),
        (
            "221B Baker Street, London, NW1 6XE",
            "GB",
            {"street": "Baker Street", "number": "221B", "city": "London", "postcode": "NW1 6XE"},
        ),
        (
            "please change it to 12 Main St, Apt 4, Austin, TX 78701",
            "US",
            {
                "street": "Main St",
                "number": "12",
                "complement": "Apt 4",
                "city": "Austin",
                "state": "TX",
                "postcode": "78701",
            },
        ),
        ("quero mudar o endereço do pedido 48396", "BR", {}),
        ("minha rua mudou de nome", "BR", {}),
        ("não, o número é 45", "BR", {"number": "45"}),
    ],
)
def test_an_address_is_read_out_of_a_message(
    text: str, country: str, parts: dict[str, str]
) -> None:
    assert parts_in(text, country) == parts


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("Campinas", "city", {"city": "Campinas"}),
        ("Belo Horizonte - MG", "city", {"city": "Belo Horizonte", "state": "MG"}),
        ("é o 901", "number", {"number": "901"}),
        ("sem número", "number", {"number": "s/n"}),
        ("Barão de Jaguara, 901", "street", {"street": "Barão de Jaguara", "number": "901"}),
        ("que horas abre?", "city", {}),
    ],
)
def test_a_part_is_read_out_of_its_answer(text: str, part: str, found: dict[str, str]) -> None:
    assert part_in(text, part, "BR") == found


async def test_one_message_is_read_back_and_a_yes_changes_it(world: World) -> None:
    world.orders = [paid()]
    asked = await world.after(
        ActionChangeAddress, text=f"muda o endereço para {WHOLE}", intent="change_address"
    )
    assert asked.said == ["utter_address_confirm"]
    line = "Rua das Flores, 123, apto 45, Centro, Campinas/SP, CEP 13010-100"
    assert asked.messages[0]["address"] == line
    assert world.shelf.done == []
    done = await world.next(asked, text="sim", intent="affirm", message_id="wamid.2")
    assert done.said == ["utter_address_changed"]
    ((kind, key, body),) = world.shelf.done
    assert (kind, key) == ("address", "wamid.2:address")
    assert (body["recipient"], body["postcode"], body["state"]) == ("Ana Lima", "13010-100", "SP")
    assert done.slot("flow") is None


async def test_part_by_part(world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(
        ActionChangeAddress, text="quero mudar o endereço", intent="change_address"
    )
    assert turn.said == ["utter_address_ask"]
    steps = [
        ("13010-100", "utter_address_ask_street"),
        ("Rua Barão de Jaguara", "utter_address_ask_number"),
        ("901", "utter_address_ask_city"),
        ("Campinas", "utter_address_confirm"),
    ]
    for text, said in steps:
        turn = await world.next(
            turn, action=ActionDefaultFallback, text=text, intent="nlu_fallback"
        )
        assert turn.said == [said], text
    assert turn.messages[0]["address"] == "Rua Barão de Jaguara, 901, Campinas/SP, CEP 13010-100"


async def test_a_house_number_is_no_order_number(world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(
        ActionChangeAddress,
        text="muda para Av Paulista 1578, São Paulo, 01310-200",
        intent="change_address",
        order_number="1578",
    )
    assert turn.said == ["utter_address_confirm"]


async def test_what_is_wrong_is_put_right(world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(ActionChangeAddress, text=WHOLE, intent="change_address")
    turn = await world.next(turn, text="não", intent="deny")
    assert turn.said == ["utter_address_ask_fix"]
    turn = await world.next(turn, text="o número é 321", intent="x")
    assert turn.said == ["utter_address_confirm"]
    assert "Rua das Flores, 321" in turn.messages[0]["address"]
    turn = await world.next(turn, text="não, o número é 33", intent="deny")
    assert "Rua das Flores, 33," in turn.messages[0]["address"]
    assert world.shelf.done == []


async def test_a_postcode_that_cannot_be_is_asked_again(world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(
        ActionChangeAddress,
        text="Rua das Flores, 123, Campinas - RJ, 13010-100",
        intent="change_address",
    )
    assert turn.said == ["utter_address_other_state"]
    world.shelf.refuses = {"address": {"code": "postcode_malformed", "facts": {}}}
    turn = await world.next(turn, action=ActionDefaultFallback, text="13010-100", intent="x")
    assert turn.said == ["utter_address_confirm"]
    turn = await world.next(turn, text="sim", intent="affirm")
    assert turn.said == ["utter_address_bad_postcode"]


async def test_an_order_that_has_left_keeps_its_address(world: World) -> None:
    refusal = {"code": "already_shipped", "advice": "refuse_delivery", "facts": {}}
    may = {"allowed": False, "refusal": refusal, "until": None}
    world.orders = [paid(may_change_address=may)]
    told = await world.after(ActionChangeAddress, text="mudar endereço", intent="change_address")
    assert told.said == ["utter_refused_already_shipped", "utter_advice_person"]
    assert told.slot("flow")["payload"] == "/talk_to_human"


async def test_the_address_said_before_the_order_is_known_is_kept(world: World) -> None:
    world.orders = [paid()]
    nobody = {"name": "Priya", "phone": None}
    asked = await world.after(
        ActionChangeAddress, text=f"mudar para {WHOLE}", intent="change_address", contact=nobody
    )
    assert asked.said == ["utter_ask_order_number"]
    proof = await world.next(
        asked,
        action=ActionUseOrderNumber,
        text="50001",
        intent="inform_order_number",
        order_number="50001",
        contact=nobody,
    )
    assert proof.said == ["utter_ask_order_email"]
    shown = await world.next(
        proof,
        action=ActionUseOrderNumber,
        text="ana@example.com",
        email="ana@example.com",
        intent="inform_email",
        contact=nobody,
        flow=asked.slot("flow"),
    )
    assert shown.said == ["utter_address_confirm"]


async def test_people_get_the_address_that_was_collected(world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(ActionChangeAddress, text=WHOLE, intent="change_address")
    world.shelf.refuses = {"address": {"code": "on_the_moon", "facts": {}}}
    turn = await world.next(turn, text="sim", intent="affirm")
    assert turn.said == ["utter_handed_over_needs_people"]
    assert "Rua das Flores, 123" in world.handoffs()[0]["summary"]
    assert world.findings()[0]["slots"]["new_address"].startswith("Rua das Flores")


async def test_a_shop_that_is_down_is_told_honestly(world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(ActionChangeAddress, text=WHOLE, intent="change_address")
    world.shop_fails = 503
    turn = await world.next(turn, text="sim", intent="affirm")
    assert turn.said == ["utter_handed_over_order_system_down"]


async def test_a_house_number_alone_is_no_call_for_people(world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(
        ActionChangeAddress, text="13010-100, Rua Barão de Jaguara", intent="change_address"
    )
    assert turn.said == ["utter_address_ask_number"]
    turn = await world.next(turn, action=ActionHandOver, text="1042", intent="talk_to_human")
    assert turn.said == ["utter_address_ask_city"]


async def test_an_order_is_named_without_the_word(world: World) -> None:
    world.orders = [paid(), an_order("50003", "paid", is_shipped=False)]
    turn = await world.after(
        ActionChangeAddress,
        text="mudar o endereço do 50001",
        intent="change_address",
        order_number="50001",
    )
    assert turn.messages[0]["order_number"] == "50001"


async def test_a_district_and_a_city_come_together(world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(
        ActionChangeAddress, text="avenida atlântica 2000 apto 301", intent="change_address"
    )
    assert turn.said == ["utter_address_ask_postcode"]
    turn = await world.next(
        turn, action=ActionDefaultFallback, text="Copacabana, Rio de Janeiro", intent="x"
    )
    assert turn.said == ["utter_address_ask_postcode"]
    turn = await world.next(turn, action=ActionDefaultFallback, text="22021-001", intent="x")
    line = "avenida atlântica, 2000, apto 301, Copacabana, Rio de Janeiro/RJ, CEP 22021-001"
    assert turn.messages[0]["address"] == line
