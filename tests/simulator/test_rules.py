"""The limits of Meta, one by one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.refusals import GraphError
from simulator.rules import check
from tests.simulator.fake_desk import message, text


def buttons(*titles: str, **more: Any) -> dict[str, Any]:
    replies = [
        {"type": "reply", "reply": {"id": f"/{number}", "title": title}}
        for number, title in enumerate(titles)
    ]
    return {
        "type": "button",
        "body": {"text": "Como posso ajudar?"},
        "action": {"buttons": replies},
        **more,
    }


def rows(*counts: int, title: str = "Pedidos", **row: str) -> dict[str, Any]:
    sections = [
        {
            "title": title,
            "rows": [
                {"id": f"{index}:{number}", "title": f"Pedido {number}", **row}
                for number in range(count)
            ],
        }
        for index, count in enumerate(counts)
    ]
    return {
        "type": "list",
        "body": {"text": "Escolha"},
        "action": {"button": "Ver pedidos", "sections": sections},
    }


LINK = {
    "type": "cta_url",
    "body": {"text": "Acompanhe"},
    "action": {
        "name": "cta_url",
        "parameters": {"display_text": "Rastrear", "url": "https://rastreio.example/BR1"},
    },
}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text", {"body": "x" * 4096, "preview_url": False}),
        ("interactive", buttons("a" * 20, "Trocar", "Falar", footer={"text": "f" * 60})),
        ("interactive", buttons("Sim", header={"type": "text", "text": "h" * 60})),
        ("interactive", rows(10)),
        ("interactive", rows(5, 5, description="d" * 72)),
        ("interactive", LINK),
        (
            "interactive",
            {
                "type": "location_request_message",
                "body": {"text": "Onde entregamos?"},
                "action": {"name": "send_location"},
            },
        ),
        (
            "interactive",
            {
                "type": "request_contact_info",
                "body": {"text": "Seu telefone?"},
                "action": {"name": "request_contact_info"},
            },
        ),
        ("location", {"latitude": -23.5, "longitude": -46.6, "name": "Loja"}),
        ("contacts", [{"name": {"formatted_name": "Bruno"}}]),
    ],
)
def test_what_is_within_the_limits_is_accepted(kind: str, content: object) -> None:
    assert check(message(kind, content)) == kind


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("text", {"body": "x" * 4097}, 131009),
        ("text", {"body": ""}, 131008),
        ("text", {"body": 7}, 100),
        ("text", "oi", 100),
        ("interactive", buttons("a" * 21), 131009),
        ("interactive", buttons("A", "B", "C", "D"), 131009),
        ("interactive", buttons(), 131009),
        ("interactive", buttons("Sim", "Sim"), 131009),
        ("interactive", buttons("Sim", body={"text": "x" * 1025}), 131009),
        ("interactive", buttons("Sim", footer={"text": "x" * 61}), 131009),
        ("interactive", buttons("Sim", header={"type": "text", "text": "x" * 61}), 131009),
        ("interactive", buttons("Sim", body=None), 131008),
        ("interactive", rows(11), 131009),
        ("interactive", rows(6, 5), 131009),
        ("interactive", rows(0), 131009),
        ("interactive", rows(1, title="t" * 25), 131009),
        ("interactive", rows(1, 1, title=""), 131008),
        ("interactive", rows(1, description="d" * 73), 131009),
        ("interactive", {**rows(1), "header": {"type": "image", "image": {"id": "1"}}}, 131009),
        ("interactive", {**LINK, "action": {"name": "other"}}, 131009),
        ("interactive", {"type": "carousel"}, 100),
        ("image", {"id": "1", "link": "https://shop.example/a.jpg"}, 100),
        ("image", {"link": "file:///etc/passwd"}, 131009),
        ("audio", {"id": "1", "caption": "x"}, 100),
        ("document", {"id": "1", "caption": "x" * 1025}, 131009),
        ("reaction", {"message_id": "wamid.unknown", "emoji": "ok"}, 131009),
        ("location", {"latitude": 123, "longitude": 0}, 131009),
        ("location", {"latitude": "x", "longitude": 0}, 131009),
        ("contacts", [], 131008),
        ("contacts", [{"phones": []}], 131008),
    ],
)
def test_what_breaks_a_limit_is_refused(kind: str, content: object, code: int) -> None:
    with pytest.raises(GraphError) as refused:
        check(message(kind, content))
    assert refused.value.code == code, refused.value.details
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "body",
    [
        {"to": "+5511911112222", "text": {"body": "x"}},
        {"messaging_product": "whatsapp", "text": {"body": "x"}},
        {"messaging_product": "whatsapp", "to": "+5511911112222", "type": "poll"},
        {"messaging_product": "whatsapp", "to": 5511911112222, "text": {"body": "x"}},
        text(recipient_type="group"),
        text(biz_opaque_callback_data=7),
        text(context="wamid.X"),
        message("reaction", {"message_id": "x"}, context={"message_id": "y"}),
        [],
    ],
)
def test_a_malformed_request_is_code_100(body: object) -> None:
    with pytest.raises(GraphError) as refused:
        check(body)
    assert refused.value.code == 100


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
PLACES = [
    ["type"],
    ["to"],
    ["context"],
    ["interactive"],
    ["interactive", "type"],
    ["interactive", "header"],
    ["interactive", "header", "type"],
    ["interactive", "body"],
    ["interactive", "action"],
    ["interactive", "action", "buttons"],
    ["interactive", "action", "buttons", 0],
    ["interactive", "action", "buttons", 0, "reply"],
]


@given(place=st.sampled_from(PLACES), value=ANYTHING)
def test_no_nonsense_anywhere_is_more_than_refused(place: list[str | int], value: object) -> None:
    body = message("interactive", buttons("Sim", header={"type": "text", "text": "Loja"}))
    inner: Any = body
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    code = 0
    try:
        check(body)
    except GraphError as refused:
        code = refused.code
    assert code in {0, 100, 131008, 131009}
