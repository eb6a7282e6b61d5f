"""The shop's live orders stand beside a conversation, or an honest word in their place."""

from typing import Any

import httpx2
import pytest

from sla_service.console import shop_orders
from tests.sla_service.world import ANA, Desk, World, open_desk, settings_for, written

MARKUP = "<img src=x onerror=alert(1)>"


def order(number: str, phone: str, **more: Any) -> dict[str, Any]:
    """An order as the shop tells it."""
    return {
        "order_ref": f"pf-{number}",
        "display_number": number,
        "placed_at": f"2026-11-{number[-2:]}T12:00:00Z",
        "state": "in_transit",
        "items": [
            {
                "ref": f"{number}-1",
                "name": "Tênis Brisa",
                "size": "38",
                "color": None,
                "quantity": 1,
                "unit_price": {"amount": "299.90", "currency": "BRL"},
            }
        ],
        "shipments": [],
        "contact": {"phone": phone, "name": "Ana Souza", "email": None},
        "total": {"amount": "299.90", "currency": "BRL"},
        "returnable_items": [f"{number}-1"],
        **more,
    }


async def beside(person: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await person.get("/api/conversations/1/orders")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_contacts_orders_and_those_they_name_are_shown_the_latest_first(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    phone = f"+{ANA['wa_id']}"
    desk.world.orders += [
        order("48210", phone),
        order("48212", phone),
        order("48211", "+5521999990000"),
        order("48213", "+5521999990000"),
    ]
    await desk.deliver(written("cadê o pedido #48211? meu celular é 11987650001", "wamid.1"))
    await desk.settle()
    shown = await beside(person)
    assert shown["state"] == "ok"
    assert [(one["number"], one["theirs"]) for one in shown["items"]] == [
        ("48212", True),
        ("48211", False),
        ("48210", True),
    ]
    (item,) = shown["items"][0]["items"]
    assert (item["name"], item["returnable"]) == ("Tênis Brisa", True)
    assert item["unit_price"] == {"amount": "299.90", "currency": "BRL"}


async def test_a_shop_that_gives_no_answer_is_no_shop_without_orders(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    await desk.deliver(written("pedido 48211", "wamid.1"))
    await desk.settle()
    desk.world.is_shop_open = False
    assert await beside(person) == {"state": "refused", "items": []}


async def test_a_desk_without_an_order_system_says_so(desk: Desk, world: World) -> None:
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    settings = settings_for(desk.database.url, world, order_system={"url": ""})
    async with open_desk(desk.database, world, settings) as other:
        person = await other.sign_in(1)
        assert await beside(person) == {"state": "not_set_up", "items": []}
        assert (await person.get("/api/conversations/9/orders")).status_code == 404


async def test_what_the_shop_says_is_handed_on_as_words(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    phone = f"+{ANA['wa_id']}"
    desk.world.orders.append(
        order("48210", phone, contact={"phone": phone, "name": MARKUP, "email": None})
    )
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    answer = await person.get("/api/conversations/1/orders")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["items"][0]["buyer"] == MARKUP


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("pedido #48213", ("48213",)),
        ("é o 48213 ou o PF-48214?", ("48213", "PF-48214")),
        ("48213, 48213 e 48213.", ("48213",)),
        ("11 98765-0001", ()),
        ("+55 11 987650001", ()),
        ("11987650001", ()),
        ("https://loja.example/p/48213", ()),
        ("tamanho 38, 2 pares", ()),
        ("1001 1002 1003 1004 1005 1006", ("1001", "1002", "1003", "1004", "1005")),
    ],
)
def test_a_number_that_may_be_an_order_is_told_from_others(
    said: str, found: tuple[str, ...]
) -> None:
    assert shop_orders.numbers([said]) == found
