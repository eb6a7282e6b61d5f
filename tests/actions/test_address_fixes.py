"""Parts of an address are put right, and something else is asked, while another is collected."""

from typing import Any

import pytest

from actions.changes.moving import ActionChangeAddress
from actions.guiding.fallback import ActionDefaultFallback
from actions.money.refunds import ActionShowRefund
from actions.wording.address_fixes import details_in
from tests.actions.shelf import an_address
from tests.actions.world import World, an_order

YES = {"allowed": True, "refusal": None, "until": None}
WHOLE = "Rua das Flores, 123, apto 45, Centro, Campinas - SP, 13010-100"


def paid() -> dict[str, Any]:
    """A paid order of Ana's whose address may be another."""
    may = {"may_change_address": YES, "address": an_address(), "version": "v1"}
    return an_order("50001", "paid", is_shipped=False, **may)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("muda só o número pra 5", "Rua das Flores, 5, apto 45, Centro"),
        ("make it apt 5", "Rua das Flores, 123, apt 5, Centro"),
        ("o numero tá errado, é 210", "Rua das Flores, 210, apto 45, Centro"),
        ("wrong number, it's 210", "Rua das Flores, 210, apto 45, Centro"),
        ("e o apto é 8", "Rua das Flores, 123, apto 8, Centro"),
        ("sim, mas o apto é 7", "Rua das Flores, 123, apto 7, Centro"),
        ("change the number to 50B please", "Rua das Flores, 50B, apto 45, Centro"),
        ("muda o bairro para Cambuí", "Rua das Flores, 123, apto 45, Cambuí"),
        ("troca a rua pra Avenida Brasil", "Avenida Brasil, 123, Campinas/SP"),
    ],
)
async def test_one_part_is_put_right_after_the_address_was_read_back(
    text: str, line: str, world: World
) -> None:
    world.orders = [paid()]
    turn = await world.after(ActionChangeAddress, text=WHOLE, intent="change_address")
    turn = await world.next(turn, action=ActionDefaultFallback, text=text, intent="nlu_fallback")
    assert turn.said == ["utter_address_confirm"]
    assert turn.messages[0]["address"].startswith(line)
    assert world.shelf.done == []


@pytest.mark.parametrize(
    ("text", "said", "answer", "line"),
    [
        ("o número tá errado", "utter_address_ask_number", "77", "Rua das Flores, 77, apto 45"),
        ("não, o CEP", "utter_address_ask_postcode", "13015-300", "Rua das Flores, 123, apto 45"),
        ("the street is wrong", "utter_address_ask_street", "Rua Azul", "Rua Azul, 123, Campinas"),
    ],
)
async def test_a_part_that_is_named_as_wrong_is_asked_for(
    text: str, said: str, answer: str, line: str, world: World
) -> None:
    world.orders = [paid()]
    turn = await world.after(ActionChangeAddress, text=WHOLE, intent="change_address")
    turn = await world.next(turn, text=text, intent="deny")
    assert turn.said == [said]
    turn = await world.next(turn, text=answer, intent="x", action=ActionDefaultFallback)
    assert turn.said == ["utter_address_confirm"]
    assert turn.messages[0]["address"].startswith(line)


@pytest.mark.parametrize("text", ["só muda o número pra 5", "just make it number 5"])
async def test_a_mere_detail_changes_the_address_that_is_there(text: str, world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(
        ActionChangeAddress, text="quero mudar o endereço", intent="change_address"
    )
    assert turn.said == ["utter_address_ask"]
    turn = await world.next(turn, action=ActionChangeAddress, text=text, intent="change_address")
    assert turn.said == ["utter_address_confirm"]
    assert turn.messages[0]["address"] == "Rua do Sol, 5, São Paulo/SP, CEP 01310-100"


async def test_a_part_is_put_right_while_another_one_is_asked(world: World) -> None:
    world.orders = [paid()]
    said = {"action": ActionDefaultFallback, "intent": "nlu_fallback"}
    turn = await world.after(
        ActionChangeAddress, text="Rua Barão de Jaguara 901, 13010-100", intent="change_address"
    )
    assert turn.said == ["utter_address_ask_city"]
    turn = await world.next(turn, text="muda o número pra 910", **said)
    assert turn.said == ["utter_address_ask_city"]
    turn = await world.next(turn, text="Campinas, apto 2", **said)
    line = "Rua Barão de Jaguara, 910, apto 2, Campinas/SP, CEP 13010-100"
    assert turn.messages[0]["address"] == line


async def test_a_postcode_told_instead_of_a_number_is_no_number(world: World) -> None:
    world.orders = [paid()]
    turn = await world.after(
        ActionChangeAddress, text="Rua das Flores, Campinas, 13010-000", intent="change_address"
    )
    turn = await world.next(turn, text="número", intent="x", action=ActionDefaultFallback)
    assert turn.said[-1] == "utter_address_ask_number"
    said = {"text": "o cep é 13010-100", "intent": "x", "action": ActionDefaultFallback}
    turn = await world.next(turn, **said)
    assert turn.said == ["utter_address_ask_number"]
    assert turn.slot("flow")["parts"]["postcode"] == "13010-100"


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("o número do pedido é 50001", {}),
        ("o app não abriu", {}),
        ("o apartamento é a mesma coisa", {}),
        ("the flat number is 12", {"complement": "flat 12"}),
        ("bloco B apto 12", {"complement": "bloco B apto 12"}),
    ],
)
def test_a_detail_is_told_from_what_only_sounds_like_one(
    text: str, details: dict[str, str]
) -> None:
    assert details_in(text) == details


@pytest.mark.parametrize(
    "text",
    ["how long does the refund take", "quanto tempo demora o reembolso", "quando cai o estorno?"],
)
@pytest.mark.parametrize("told", ["quero mudar o endereço", "Rua das Flores, 123, 13010-100"])
async def test_how_long_money_takes_is_told_and_the_address_asked_again(
    told: str, text: str, world: World
) -> None:
    world.orders = [paid(), an_order("50003", "delivered"), an_order("50004", "delivered")]
    asked = await world.after(
        ActionChangeAddress, text=told, intent="change_address", order_number="50001"
    )
    turn = await world.next(asked, action=ActionShowRefund, text=text, intent="refund_status")
    assert turn.said == ["utter_refund_times", asked.said[-1]]
    assert "Pix em até um dia útil" in turn.messages[0]["times"]
    assert turn.slot("pending") == "flow"


async def test_how_long_money_takes_is_told_and_the_order_asked_again(world: World) -> None:
    world.orders = [paid(), {**paid(), "display_number": "#50003"}]
    asked = await world.after(ActionChangeAddress, text="mudar endereço", intent="change_address")
    assert asked.said == ["utter_choose_order"]
    said = {"text": "quanto tempo demora o reembolso?", "intent": "refund_status"}
    turn = await world.next(asked, action=ActionShowRefund, **said)
    assert turn.said == ["utter_refund_times", "utter_choose_order_again"]
    assert turn.slot("failed_attempts") == 0
