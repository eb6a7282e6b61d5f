"""What becomes of a message is told by statuses, as Meta tells it."""

import httpx2

from simulator.settings import Settings
from tests.simulator.fake_desk import SEND, FakeDesk, Phone, text


async def test_sent_and_delivered_follow_with_the_callback_data_and_one_price(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    answer = await graph.post(SEND, json=text(biz_opaque_callback_data="outbox:7"))
    wamid = answer.json()["messages"][0]["id"]
    await desk.until(lambda: len(desk.statuses) == 2)
    sent, delivered = desk.statuses
    assert [sent["status"], delivered["status"]] == ["sent", "delivered"]
    for status in (sent, delivered):
        assert status["id"] == wamid
        assert status["recipient_id"] == "5511911112222"
        assert status["recipient_user_id"].startswith("BR.")
        assert status["biz_opaque_callback_data"] == "outbox:7"
        assert status["timestamp"].isdecimal()
    assert sent["pricing"] == {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
    assert "pricing" not in delivered
    assert desk.values[-1]["contacts"][0]["wa_id"] == "5511911112222"


async def test_read_comes_when_the_phone_shows_the_chat_and_only_once(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    await graph.post(SEND, json=text())
    assert (await ana.summary())["unread"] == 1
    await ana.read()
    await ana.read()
    await desk.until(lambda: [s["status"] for s in desk.statuses][-1:] == ["read"])
    await ana.send("text", {"body": "obrigada"})
    await desk.until(lambda: len(desk.messages) == 2)
    assert [s["status"] for s in desk.statuses].count("read") == 1
    assert (await ana.summary())["unread"] == 0


async def test_a_shopper_without_number_has_no_recipient_id(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    await control.post("/control/inbound", json={"shopper": "priya.n", "text": "hello"})
    body = text(recipient="GB.7712003344556677")
    del body["to"]
    await graph.post(SEND, json=body)
    await desk.until(lambda: len(desk.statuses) == 2)
    assert all("recipient_id" not in status for status in desk.statuses)
    sent, delivered = [value["contacts"][0] for value in desk.values if "statuses" in value]
    assert sent == {"profile": {"name": "Priya Nair"}, "user_id": "GB.7712003344556677"}
    assert delivered["profile"]["username"] == "priya.n"


async def test_a_failed_status_has_the_error_and_no_contacts(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    await control.post("/control/faults", json={"kind": "window", "via": "status"})
    answer = await graph.post(SEND, json=text(biz_opaque_callback_data="outbox:7"))
    assert answer.status_code == 200
    await desk.until(lambda: len(desk.statuses) == 1)
    failed = desk.statuses[0]
    assert failed["status"] == "failed"
    assert failed["errors"][0]["code"] == 131047
    assert failed["biz_opaque_callback_data"] == "outbox:7"
    assert "recipient_user_id" not in failed
    assert "contacts" not in desk.values[-1]
    assert len(await ana.messages()) == 1


async def test_delivered_can_be_missing(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    await control.post("/control/faults", json={"webhooks": {"skip_delivered": True}})
    await graph.post(SEND, json=text())
    await ana.read()
    await desk.until(lambda: len(desk.statuses) == 2)
    assert [status["status"] for status in desk.statuses] == ["sent", "read"]


async def test_statuses_can_come_out_of_order_with_their_own_times(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    await control.post("/control/faults", json={"webhooks": {"shuffle_statuses": True}})
    await graph.post(SEND, json=text())
    await desk.until(lambda: len(desk.statuses) == 2)
    assert [status["status"] for status in desk.statuses] == ["delivered", "sent"]


async def test_messages_beyond_the_free_ones_of_the_month_cost_money(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk, settings: Settings
) -> None:
    for _ in range(settings.free_service_messages + 1):
        await graph.post(SEND, json=text())
    await desk.until(lambda: len(desk.statuses) == 2 * (settings.free_service_messages + 1))
    kinds = [status["pricing"]["type"] for status in desk.statuses if "pricing" in status]
    assert kinds == ["free_customer_service"] * settings.free_service_messages + ["regular"]
