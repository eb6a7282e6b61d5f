"""Ready answers: what stands in braces is known, and filled in where there is something to say."""

from typing import Any

import httpx2
import pytest

from sla_service.tickets import placeholders
from sla_service.tickets.placeholders import Fault
from tests.sla_service.people import BRUNO, CARLA
from tests.sla_service.world import Desk

_ALL = "/api/canned-replies"
_BODY = {
    "shortcut": "Prazo",
    "title": "Prazo de entrega",
    "text_pt": "Olá, {{contact.first_name|tudo bem}}! O pedido {{order.number}} chega amanhã. "
    "{{agent.first_name}}, ticket {{ ticket.number }}",
    "text_en": "Hi {{contact.first_name}}! Order {{order.number}} arrives tomorrow.",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sem nada", []),
        ("{{contact.name}} e {{ order.number | seu pedido }}", []),
        ("{{contact.nme}}", [Fault("unknown", "contact.nme", "contact.name")]),
        ("{{cor}}", [Fault("unknown", "cor", None)]),
        ("{{}}", [Fault("unknown", "", None)]),
        ("Olá {{contact.name", [Fault("broken", "Olá {{contact.name")]),
        ("contact.name}}!", [Fault("broken", "ntact.name}}!")]),
    ],
)
def test_faults_are_named(text: str, found: list[Fault]) -> None:
    assert list(placeholders.faults(text)) == found


def test_what_is_missing_says_so_or_says_something_else() -> None:
    filled = placeholders.fill(
        "{{contact.name|cliente}}, {{order.number}} {{order.number}} {{agent.name}}",
        {"contact.name": "", "agent.name": "Bruno {{x}}"},
    )
    assert filled.text == "cliente, {{order.number}} {{order.number}} Bruno {{x}}"
    assert filled.missing == ("order.number",)


async def _added(desk: Desk) -> dict[str, Any]:
    carla = await desk.sign_in(CARLA)
    answer = await carla.post(_ALL, json=_BODY)
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


async def test_a_ready_answer_speaks_of_this_conversation(
    desk: Desk, bruno: httpx2.AsyncClient
) -> None:
    path = f"{_ALL}/{(await _added(desk))['id']}/rendering"
    await desk.sign_in(BRUNO)
    rendered = (await bruno.get(path, params={"conversation": 1})).json()
    assert rendered == {
        "language": "pt",
        "text": "Olá, Ana! O pedido 48213 chega amanhã. Bruno, ticket 1001",
        "missing": [],
    }
    asked = {"conversation": 1, "language": "en", "order": "50001"}
    rendered = (await bruno.get(path, params=asked)).json()
    assert rendered["text"] == "Hi Ana! Order 50001 arrives tomorrow."
    assert (await bruno.get(path, params={"conversation": 99})).status_code == 404


async def test_what_nobody_knows_is_left_to_the_agent(
    desk: Desk, bruno: httpx2.AsyncClient
) -> None:
    path = f"{_ALL}/{(await _added(desk))['id']}/rendering"
    await desk.rows("UPDATE contacts SET name = NULL RETURNING 1")
    await desk.rows("UPDATE messages SET text = 'paguei R$ 1234,50 em 2025' RETURNING 1")
    rendered = (await bruno.get(path, params={"conversation": 1})).json()
    assert rendered["text"].startswith("Olá, tudo bem! O pedido {{order.number}} chega")
    assert rendered["missing"] == ["order.number"]


async def test_agents_use_them_and_supervisors_write_them(
    desk: Desk, bruno: httpx2.AsyncClient
) -> None:
    assert (await bruno.post(_ALL, json=_BODY)).status_code == 403
    added = await _added(desk)
    assert added["shortcut"] == "prazo"
    assert (await bruno.post(_ALL, json=_BODY)).json()["type"] == "shortcut_taken"
    changed = await bruno.patch(f"{_ALL}/{added['id']}", json={"title": "Prazo"})
    assert changed.json()["title"] == "Prazo"
    await desk.sign_in(BRUNO)
    assert [one["title"] for one in (await bruno.get(_ALL)).json()] == ["Prazo"]
    assert "order.number" in (await bruno.get(f"{_ALL}/placeholders")).json()
    assert (await bruno.delete(f"{_ALL}/{added['id']}")).status_code == 403
    await desk.sign_in(CARLA)
    assert (await bruno.delete(f"{_ALL}/{added['id']}")).status_code == 204
    assert (await bruno.delete(f"{_ALL}/{added['id']}")).status_code == 404
    acts = await desk.rows(
        "SELECT act FROM audit_log WHERE target_kind = 'canned_reply' ORDER BY id"
    )
    assert [act for (act,) in acts] == [
        "canned_reply.added",
        "canned_reply.changed",
        "canned_reply.removed",
    ]


async def test_a_faulty_one_is_refused_with_what_is_meant(desk: Desk) -> None:
    carla = await desk.sign_in(CARLA)
    refused = await carla.post(_ALL, json={**_BODY, "text_en": "Hi {{contact.firstname}}"})
    assert refused.status_code == 422
    assert refused.json()["problems"] == [
        {
            "language": "en",
            "kind": "unknown",
            "text": "contact.firstname",
            "near": "contact.first_name",
        }
    ]
    added = await _added(desk)
    refused = await carla.patch(f"{_ALL}/{added['id']}", json={"text_pt": "{{x}}"})
    assert refused.json()["type"] == "canned_reply_faulty"
