"""The phone in the browser gets a strict page, live events and safe answers."""

import json

import httpx2
import pytest

from simulator.phone import PAGE
from tests.simulator.fake_desk import FakeDesk, Phone


async def test_the_page_allows_its_own_scripts_and_styles_alone(
    control: httpx2.AsyncClient,
) -> None:
    page = await control.get("/phone")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in page.text
    assert "style=" not in page.text


async def test_every_module_of_the_page_is_served(control: httpx2.AsyncClient) -> None:
    for file in PAGE.iterdir():
        answer = await control.get(f"/phone/static/{file.name}")
        assert answer.status_code == 200
        assert answer.content == file.read_bytes()


async def test_no_module_writes_markup() -> None:
    for file in PAGE.glob("*.js"):
        source = file.read_text()
        assert "innerHTML" not in source
        assert "insertAdjacentHTML" not in source


async def test_the_demo_shoppers_are_there_to_switch_between(
    control: httpx2.AsyncClient,
) -> None:
    shoppers = (await control.get("/phone/api/state")).json()["shoppers"]
    assert [one["address"] for one in shoppers] == [
        "5511987650001",
        "447700900123",
        "555196540002",
        "GB.7712003344556677",
        "5521991230003",
    ]


async def test_a_new_shopper_can_write(control: httpx2.AsyncClient, desk: FakeDesk) -> None:
    wanted = {"name": "Ana", "number": "+55 11 91111-2222", "language": "pt"}
    assert (await control.post("/phone/api/shoppers", json=wanted)).status_code == 201
    await Phone(control, "5511911112222").send("text", {"body": "oi"})
    await desk.until(lambda: len(desk.messages) == 1)
    assert desk.values[0]["contacts"][0]["profile"] == {"name": "Ana"}


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"name": "Ana", "number": "5511987650001"}, 409),
        ({"name": "Ana", "number": "551187650001"}, 409),
        ({"name": "Ana", "number": "12"}, 422),
        ({"name": "Ana", "number": "abc", "username": ""}, 422),
        ({"name": "Ana"}, 422),
        ({"name": " ", "number": "5511911112222"}, 422),
        ({"name": "Ana", "username": "ana.c"}, 201),
    ],
)
async def test_a_new_shopper_needs_a_free_number_or_a_username(
    control: httpx2.AsyncClient, wanted: dict[str, str], status: int
) -> None:
    assert (await control.post("/phone/api/shoppers", json=wanted)).status_code == status


async def test_an_edited_and_a_deleted_message_look_it(ana: Phone, desk: FakeDesk) -> None:
    first = (await ana.messages())[0]["id"]
    fresh = {"context": {"id": "M0"}, "type": "text", "text": {"body": "bom dia"}}
    await ana.send("edit", {"original_message_id": first, "message": fresh})
    (shown,) = await ana.messages()
    assert (shown["content"], shown["is_edited"]) == ({"body": "bom dia"}, True)
    await ana.send("revoke", {"original_message_id": first})
    (shown,) = await ana.messages()
    assert shown["is_deleted"]
    await desk.until(lambda: len(desk.messages) == 3)
    assert [one["type"] for one in desk.messages] == ["text", "edit", "revoke"]


async def test_an_unsupported_message_carries_its_error(ana: Phone, desk: FakeDesk) -> None:
    await ana.send("unsupported", {"type": "poll_creation"})
    await desk.until(lambda: len(desk.messages) == 2)
    assert desk.messages[1]["errors"][0]["code"] == 131051


async def test_an_unknown_chat_is_a_404(control: httpx2.AsyncClient) -> None:
    assert (await control.get("/phone/api/chats/nobody")).status_code == 404


async def test_an_open_page_hears_of_a_new_message(
    served: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    async with served.stream("GET", "/phone/api/events") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == "retry: 1000"
        await served.post("/control/inbound", json={"shopper": "5511987650001", "text": "oi"})
        async for line in lines:
            if line.startswith("data: "):
                event = json.loads(line.removeprefix("data: "))
                break
    assert event["type"] == "message"
    assert event["message"]["content"] == {"body": "oi"}


async def test_a_reset_leaves_the_demo_shoppers_and_nothing_else(
    control: httpx2.AsyncClient, ana: Phone
) -> None:
    await control.post("/control/faults", json={"kind": "rate_limit"})
    await control.post("/control/reset")
    shoppers = (await control.get("/phone/api/state")).json()["shoppers"]
    assert len(shoppers) == 5
    assert all(one["last"] is None for one in shoppers)
    assert (await control.get("/control/faults")).json()["faults"] == []
