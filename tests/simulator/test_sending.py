"""The Graph API takes what Meta takes, and refuses the rest in Meta's words."""

import httpx2
import pytest

from tests.simulator.fake_desk import SEND, Clock, FakeDesk, Phone, message, text


async def test_an_accepted_message_is_answered_with_its_id_and_shown_on_the_phone(
    graph: httpx2.AsyncClient, ana: Phone
) -> None:
    answer = await graph.post(SEND, json=text("Seu *pedido* saiu."))
    assert answer.status_code == 200
    wamid = answer.json()["messages"][0]["id"]
    assert wamid.startswith("wamid.")
    assert answer.json() == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+5511911112222", "wa_id": "5511911112222"}],
        "messages": [{"id": wamid}],
    }
    assert (await ana.messages())[-1]["content"] == {"body": "Seu *pedido* saiu."}


@pytest.mark.parametrize("to", ["+5551996540002", "+55 51 9654-0002", "+55 (51) 99654-0002"])
async def test_both_spellings_of_the_ninth_digit_reach_the_same_phone(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, to: str
) -> None:
    await control.post("/control/inbound", json={"shopper": "555196540002", "text": "bom dia"})
    answer = await graph.post(SEND, json=text(to=to))
    assert answer.json()["contacts"] == [{"input": to, "wa_id": "555196540002"}]


async def test_a_bsuid_is_a_recipient_and_is_answered_without_a_number(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    await control.post("/control/inbound", json={"shopper": "priya.n", "text": "hello"})
    body = text()
    del body["to"]
    answer = await graph.post(SEND, json={**body, "recipient": "GB.7712003344556677"})
    assert answer.json()["contacts"] == [
        {"input": "GB.7712003344556677", "user_id": "GB.7712003344556677"}
    ]


async def test_a_number_wins_over_a_bsuid(graph: httpx2.AsyncClient, ana: Phone) -> None:
    answer = await graph.post(SEND, json=text(recipient="GB.7712003344556677"))
    assert answer.json()["contacts"][0]["wa_id"] == "5511911112222"


async def test_a_number_without_plus_gets_the_country_code_of_the_business(
    graph: httpx2.AsyncClient, ana: Phone
) -> None:
    local = await graph.post(SEND, json=text(to="11 91111-2222"))
    assert local.json()["contacts"][0]["wa_id"] == "5511911112222"
    doubled = await graph.post(SEND, json=text(to="5511911112222"))
    assert doubled.json()["error"]["code"] == 131026


@pytest.mark.parametrize(
    ("to", "code"), [("+5511900000000", 131026), ("+551140028922", 131021), ("Ana", 100)]
)
async def test_a_wrong_recipient_is_refused(graph: httpx2.AsyncClient, to: str, code: int) -> None:
    answer = await graph.post(SEND, json=text(to=to))
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code


async def test_a_wrong_token_is_refused_as_a_wrong_token(graph: httpx2.AsyncClient) -> None:
    answer = await graph.post(SEND, json=text(), headers={"Authorization": "Bearer other"})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == 190
    assert answer.json()["error"]["type"] == "OAuthException"


async def test_after_24_hours_of_silence_only_a_template_goes_through(
    graph: httpx2.AsyncClient, ana: Phone, clock: Clock
) -> None:
    clock.pass_by(24 * 3600 + 1)
    refused = await graph.post(SEND, json=text())
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == 131047
    template = {
        "name": "retomar_atendimento",
        "language": {"code": "pt_BR"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}],
    }
    answer = await graph.post(SEND, json=message("template", template))
    assert answer.json()["messages"][0]["message_status"] == "accepted"
    await ana.send("text", {"body": "oi de novo"})
    assert (await graph.post(SEND, json=text())).status_code == 200


async def test_a_reaction_does_not_open_the_window(
    graph: httpx2.AsyncClient, ana: Phone, clock: Clock
) -> None:
    first = (await ana.messages())[0]["id"]
    clock.pass_by(24 * 3600 + 1)
    await ana.send("reaction", {"message_id": first, "emoji": "👍"})
    assert (await graph.post(SEND, json=text())).json()["error"]["code"] == 131047


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("text", {"body": "x" * 4097}, 131009),
        ("text", "oi", 100),
        ("image", {"id": "1"}, 131009),
        ("reaction", {"message_id": "wamid.unknown", "emoji": "👍"}, 131009),
    ],
)
async def test_what_is_refused_is_answered_in_the_shape_of_meta_and_never_delivered(
    graph: httpx2.AsyncClient, ana: Phone, kind: str, content: object, code: int
) -> None:
    answer = await graph.post(SEND, json=message(kind, content))
    error = answer.json()["error"]
    assert answer.status_code == 400
    assert error["code"] == code, error
    assert error["message"].startswith(f"(#{code})")
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert len(await ana.messages()) == 1
    record = (await ana.client.get("/control/record")).json()
    assert record["total"] == 0


async def test_a_body_that_is_no_json_is_code_100(graph: httpx2.AsyncClient) -> None:
    answer = await graph.post(SEND, content=b"{", headers={"Content-Type": "application/json"})
    assert answer.json()["error"]["code"] == 100


async def test_a_read_mark_ticks_that_message_and_all_before_it(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    second = await ana.send("text", {"body": "cadê?"})
    await ana.send("text", {"body": "alô?"})
    await desk.until(lambda: len(desk.messages) == 3)
    mark = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": second,
        "typing_indicator": {"type": "text"},
    }
    answer = await graph.post(SEND, json=mark)
    assert answer.json() == {"success": True}
    statuses = [one["status"] for one in await ana.messages()]
    assert statuses[:2] == ["read", "read"]
    assert statuses[2] != "read"


async def test_a_read_mark_of_nothing_is_refused(graph: httpx2.AsyncClient) -> None:
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.X"}
    assert (await graph.post(SEND, json=mark)).json()["error"]["code"] == 131009


async def test_the_number_of_the_business_can_be_looked_up(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get("/700100200300?fields=verified_name,quality_rating")
    assert answer.json() == {
        "id": "700100200300",
        "verified_name": "Passo Firme",
        "quality_rating": "GREEN",
    }


async def test_an_unknown_object_is_code_100_with_subcode_33(graph: httpx2.AsyncClient) -> None:
    for answer in (await graph.get("/12345"), await graph.post("/12345/messages", json=text())):
        assert answer.json()["error"]["code"] == 100
        assert answer.json()["error"]["error_subcode"] == 33


async def test_the_record_tells_what_was_accepted_once_and_in_order(
    graph: httpx2.AsyncClient, ana: Phone
) -> None:
    for body in ("um", "dois"):
        await graph.post(SEND, json=text(body, biz_opaque_callback_data=f"outbox:{body}"))
    answer = (await ana.client.get("/control/record?to=5511911112222&kind=message")).json()
    assert [one["body"]["text"]["body"] for one in answer["record"]] == ["um", "dois"]
    assert answer["record"][0]["biz_opaque_callback_data"] == "outbox:um"
    assert answer["record"][0]["seq"] < answer["record"][1]["seq"]
