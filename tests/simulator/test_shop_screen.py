"""What the screen of the demo shop can do: search, move along, get into trouble."""

import json
import re
from typing import Any, get_args

import pytest

from order_system.model import OrderState
from order_system.protocol import OrderSystemRefused, OrderSystemUnavailable
from order_system.vocabulary import (
    Basis,
    CardRefusal,
    EventKind,
    RefundState,
    ReturnKind,
    ReturnReason,
    ReturnState,
)
from simulator.shop import router
from simulator.shop_catalogue import SHOP_FILES
from simulator.shop_faults import Kind
from simulator.shop_orders import ROUTE
from tests.simulator.shop_visit import Visit, a_visit

ORDERS = "/shop/control/orders"
FAULTS = "/shop/control/faults"


async def _found(visit: Visit, **query: str) -> list[str]:
    answer = await visit.http.get(ORDERS, params=query)
    return [row["number"] for row in answer.json()["orders"]]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("48213", "48213"),
        ("#48213", "48213"),
        ("MARINA duarte", "48213"),
        ("antonio", "48320"),
        ("priya.nair@example.com", "48310"),
        ("+55 (11) 98765-0001", "48213"),
        ("551187650001", "48213"),
        ("carter 48377", "48377"),
    ],
)
async def test_orders_are_found_by_number_name_phone_and_email(words: str, number: str) -> None:
    async with a_visit() as visit:
        assert number in await _found(visit, q=words)


async def test_a_search_that_fits_nothing_is_empty() -> None:
    async with a_visit() as visit:
        answer = (await visit.http.get(ORDERS, params={"q": "zzz"})).json()
    assert answer["orders"] == []
    assert answer["total"] == answer["counts"][""] == 0


async def test_orders_are_filtered_and_counted_by_state() -> None:
    async with a_visit() as visit:
        everything = (await visit.http.get(ORDERS, params={"limit": 1000})).json()
        assert everything["total"] == len(everything["orders"]) == everything["counts"][""]
        for state in (*ROUTE, "cancelled"):
            found = (await visit.http.get(ORDERS, params={"state": state, "limit": 1000})).json()
            assert {row["state"] for row in found["orders"]} == {state}
            assert found["total"] == everything["counts"][state]
        late = await _found(visit, state="late")
    assert "48213" in late
    assert len(late) == everything["counts"]["late"]


async def test_pages_follow_one_another_without_gap_or_repetition() -> None:
    async with a_visit() as visit:
        whole = await _found(visit, limit="1000")
        pages = [await _found(visit, limit="40", offset=str(n)) for n in range(0, 400, 40)]
    assert [number for page in pages for number in page] == whole


async def test_an_order_goes_all_the_way_and_the_desk_sees_each_step() -> None:
    async with a_visit() as visit:
        for state in ROUTE[1:]:
            visit.later(hours=5)
            moved = await visit.http.put(f"{ORDERS}/48398/state", json={"state": state})
            assert moved.status_code == 200
            order = await visit.order_system.by_number("48398")
            assert order is not None
            assert order.state == state
            assert bool(order.shipments) == (ROUTE.index(state) >= ROUTE.index("shipped"))
            assert bool(order.returnable_items) == (state == "delivered")
        assert order.shipments[0].delivered_at is not None
        history = (await visit.http.get(f"{ORDERS}/48398")).json()["history"]
    assert [step["state"] for step in history] == list(ROUTE)


@pytest.mark.parametrize(
    ("number", "state"),
    [("48398", "delivered"), ("48213", "paid"), ("48213", "cancelled"), ("48295", "paid")],
)
async def test_an_order_cannot_jump(number: str, state: str) -> None:
    async with a_visit() as visit:
        before = (await visit.http.get(f"{ORDERS}/{number}")).json()
        refused = await visit.http.put(f"{ORDERS}/{number}/state", json={"state": state})
        assert refused.status_code == 409
        assert (await visit.http.get(f"{ORDERS}/{number}")).json() == before


async def test_an_order_that_is_not_sent_yet_can_be_cancelled() -> None:
    async with a_visit() as visit:
        await visit.http.put(f"{ORDERS}/48365/state", json={"state": "cancelled"})
        order = await visit.order_system.by_number("48365")
        assert order is not None
        assert order.state is OrderState.CANCELLED
        assert (await visit.http.get(f"{ORDERS}/48365")).json()["moves"] == []


async def test_a_parcel_on_its_way_can_be_made_late() -> None:
    async with a_visit() as visit:
        page = (await visit.http.get(f"{ORDERS}/48377")).json()
        assert page["can_be_late"]
        assert not page["is_late"]
        late = await visit.http.put(f"{ORDERS}/48377/delay", json={"days": 3})
        assert late.json()["is_late"]
        order = await visit.order_system.by_number("48377")
        assert order is not None
        assert order.shipments[0].eta is not None
        assert (visit.at.date() - order.shipments[0].eta).days == 3
        assert order.shipments[0].last_event is not None
        assert "Delayed" in order.shipments[0].last_event


async def test_an_order_without_a_parcel_cannot_be_late() -> None:
    async with a_visit() as visit:
        refused = await visit.http.put(f"{ORDERS}/48399/delay", json={"days": 2})
        assert refused.status_code == 409


async def test_goods_go_back_within_thirty_days_of_delivery() -> None:
    async with a_visit() as visit:
        order = await visit.order_system.by_number("48260")
        assert order is not None
        assert order.returnable_items == ("pf-48260-1",)
        visit.later(days=31)
        order = await visit.order_system.by_number("48260")
        assert order is not None
        assert order.returnable_items == ()


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("down", OrderSystemUnavailable),
        ("malformed", OrderSystemRefused),
        ("refuse", OrderSystemRefused),
    ],
)
async def test_trouble_reaches_the_desk_until_it_is_taken_back(
    kind: str, error: type[Exception]
) -> None:
    async with a_visit() as visit:
        await visit.http.post(FAULTS, json={"kind": kind})
        for _ in range(2):
            with pytest.raises(error):
                await visit.order_system.by_number("48213")
        assert (await visit.http.get(ORDERS)).status_code == 200
        assert (await visit.http.delete(FAULTS)).status_code == 204
        assert await visit.order_system.by_number("48213") is not None


async def test_trouble_ends_after_its_count() -> None:
    async with a_visit() as visit:
        set_up = await visit.http.post(FAULTS, json={"kind": "refuse", "count": 2})
        assert set_up.json() == {"kind": "refuse", "seconds_left": None, "count_left": 2}
        statuses = [(await visit.api.get("orders/48213")).status_code for _ in range(3)]
        assert statuses == [403, 403, 200]
        assert (await visit.http.get(FAULTS)).json()["kind"] is None


async def test_a_slow_shop_answers_in_the_end() -> None:
    async with a_visit() as visit:
        await visit.http.post(FAULTS, json={"kind": "slow", "delay": 0.01, "seconds": 60})
        assert (await visit.http.get(FAULTS)).json()["seconds_left"] is not None
        assert (await visit.api.get("orders/48213")).status_code == 200


@pytest.mark.parametrize("body", [{}, {"kind": "fire"}, {"kind": "down", "count": 0}])
async def test_trouble_nobody_knows_is_refused(body: dict[str, Any]) -> None:
    async with a_visit() as visit:
        assert (await visit.http.post(FAULTS, json=body)).status_code == 422


async def test_products_come_with_a_link_to_share() -> None:
    async with a_visit() as visit:
        stock = (await visit.http.get("/shop/control/products")).json()
    assert len(stock["products"]) >= 60
    assert {product["kind"] for product in stock["products"]} == set(stock["kinds"])
    assert stock["products"][0]["url"].startswith("http://127.0.0.1:8090/shop#/catalogue/")


async def test_the_page_and_all_it_links_to_are_served_under_a_strict_policy() -> None:
    async with a_visit() as visit:
        page = await visit.http.get("/shop")
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        names = set(re.findall(r"/shop/static/([\w.]+)", page.text))
        for script in SHOP_FILES.glob("*.js"):
            names |= set(re.findall(r'from "\./([\w.]+)"', script.read_text(encoding="utf-8")))
        for name in names | {"pt-BR.json", "en.json", "pictures.svg"}:
            assert (await visit.http.get(f"/shop/static/{name}")).status_code == 200, name
        for name in ("people.json", "..%2Fshop.py", "index.html"):
            assert (await visit.http.get(f"/shop/static/{name}")).status_code == 404, name


def test_both_languages_say_the_same_things() -> None:
    pt, en = (
        json.loads((SHOP_FILES / "words" / name).read_text(encoding="utf-8"))
        for name in ("pt-BR.json", "en.json")
    )
    assert list(pt) == list(en)
    for key, text in pt.items():
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", en[key]), key


def test_the_screen_has_words_for_whatever_it_may_show() -> None:
    words = json.loads((SHOP_FILES / "words" / "en.json").read_text(encoding="utf-8"))
    acts = [act for folder in ("shop_writes", "shop_screen") for act in _acts(folder)]
    wanted = {
        "return.state": set(ReturnState) - {ReturnState.UNKNOWN},
        "return.kind": set(ReturnKind) - {ReturnKind.OTHER},
        "return.basis": set(Basis) - {Basis.OTHER},
        "return.reason": set(ReturnReason) - {ReturnReason.NONE},
        "return.move": set(ReturnState) - {ReturnState.UNKNOWN, ReturnState.REQUESTED},
        "money.method": {"pix", "boleto", "card"},
        "money.state": {"pending", "paid", "expired", "refused", "cancelled"},
        "money.refusal": set(CardRefusal),
        "money.refund": set(RefundState) - {RefundState.UNKNOWN},
        "event": set(EventKind) - {EventKind.OTHER},
        "change": set(acts),
        "api": set(get_args(Kind)),
    }
    missing = [f"{key}.{one}" for key, all_ in wanted.items() for one in all_]
    assert [key for key in missing if key not in words] == []
    assert len(acts) == 9


def _acts(module: str) -> list[str]:
    source = (SHOP_FILES.parent / f"{module}.py").read_text(encoding="utf-8")
    return re.findall(r'"((?:order|return|payment)\.[a-z]+)"', source)


def test_every_picture_a_product_wants_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (SHOP_FILES / "pictures.svg").read_text()))
    data = json.loads((SHOP_FILES / "catalogue.json").read_text(encoding="utf-8"))
    wanted = {kind["picture"] for kind in data["kinds"].values()}
    wanted |= {product["picture"] for product in data["products"] if "picture" in product}
    assert wanted == drawn


def test_nothing_on_the_page_becomes_markup() -> None:
    for script in SHOP_FILES.glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|eval\(", script.read_text())


def test_a_shop_without_a_token_does_not_open() -> None:
    with pytest.raises(ValueError, match="token"):
        router("http://127.0.0.1:8090", "")
