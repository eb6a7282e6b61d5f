"""A contact who tries to read another's order in more than fifty ways reads none of it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.actions.counter import a_payment, an_invoice, money
from tests.actions.world import BRUNOS_EMAIL, World, an_order, brunos_order
from tests.conversations.runner import Bot

_TRIES: list[list[str]] = yaml.safe_load(
    (Path(__file__).parent / "tries" / "another_persons_order.yml").read_text(encoding="utf-8")
)
_BRUNOS = {"number": "50002", "email": BRUNOS_EMAIL, "phone": "+55 21 99123-4567"}
_ANA = {"name": "Ana Lima", "phone": "5511987650001"}
_NOBODY = {"name": "Bruno Dias", "phone": "5531900000000"}
_FACTS = (
    "Sandália Brisa",
    "BB987654321BR",
    "LogExpress",
    "Vitória",
    "777,77",
    "777.77",
    "1299",
    "1.299",
    "Dias",
)


def test_there_are_more_than_fifty_ways() -> None:
    assert len({name for name, *_ in _TRIES}) == len(_TRIES) > 50


@pytest.mark.parametrize("tries", _TRIES, ids=[name for name, *_ in _TRIES])
@pytest.mark.parametrize("who", [_NOBODY, _ANA], ids=["a stranger", "another contact"])
async def test_nobody_else_reads_an_order(bot: Bot, tries: list[str], who: dict[str, str]) -> None:
    world = _world()
    shopper = bot.meet(world, contact=who, language="pt")
    read, typed = "", ""
    for words in tries[1:]:
        said = words.format(**_BRUNOS)
        typed += said
        for reply in await shopper.says(said):
            read += f"\n{reply.text} {reply.buttons} {reply.custom}"
    assert read, "a stranger is answered too"
    secret = [*_FACTS, BRUNOS_EMAIL, "99123-4567", "991234567"]
    assert [fact for fact in secret if fact in read and fact not in typed] == []
    assert world.shelf.done == [], "nothing was changed"
    assert world.files == [], "and no paper handed out"


async def test_its_owner_reads_it(bot: Bot) -> None:
    shopper = bot.meet(_world(), contact=_NOBODY, language="pt")
    read = ""
    for said in ("qual o código de rastreio do pedido 50002?", BRUNOS_EMAIL):
        read = str([reply.text for reply in await shopper.says(said)])
    assert "BB987654321BR" in read
    assert "LogExpress" in read


def _world() -> World:
    """Bruno's order has much that could be told; Ana's is like everybody's."""
    order: dict[str, Any] = brunos_order("50002")
    order["items"] = [{"ref": "i1", "name": "Sandália Brisa", "quantity": 1}]
    order["total"] = {"amount": "777.77", "currency": "BRL"}
    order["shipments"][0] |= {
        "carrier": "LogExpress",
        "number": "BB987654321BR",
        "url": "https://rastreio.example/BB987654321BR",
        "last_event": "Objeto em Vitória.",
    }
    world = World(orders=[an_order("50001", "in_transit", eta=3), order])
    world.counter.money |= money("50002", a_payment("p1", "boleto", "pending"))
    world.counter.invoices |= an_invoice("50002")
    return world
