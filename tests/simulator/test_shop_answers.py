"""Every answer of the demo shop is what the document says, and the desk can read it."""

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from order_system import vocabulary
from order_system.catalogue_decoding import (
    decode_availability,
    decode_charts,
    decode_products,
    decode_promo_answer,
    decode_promos,
)
from order_system.decoding import decode_refusal
from order_system.payment_decoding import decode_invoice, decode_payments
from order_system.protocol import OrderSystemRefused
from order_system.refusals import Advice, Why
from order_system.return_decoding import decode_return_options, decode_returns
from order_system.shop_decoding import decode_policies, decode_stores
from tests.simulator.shop_visit import a_visit

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "order_system" / "openapi.yaml").read_text(encoding="utf-8")
)
ANSWERS = [
    ("orders/48250/return-options", "ReturnOptions", decode_return_options),
    ("orders/48213/return-options", "ReturnOptions", decode_return_options),
    ("orders/48102/return-options", "ReturnOptions", decode_return_options),
    ("orders/48250/returns", "Returns", decode_returns),
    ("orders/48178/returns", "Returns", decode_returns),
    ("orders/48396/payments", "OrderPayments", decode_payments),
    ("orders/48398/payments", "OrderPayments", decode_payments),
    ("orders/48394/payments", "OrderPayments", decode_payments),
    ("orders/48350/payments", "OrderPayments", decode_payments),
    ("orders/48213/invoice", "Invoice", decode_invoice),
    ("orders/48230/invoice", "Invoice", decode_invoice),
    ("products?q=tenis brisa&language=pt", "Products", decode_products),
    ("products/TN-BRISA/availability?size=40&color=preto", "Availability", decode_availability),
    ("products/AC-BOLSA/availability", "Availability", decode_availability),
    ("promos/PE20?amount=299.90&currency=BRL", "PromoAnswer", decode_promo_answer),
    ("promos/INVERNO25", "PromoAnswer", decode_promo_answer),
    ("promos/NADA", "PromoAnswer", decode_promo_answer),
    ("promos", "Promos", decode_promos),
    ("size-charts?product=TN-BRISA", "SizeCharts", decode_charts),
    ("size-charts", "SizeCharts", decode_charts),
    ("stores", "Stores", decode_stores),
    ("policies", "Policies", decode_policies),
]
answers = pytest.mark.parametrize(
    ("path", "schema", "decode"), ANSWERS, ids=[path for path, *_ in ANSWERS]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def complaints(schema: str, body: object) -> list[str]:
    """What the document has against a body."""
    whole = {"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]


async def _body(path: str) -> Any:
    async with a_visit() as visit:
        answer = await visit.api.get(path)
    assert answer.status_code == 200
    return answer.json()


@answers
async def test_an_answer_is_what_the_document_says_and_can_be_read(
    path: str, schema: str, decode: Any
) -> None:
    body = await _body(path)
    assert complaints(schema, body) == []
    decode(body)


async def test_every_order_s_money_and_options_can_be_read() -> None:
    async with a_visit() as visit:
        found = await visit.http.get("/shop/control/orders", params={"limit": 1000})
        for row in found.json()["orders"]:
            number = row["number"]
            for path, schema in (
                ("payments", "OrderPayments"),
                ("return-options", "ReturnOptions"),
            ):
                body = (await visit.api.get(f"orders/{number}/{path}")).json()
                assert complaints(schema, body) == [], number
            assert await visit.order_system.payments_of(number) is not None
            assert await visit.order_system.return_options(number) is not None
            await visit.order_system.returns_of(number)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("orders/48999/payments", 404),
        ("returns/R1-1", 404),
        ("products/NADA/availability", 404),
        ("size-charts/nada/image", 404),
        ("orders/48398/invoice", 409),
        ("orders/48398/invoice.pdf", 409),
        ("products?q=x&limit=0", 422),
        ("promos/PE20?amount=-1&currency=BRL", 422),
    ],
)
async def test_a_no_is_a_refusal_with_its_reason(path: str, status: int) -> None:
    async with a_visit() as visit:
        answer = await visit.api.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert complaints("Problem", answer.json()) == []
    assert complaints("Refusal", answer.json()) == []
    assert decode_refusal(answer.json()).why is not Why.OTHER


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_without_the_token_nothing_is_told_or_changed(method: str) -> None:
    paths = [path for path, verbs in DOCUMENT["paths"].items() if method.lower() in verbs]
    async with a_visit() as visit:
        for path in paths:
            filled = path.replace("{number}", "48391").replace("{product}", "TN-BRISA")
            answer = await visit.http.request(method, f"/shop/api{filled}")
            assert answer.status_code == 401, path
        assert (await visit.order_system.by_number("48391")) is not None
        assert (await visit.http.get("/shop/control/audit")).json()["changes"] == []


async def test_every_path_of_the_document_is_served() -> None:
    values = {"number": "48213", "product": "TN-BRISA", "code": "PE20", "chart": "belts"}
    async with a_visit() as visit:
        for path, verbs in DOCUMENT["paths"].items():
            for verb in verbs:
                filled = path.format(**values)
                if filled.startswith("/returns/"):
                    filled = filled.replace("48213", "R48250-1")
                answer = await visit.api.request(verb.upper(), filled.lstrip("/"))
                assert answer.status_code not in {404, 405, 500, 501}, path


@pytest.mark.parametrize(
    ("name", "words"),
    [("Why", Why), ("Advice", Advice)]
    + [
        (name, getattr(vocabulary, name))
        for name in (
            "PaymentMethod",
            "PaymentState",
            "CardRefusal",
            "RefundState",
            "ReturnKind",
            "ReturnReason",
            "Basis",
            "ReturnState",
            "Payer",
            "EventKind",
        )
    ],
)
def test_the_document_lists_the_words_of_the_model(name: str, words: type[Why]) -> None:
    told = DOCUMENT["components"]["schemas"][name]["description"]
    assert [word for word in words if f"`{word}`" not in told] == []


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data(), junk=anything)
async def test_junk_anywhere_is_an_answer_or_a_refusal(
    bodies: list[tuple[Any, Any]], data: st.DataObject, junk: Any
) -> None:
    whole, decode = data.draw(st.sampled_from(bodies))
    body = copy.deepcopy(whole)
    *parents, last = data.draw(st.sampled_from(_places(body)))
    place: Any = body
    for key in parents:
        place = place[key]
    place[last] = junk
    with suppress(OrderSystemRefused):
        decode(body)


@pytest.fixture
async def bodies() -> list[tuple[Any, Any]]:
    found = []
    async with a_visit() as visit:
        for path, _, decode in ANSWERS:
            found.append(((await visit.api.get(path)).json(), decode))
    return found


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children: Any = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    inner = [place for key, child in children for place in _places(child, (*path, key))]
    return [path, *inner] if path else inner
