"""Nothing a shopper wrote is lost: the desk hears it until it answers 200."""

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import envelope
from tests.simulator.fake_desk import SEND, FakeDesk, Phone, text


async def write(control: httpx2.AsyncClient, shopper: str, *texts: str) -> None:
    for one in texts:
        await control.post("/control/inbound", json={"shopper": shopper, "text": one})


def bodies(desk: FakeDesk) -> list[str]:
    return [message["text"]["body"] for message in desk.messages]


@pytest.mark.parametrize(
    "answer", [500, 503, 404, 201, httpx2.ReadTimeout("slow"), httpx2.ConnectError("down")]
)
async def test_anything_but_a_200_brings_the_same_webhook_again(
    control: httpx2.AsyncClient, desk: FakeDesk, answer: int | Exception
) -> None:
    desk.answers = [answer, answer]
    await write(control, "5511987650001", "oi")
    await desk.until(lambda: len(desk.posts) == 3)
    assert len({post.content for post in desk.posts}) == 1


async def test_messages_keep_their_order_through_a_time_when_the_desk_is_down(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    desk.is_down = True
    wanted = [f"mensagem {number}" for number in range(20)]
    await write(control, "5511987650001", *wanted)
    owed = (await control.get("/control/deliveries")).json()
    assert owed["owed"] == 20
    desk.is_down = False
    await desk.until(lambda: len(desk.messages) == 20)
    assert bodies(desk) == wanted


async def test_a_webhook_the_desk_refuses_does_not_hold_up_other_shoppers(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    desk.answers = [500]
    await write(control, "5511987650001", "um", "dois")
    await write(control, "447700900123", "one")
    await desk.until(lambda: len(desk.posts) == 4)
    assert bodies(desk).index("one") < bodies(desk).index("dois")
    assert [body for body in bodies(desk) if body != "one"] == ["um", "um", "dois"]


async def test_duplicates_come_after_a_success(control: httpx2.AsyncClient, desk: FakeDesk) -> None:
    await control.post("/control/faults", json={"webhooks": {"duplicate": 2}})
    await write(control, "5511987650001", "oi")
    await desk.until(lambda: len(desk.posts) == 3)
    assert len({post.content for post in desk.posts}) == 1
    await write(control, "5511987650001", "tchau")
    await desk.until(lambda: len(desk.posts) == 6)


async def test_several_updates_share_a_post_and_none_is_lost(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    await control.post("/control/faults", json={"webhooks": {"batch": 5, "is_paused": True}})
    await write(control, "5511987650001", "1", "2", "3", "4")
    await write(control, "447700900123", "5", "6", "7")
    assert desk.posts == []
    await control.post("/control/faults", json={"webhooks": {"is_paused": False}})
    await desk.until(lambda: len(desk.messages) == 7)
    assert sorted(bodies(desk)) == ["1", "2", "3", "4", "5", "6", "7"]
    assert len(desk.posts) == 2
    assert all(desk.is_signed(post) for post in desk.posts)
    entries = desk.payloads[0]["entry"]
    assert len(entries) > 1
    assert any(len(change["value"]["messages"]) > 1 for e in entries for change in e["changes"])


async def test_a_single_update_does_not_wait_for_ever_for_company(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    await control.post("/control/faults", json={"webhooks": {"batch": 5}})
    await write(control, "5511987650001", "oi")
    await desk.until(lambda: len(desk.messages) == 1)


async def test_the_second_tick_comes_when_the_desk_has_taken_the_message(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    desk.is_down = True
    await ana.send("text", {"body": "cadê?"})
    assert (await ana.messages())[-1]["status"] == "sent"
    desk.is_down = False
    await desk.until(lambda: len(desk.messages) == 2)
    # Statuses of an answer travel behind it: when they are here, the tick has been drawn.
    await graph.post(SEND, json=text())
    await desk.until(lambda: len(desk.statuses) == 2)
    assert (await ana.messages())[1]["status"] == "delivered"


@given(
    st.lists(
        st.tuples(st.sampled_from(["messages", "statuses"]), st.sampled_from(["1", "2"])),
        min_size=1,
        max_size=40,
    )
)
def test_a_batch_holds_every_update_once_and_in_order(kinds: list[tuple[str, str]]) -> None:
    updates = [
        envelope.update(waba, "messages", {kind: [{"id": f"{kind} {number}"}]})
        for number, (kind, waba) in enumerate(kinds)
    ]
    payload = envelope.payload(updates)
    found = [
        (entry["id"], one["id"])
        for entry in payload["entry"]
        for change in entry["changes"]
        for kind in ("messages", "statuses")
        for one in change["value"].get(kind, [])
    ]
    assert found == [(waba, f"{kind} {number}") for number, (kind, waba) in enumerate(kinds)]


async def test_a_template_update_keeps_its_own_time_in_a_batch() -> None:
    timed = envelope.update("1", "message_template_status_update", {"event": "APPROVED"}, at=7)
    plain = envelope.update("1", "messages", {"messages": [{"id": "a"}]})
    entries = envelope.payload([plain, timed, plain])["entry"]
    assert [entry.get("time") for entry in entries] == [None, 7, None]
