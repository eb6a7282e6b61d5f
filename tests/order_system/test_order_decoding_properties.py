"""Whatever a shop sends, it is an order or it is refused."""

import copy
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from order_system.decoding import decode_order
from order_system.protocol import OrderSystemRefused

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
reused = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children: Any = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    inner = [place for key, child in children for place in _places(child, (*path, key))]
    return [path, *inner] if path else inner


@reused
@given(data=st.data(), junk=anything)
def test_junk_anywhere_is_an_order_or_a_refusal(
    order_json: dict[str, Any], data: st.DataObject, junk: Any
) -> None:
    body = copy.deepcopy(order_json)
    *parents, last = data.draw(st.sampled_from(_places(body)))
    place: Any = body
    for key in parents:
        place = place[key]
    place[last] = junk
    try:
        order = decode_order(body)
    except OrderSystemRefused:
        return
    assert order.placed_at.utcoffset() is not None
    assert all(item.quantity > 0 for item in order.items)


@reused
@given(
    amount=st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=2),
    at=st.timedeltas(timedelta(0), timedelta(days=80_000)).map(EPOCH.__add__),
)
def test_money_and_instants_survive_to_the_last_digit(
    order_json: dict[str, Any], amount: Decimal, at: datetime
) -> None:
    body = order_json | {
        "total": {"amount": str(amount), "currency": "BRL"},
        "placed_at": at.isoformat(),
    }
    order = decode_order(body)
    assert order.total is not None
    assert order.total.amount == amount
    assert order.placed_at == at


@reused
@given(st.text(min_size=1, max_size=20).filter(str.strip))
def test_every_word_for_a_state_is_accepted(order_json: dict[str, Any], word: str) -> None:
    assert decode_order(order_json | {"state": word}).raw_state == word.strip()


@reused
@given(junk=anything)
def test_a_body_that_is_no_order_is_refused(junk: Any) -> None:
    with pytest.raises(OrderSystemRefused):
        decode_order(junk)
