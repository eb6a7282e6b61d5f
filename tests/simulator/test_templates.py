"""Templates are approved before they are sent, and filled in completely."""

from typing import Any

import httpx2
import pytest

from tests.simulator.fake_desk import SEND, Clock, FakeDesk, Phone, message

TEMPLATES = "/900800700600/message_templates"


def named(**values: str) -> dict[str, Any]:
    return {
        "type": "body",
        "parameters": [
            {"type": "text", "parameter_name": name, "text": value}
            for name, value in values.items()
        ],
    }


TRACKING = {
    "type": "button",
    "sub_type": "url",
    "index": "0",
    "parameters": [{"type": "text", "text": "BR123"}],
}
REPLY = {
    "type": "button",
    "sub_type": "quick_reply",
    "index": "1",
    "parameters": [{"type": "payload", "payload": "RET:1043"}],
}


def shipped(*components: dict[str, Any], language: str = "pt_BR") -> dict[str, Any]:
    template = {
        "name": "pedido_enviado",
        "language": {"code": language},
        "components": list(components),
    }
    return message("template", template)


async def test_a_template_is_filled_in_and_its_button_answers_with_the_payload(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    body = shipped(named(nome="Ana", pedido="1043"), TRACKING, REPLY)
    sent = (await graph.post(SEND, json=body)).json()["messages"][0]["id"]
    shown = (await ana.messages())[-1]["content"]
    assert shown["body"] == "Olá, Ana! Seu pedido 1043 saiu da loja e está a caminho."
    link, reply = shown["buttons"]
    assert link["url"] == "https://rastreio.example/BR123"
    assert reply["payload"] == "RET:1043"
    await ana.send("button", {"payload": reply["payload"], "text": reply["text"]}, reply_to=sent)
    await desk.until(lambda: len(desk.messages) == 2)
    assert desk.messages[1]["button"] == {"payload": "RET:1043", "text": "Falar com a loja"}
    priced = next(status for status in desk.statuses if "pricing" in status)
    assert priced["pricing"]["category"] == "utility"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (shipped(named(nome="Ana"), TRACKING), 132000),
        (shipped(named(nome="Ana", order="1043"), TRACKING), 132012),
        (shipped(named(nome="Ana", pedido="10\n43"), TRACKING), 132018),
        (shipped(named(nome="Ana", pedido="1043")), 132000),
        (shipped(language="fr"), 132001),
        (
            message("template", {"name": "promocao_antiga", "language": {"code": "pt_BR"}}),
            132015,
        ),
        (message("template", {"name": "nada", "language": {"code": "pt_BR"}}), 132001),
        (message("template", {"name": "nada"}), 131008),
    ],
)
async def test_a_template_that_does_not_fit_is_refused(
    graph: httpx2.AsyncClient, ana: Phone, body: dict[str, Any], code: int
) -> None:
    answer = await graph.post(SEND, json=body)
    assert answer.json()["error"]["code"] == code
    assert answer.status_code == (404 if code == 132001 else 400)


async def test_templates_are_listed_by_name_and_language(graph: httpx2.AsyncClient) -> None:
    whole = (await graph.get(TEMPLATES)).json()["data"]
    assert {one["language"] for one in whole} == {"pt_BR", "en"}
    answer = await graph.get(TEMPLATES + "?name=pedido_enviado&language=en")
    (found,) = answer.json()["data"]
    assert (found["status"], found["parameter_format"]) == ("APPROVED", "NAMED")


async def test_a_new_template_is_pending_then_approved_by_webhook(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, desk: FakeDesk, clock: Clock
) -> None:
    wanted = {
        "name": "aviso_de_troca",
        "language": "pt_BR",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Sua troca {{1}} foi aprovada."}],
    }
    answer = (await graph.post(TEMPLATES, json=wanted)).json()
    assert answer["status"] == "PENDING"
    assert (await graph.post(TEMPLATES, json=wanted)).json()["error"]["code"] == 100
    clock.pass_by(12)
    await control.post("/control/inbound", json={"shopper": "5511987650001", "text": "oi"})
    await desk.until(lambda: any("event" in value for value in desk.values))
    update = next(value for value in desk.values if "event" in value)
    assert update["event"] == "APPROVED"
    assert update["message_template_id"] == int(answer["id"])


@pytest.mark.parametrize("text", ["{{1}} foi aprovada.", "Aprovada: {{1}}"])
async def test_a_variable_at_either_end_is_refused(graph: httpx2.AsyncClient, text: str) -> None:
    wanted = {
        "name": "aviso",
        "language": "pt_BR",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": text}],
    }
    error = (await graph.post(TEMPLATES, json=wanted)).json()["error"]
    assert error["error_subcode"] == 2388299


async def test_a_template_is_paused_and_told_of_and_refused(
    graph: httpx2.AsyncClient, control: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    path = "/control/templates/pedido_enviado/pt_BR"
    paused = await control.post(path, json={"status": "PAUSED", "reason": "LOW_QUALITY"})
    assert paused.json()["status"] == "PAUSED"
    field = "message_template_status_update"
    await desk.until(lambda: any(one["field"] == field for one in desk.changes))
    (value,) = (one["value"] for one in desk.changes if one["field"] == field)
    assert (value["event"], value["message_template_name"], value["reason"]) == (
        "PAUSED",
        "pedido_enviado",
        "LOW_QUALITY",
    )
    refused = await graph.post(SEND, json=shipped(named(nome="Ana", pedido="1043"), TRACKING))
    assert refused.json()["error"]["code"] == 132015
    await control.post(path, json={"status": "APPROVED"})
    accepted = await graph.post(SEND, json=shipped(named(nome="Ana", pedido="1043"), TRACKING))
    assert accepted.status_code == 200


async def test_news_of_quality_and_category_come_apart(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    path = "/control/templates/novidades_da_loja/pt_BR"
    await control.post(path, json={"quality": "RED", "category": "UTILITY"})
    await desk.until(lambda: len(desk.changes) == 2)
    told = {one["field"]: one["value"] for one in desk.changes}
    assert told["message_template_quality_update"]["new_quality_score"] == "RED"
    assert told["template_category_update"]["previous_category"] == "MARKETING"
    assert (await control.post("/control/templates/x/pt_BR", json={})).status_code == 404
