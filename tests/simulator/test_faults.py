"""Things go wrong on purpose, as often as ordered and no more."""

import httpx2
import pytest

from tests.simulator.fake_desk import SEND, FakeDesk, Phone, text


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        ("rate_limit", (400, 130429)),
        ("pair_limit", (400, 131056)),
        ("window", (400, 131047)),
        ("undeliverable", (400, 131026)),
        ("unavailable", (500, 131016)),
        ("expired_token", (401, 190)),
    ],
)
async def test_a_fault_is_answered_as_often_as_ordered(
    control: httpx2.AsyncClient,
    graph: httpx2.AsyncClient,
    ana: Phone,
    kind: str,
    refusal: tuple[int, int],
) -> None:
    await control.post("/control/faults", json={"kind": kind, "count": 2})
    for _ in range(2):
        answer = await graph.post(SEND, json=text())
        assert (answer.status_code, answer.json()["error"]["code"]) == refusal
    assert (await graph.post(SEND, json=text())).status_code == 200
    assert (await control.get("/control/faults")).json()["faults"] == []


async def test_any_code_of_meta_can_be_ordered(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, ana: Phone
) -> None:
    await control.post("/control/faults", json={"kind": "error", "code": 131031})
    answer = await graph.post(SEND, json=text())
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, 131031)


async def test_a_server_error_is_no_json_and_accepts_nothing(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, ana: Phone
) -> None:
    await control.post("/control/faults", json={"kind": "server_error"})
    answer = await graph.post(SEND, json=text())
    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    assert len(await ana.messages()) == 1


async def test_a_fault_for_one_recipient_leaves_the_others_alone(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, ana: Phone
) -> None:
    await control.post("/control/inbound", json={"shopper": "555196540002", "text": "oi"})
    fault = {"kind": "pair_limit", "to": "+5551996540002", "count": None}
    await control.post("/control/faults", json=fault)
    assert (await graph.post(SEND, json=text())).status_code == 200
    for _ in range(3):
        answer = await graph.post(SEND, json=text(to="+555196540002"))
        assert answer.json()["error"]["code"] == 131056
    await control.delete("/control/faults")
    assert (await graph.post(SEND, json=text(to="+555196540002"))).status_code == 200


async def test_a_read_mark_does_not_use_up_a_fault_of_messages(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, ana: Phone
) -> None:
    await control.post("/control/faults", json={"kind": "rate_limit"})
    first = (await ana.messages())[0]["id"]
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": first}
    assert (await graph.post(SEND, json=mark)).status_code == 200
    assert (await graph.post(SEND, json=text())).status_code == 400


async def test_a_fault_on_media_is_met_by_media(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient
) -> None:
    await control.post("/control/faults", json={"kind": "server_error", "on": "media"})
    form = {"messaging_product": "whatsapp", "type": "image/png"}
    file = {"file": ("a.png", b"\x89PNG\r\n\x1a\nx", "image/png")}
    first = await graph.post("/700100200300/media", data=form, files=file)
    assert first.status_code == 502
    second = await graph.post("/700100200300/media", data=form, files=file)
    assert second.status_code == 200


async def test_an_unknown_fault_is_refused(control: httpx2.AsyncClient) -> None:
    for order in ({"kind": "boredom"}, {"webhooks": {"batch": 0}}, {"webhooks": {"x": 1}}):
        assert (await control.post("/control/faults", json=order)).status_code == 422


@pytest.mark.parametrize(
    ("kind", "loss"),
    [
        ("timeout_after_accept", httpx2.ReadTimeout),
        ("reset_after_accept", httpx2.RemoteProtocolError),
    ],
)
async def test_a_message_can_be_accepted_though_its_answer_is_lost(
    served: httpx2.AsyncClient, desk: FakeDesk, kind: str, loss: type[Exception]
) -> None:
    await served.post("/control/inbound", json={"shopper": "5511987650001", "text": "oi"})
    await served.post("/control/faults", json={"kind": kind})
    body = text(to="+5511987650001", biz_opaque_callback_data="outbox:7")
    with pytest.raises(loss):
        await served.post(
            "/graph/v25.0" + SEND,
            json=body,
            headers={"Authorization": "Bearer token"},
            timeout=httpx2.Timeout(5, read=0.3),
        )
    await desk.until(lambda: len(desk.statuses) == 2)
    assert desk.statuses[0]["biz_opaque_callback_data"] == "outbox:7"
    record = (await served.get("/control/record?kind=message")).json()["record"]
    assert [(one["id"], one["fault"]) for one in record] == [(desk.statuses[0]["id"], kind)]
