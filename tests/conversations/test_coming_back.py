"""Whatever somebody begins with who left a return halfway, they are answered, and asked once."""

import pytest

from tests.actions.world import ANA, World, came
from tests.conversations.runner import Bot

OFFER = "utter_return_unfinished"
FIRST_WORDS = [
    *("oi", "sim", "continuar", "cadê meu pedido?", "meu pedido atrasou", "qual o horário?"),
    *("tem tênis brisa 38?", "tabela de medidas", "que tamanho devo pegar?", "PE20", "nota fiscal"),
    *("meu pix venceu", "cancela meu pedido", "quero mudar o endereço", "2", "menu", "nota 5"),
    *("asdfgh", "vai chover amanhã?", "seu robô burro", "99999", "ana@example.com"),
    *("quando cai o reembolso?", "quero meus dados", "in english please", "como cuidar de couro?"),
    *("não", "deixa pra lá", "obrigada", "tchau", "quero devolver", "quero trocar"),
]
CALLS = [
    *("quero falar com um atendente", "clonaram meu cartão", "isso é urgente"),
    *("péssimo atendimento, nunca mais compro",),
]


@pytest.mark.parametrize("words", [*FIRST_WORDS, *CALLS])
async def test_what_comes_first_the_next_day_is_answered(words: str, bot: Bot) -> None:
    world = World(orders=[came("50001", days_ago=20)])
    shopper = bot.meet(world, contact=ANA)
    await shopper.says("quero devolver meu pedido")
    await shopper.waits(20)
    said = [reply.response for reply in await shopper.says(words)]
    assert 1 <= len(said) <= 6, said
    assert said.count(OFFER) <= 1
    assert "utter_not_understood_again" not in said, said
    assert bool(world.handoffs()) is (words in CALLS), (said, world.handoffs())
    assert world.shelf.done == []
    again = [reply.response for reply in await shopper.says("não")]
    assert 1 <= len(again) <= 6, again


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1", "utter_return_ask_reason"),
        ("Continuar", "utter_return_ask_reason"),
        ("2", "utter_flow_left"),
        ("agora não", "utter_flow_left"),
    ],
)
async def test_the_offer_is_answered_by_number_and_word(
    words: str, expected: str, bot: Bot
) -> None:
    shopper = bot.meet(World(orders=[came("50001", days_ago=20)]), contact=ANA)
    await shopper.says("quero devolver meu pedido")
    await shopper.waits(20)
    assert (await shopper.says("oi"))[-1].response == OFFER
    assert [reply.response for reply in await shopper.says(words)] == [expected]
