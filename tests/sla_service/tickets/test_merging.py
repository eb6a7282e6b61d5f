"""Two tickets about one thing become one; the longer wait counts."""

import asyncio
import time

import httpx2
import pytest

from tests.sla_service.people import BRUNO
from tests.sla_service.world import Desk, written

_DAY = 24 * 3600


@pytest.fixture
async def two(desk: Desk) -> httpx2.AsyncClient:
    """Ana's 1001 waits for people, 1002 is about the same; Bruno sits at the console."""
    at = int(time.time())
    await desk.deliver(written("cadê meu pedido?", "wamid.A1", at=at - 2 * _DAY))
    await desk.settle()
    await desk.deliver(written("oi, e o pedido?", "wamid.A2", at=at))
    await desk.settle()
    http = await desk.sign_in(BRUNO)
    await http.delete("/api/tickets/1001/resolution")
    return http


async def _merge(http: httpx2.AsyncClient, number: int, into: int) -> httpx2.Response:
    return await http.post(f"/api/tickets/{number}/merge", json={"into": into})


async def test_the_older_wait_counts_and_the_part_ends(desk: Desk, two: httpx2.AsyncClient) -> None:
    began = await desk.rows(
        "SELECT state ->> 'first_contact_at' FROM sla_tickets WHERE ticket_id = 1"
    )
    for _ in range(2):
        whole = (await _merge(two, 1001, 1002)).json()
        assert (whole["number"], whole["merged"], whole["status"]) == (1002, [1001], "open")
    part = (await two.get("/api/tickets/1001")).json()
    assert (part["status"], part["merged_into"]) == ("resolved", 1002)
    assert (
        await desk.rows("SELECT state ->> 'first_contact_at' FROM sla_tickets WHERE ticket_id = 2")
        == began
    )
    assert await desk.rows(
        "SELECT ticket_id, kind FROM sla_events WHERE kind LIKE 'merged%' ORDER BY ticket_id"
    ) == [(1, "merged_into"), (2, "merged_from")]
    assert await desk.rows(
        "SELECT count(*) FROM sla_clocks WHERE ticket_id = 1 AND state IN ('running', 'paused')"
    ) == [(0,)]
    assert await desk.rows(
        "SELECT ticket_id FROM messages WHERE author = 'contact' ORDER BY id"
    ) == [(1,), (2,)]
    assert await desk.rows(
        "SELECT act, target_id FROM audit_log WHERE act LIKE 'ticket.merged%' ORDER BY id"
    ) == [("ticket.merged", "1001"), ("ticket.merged_from", "1002")]


async def test_the_contact_goes_on_in_the_whole_though_the_part_is_newer(
    desk: Desk, two: httpx2.AsyncClient
) -> None:
    assert (await _merge(two, 1002, 1001)).status_code == 200
    await desk.deliver(written("alô?", "wamid.A3"))
    await desk.settle()
    assert await desk.rows("SELECT ticket_id FROM messages WHERE wamid = 'wamid.A3'") == [(1,)]
    assert (await two.get("/api/tickets/1002")).json()["status"] == "resolved"


async def test_of_two_merges_against_each_other_one_counts(
    desk: Desk, two: httpx2.AsyncClient
) -> None:
    answers = await asyncio.gather(_merge(two, 1001, 1002), _merge(two, 1002, 1001))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await desk.rows(
        "SELECT count(*) FROM tickets WHERE merged_into_id IS NOT NULL AND status = 'resolved'"
    ) == [(1,)]


async def test_nothing_is_done_to_a_part(two: httpx2.AsyncClient) -> None:
    await _merge(two, 1001, 1002)
    for answer in (
        await two.patch("/api/tickets/1001", json={"priority": "low"}),
        await two.put("/api/tickets/1001/status", json={"status": "open"}),
        await two.delete("/api/tickets/1001/resolution"),
        await _merge(two, 1002, 1001),
    ):
        assert answer.status_code == 409
        assert (answer.json()["type"], answer.json()["into"]) == ("ticket_is_merged", 1002)


async def test_what_does_not_belong_together_stays_apart(
    desk: Desk, two: httpx2.AsyncClient
) -> None:
    assert (await _merge(two, 1001, 1001)).json()["type"] == "merge_refused"
    assert (await _merge(two, 1001, 4711)).status_code == 404
    bia = {"profile": {"name": "Bia"}, "wa_id": "5511987650002", "user_id": "BR.2"}
    await desk.deliver(written("oi", "wamid.B1", sender=bia), contact=bia)
    await desk.settle()
    assert (await _merge(two, 1001, 1003)).json()["type"] == "merge_refused"


async def test_nothing_ends_as_part_of_what_is_resolved(two: httpx2.AsyncClient) -> None:
    await two.post("/api/tickets/1002/resolution")
    assert (await _merge(two, 1001, 1002)).json()["type"] == "ticket_is_resolved"


async def test_parts_of_a_part_are_parts_of_the_whole(desk: Desk, two: httpx2.AsyncClient) -> None:
    await _merge(two, 1001, 1002)
    await desk.deliver(written("ainda nada", "wamid.A3", at=int(time.time()) + 2 * _DAY))
    await desk.settle()
    await two.delete("/api/tickets/1002/resolution")
    whole = (await _merge(two, 1002, 1003)).json()
    assert whole["merged"] == [1001, 1002]


async def test_what_is_to_be_done_goes_along_and_notes_are_read_together(
    desk: Desk, two: httpx2.AsyncClient
) -> None:
    await two.post("/api/tickets/1001/notes", json={"text": "já liguei"})
    await two.post("/api/tickets/1001/action-items", json={"text": "ligar de novo"})
    await _merge(two, 1001, 1002)
    [note] = (await two.get("/api/tickets/1002/notes")).json()
    assert (note["ticket"], note["text"]) == (1001, "já liguei")
    [item] = (await two.get("/api/tickets/1002/action-items")).json()
    assert item["text"] == "ligar de novo"
