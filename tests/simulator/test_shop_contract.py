"""The demo shop keeps to the letter of `order_system/openapi.yaml`."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from order_system.decoding import decode_order
from order_system.model import OrderState
from order_system.phones import same_phone
from order_system.protocol import OrderSystemRefused
from tests.simulator.shop_visit import Visit, a_visit

DOCUMENT = Path(__file__).parents[2] / "order_system" / "openapi.yaml"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return loaded


def _complaints(document: dict[str, Any], schema: str, body: object) -> list[str]:
    whole = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]


async def _numbers(visit: Visit) -> list[str]:
    answer = await visit.http.get("/shop/control/orders", params={"limit": 1000})
    return [row["number"] for row in answer.json()["orders"]]


async def test_every_order_is_what_the_document_says(document: dict[str, Any]) -> None:
    seen = set()
    async with a_visit() as visit:
        for number in await _numbers(visit):
            answer = await visit.api.get(f"orders/{number}")
            assert answer.status_code == 200
            assert _complaints(document, "Order", answer.json()) == []
            seen.add(decode_order(answer.json()).state)
    assert seen == set(OrderState) - {OrderState.UNKNOWN}


async def test_a_search_is_what_the_document_says(document: dict[str, Any]) -> None:
    async with a_visit() as visit:
        answer = await visit.api.get("orders", params={"phone": "5511987650001", "limit": 3})
        nobody = await visit.api.get("orders", params={"phone": "5511900000000"})
    assert _complaints(document, "Orders", answer.json()) == []
    assert len(answer.json()["orders"]) == 3
    assert nobody.json() == {"orders": []}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("orders/48999", 404),
        ("orders/..", 404),
        ("orders?phone=me", 422),
        ("orders?phone=5511987650001&limit=0", 422),
        ("orders?phone=5511987650001&limit=51", 422),
        ("orders", 422),
    ],
)
async def test_what_it_cannot_answer_is_a_problem(
    document: dict[str, Any], path: str, status: int
) -> None:
    async with a_visit() as visit:
        answer = await visit.api.get(path)
    assert answer.status_code == status
    if answer.headers["Content-Type"] == "application/problem+json":
        assert _complaints(document, "Problem", answer.json()) == []


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer wrong", "Basic shop-token", "Bearer é"])
async def test_without_the_token_nothing_is_told(given: str | None) -> None:
    async with a_visit() as visit:
        headers = {"Authorization": given.encode()} if given else {}
        for path in ("orders/48213", "orders?phone=5511987650001"):
            answer = await visit.http.get(f"/shop/api/{path}", headers=headers)
            assert answer.status_code == 401
            assert "Marina" not in answer.text


async def test_the_example_in_the_document_is_an_order(document: dict[str, Any]) -> None:
    example = document["components"]["examples"]["InTransit"]["value"]
    assert _complaints(document, "Order", example) == []
    assert decode_order(example).display_number == "48213"


@pytest.mark.parametrize(
    "wrong",
    [
        {"placed_at": "2026-11-16T21:12:40"},
        {"total": {"amount": 319.8, "currency": "BRL"}},
        {"total": {"amount": "319,80", "currency": "BRL"}},
        {"shipments": [{"eta": "22/11/2026"}]},
        {"shipments": [{"url": "javascript:alert(1)"}]},
        {"items": [{"ref": "1", "name": "Tênis", "quantity": 0}]},
        {"contact": None},
        {"state": ""},
    ],
)
def test_what_the_document_forbids_the_desk_refuses(
    document: dict[str, Any], wrong: dict[str, Any]
) -> None:
    order = document["components"]["examples"]["InTransit"]["value"] | wrong
    assert _complaints(document, "Order", order) != []
    with pytest.raises(OrderSystemRefused):
        decode_order(order)


def test_the_document_knows_the_states_of_the_model(document: dict[str, Any]) -> None:
    table = document["components"]["schemas"]["State"]["description"]
    assert {state for state in OrderState if f"`{state}`" in table} == set(OrderState) - {
        OrderState.UNKNOWN
    }


async def test_the_desk_finds_an_order_by_the_number_whatsapp_knows() -> None:
    async with a_visit() as visit:
        orders = await visit.order_system.by_phone("555196540002")
    assert [order.display_number for order in orders][:2] == ["48399", "48365"]
    assert all(same_phone(order.contact.phone, "555196540002") for order in orders)
