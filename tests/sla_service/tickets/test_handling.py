"""What people say of a ticket reaches its promises, the record, and nobody twice."""

from typing import Any

import httpx2
import psycopg
import pytest

from sla_service.web.principals import Scope
from tests.sla_service.people import ALICE, key_for
from tests.sla_service.world import Desk, written


async def _acts(desk: Desk) -> list[Any]:
    return await desk.rows(
        "SELECT act, actor_name, details FROM audit_log WHERE target_kind = 'ticket' ORDER BY id"
    )


async def test_a_ticket_is_shown_as_it_stands(bruno: httpx2.AsyncClient) -> None:
    shown = (await bruno.get("/api/tickets/1001")).json()
    assert shown["subject"] == "cadê meu pedido 48213?"
    assert (shown["status"], shown["priority"], shown["tags"]) == ("open", "normal", [])
    assert (shown["merged"], shown["merged_into"], shown["rating"]) == ([], None, None)
    assert (await bruno.get("/api/conversations/1/tickets")).json() == [shown]
    assert (await bruno.get("/api/tickets/4711")).status_code == 404


async def test_what_a_ticket_is_about_is_said_once(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    body = {"subject": "Atraso", "priority": "high", "tags": ["VIP", "atraso", "vip"]}
    for _ in range(2):
        shown = (await bruno.patch("/api/tickets/1001", json=body)).json()
        assert (shown["subject"], shown["priority"]) == ("Atraso", "high")
        assert shown["tags"] == ["atraso", "vip"]
    assert await _acts(desk) == [
        (
            "ticket.changed",
            "Bruno Tavares",
            {
                "subject": True,
                "priority": ["normal", "high"],
                "tags": [[], ["atraso", "vip"]],
            },
        )
    ]
    assert await desk.rows(
        "SELECT kind, payload FROM sla_events WHERE kind = 'priority' OR payload ? 'tags'"
    ) == [("priority", {"priority": "high"}), ("attributes", {"tags": ["atraso", "vip"]})]
    assert (await bruno.get("/api/tags")).json() == ["atraso", "vip"]


async def test_absent_parts_stay(bruno: httpx2.AsyncClient) -> None:
    await bruno.patch("/api/tickets/1001", json={"tags": ["vip"]})
    shown = (await bruno.patch("/api/tickets/1001", json={"priority": "urgent"})).json()
    assert (shown["tags"], shown["subject"]) == (["vip"], "cadê meu pedido 48213?")
    assert (await bruno.patch("/api/tickets/1001", json={"tags": []})).json()["tags"] == []


@pytest.mark.parametrize(
    "body", [{"subject": " "}, {"priority": "x"}, {"tags": ["a" * 41]}, {"colour": "red"}]
)
async def test_nonsense_is_refused(bruno: httpx2.AsyncClient, body: dict[str, Any]) -> None:
    assert (await bruno.patch("/api/tickets/1001", json=body)).status_code == 422


async def test_what_people_put_aside_is_not_settled_by_the_bots_answer(
    desk: Desk, bruno: httpx2.AsyncClient
) -> None:
    await bruno.put("/api/tickets/1001/status", json={"status": "pending"})
    await desk.rows("UPDATE tickets SET settles_at = settles_at - interval '1 day' RETURNING 1")
    await desk.settle()
    assert (await bruno.get("/api/tickets/1001")).json()["status"] == "pending"
    await desk.deliver(written("alô", "wamid.A2"))
    await desk.settle()
    assert (await bruno.get("/api/tickets/1001")).json()["status"] == "open"


async def test_on_hold_is_no_state_of_a_resolved_ticket(
    desk: Desk, bruno: httpx2.AsyncClient
) -> None:
    assert (await bruno.post("/api/tickets/1001/resolution")).status_code == 200
    refused = await bruno.put("/api/tickets/1001/status", json={"status": "on_hold"})
    assert (refused.status_code, refused.json()["type"]) == (409, "ticket_is_resolved")
    resolved = await bruno.put("/api/tickets/1001/status", json={"status": "resolved"})
    assert resolved.status_code == 422


async def test_a_ticket_is_reopened_once(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    await bruno.post("/api/tickets/1001/resolution")
    for _ in range(2):
        shown = (await bruno.delete("/api/tickets/1001/resolution")).json()
        assert (shown["status"], shown["resolved_at"]) == ("open", None)
    acts = [act for act, _, _ in await _acts(desk)]
    assert acts.count("ticket.reopened") == 1
    assert await desk.rows(
        "SELECT payload ->> 'status' FROM sla_events WHERE kind = 'status' "
        "ORDER BY seq DESC LIMIT 2"
    ) == [("open",), ("resolved",)]


async def test_a_key_does_what_its_scopes_allow(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    bruno.cookies.clear()
    reads = await key_for(desk.database, Scope.TICKETS_READ)
    assert (await bruno.get("/api/tickets/1001", headers=reads)).status_code == 200
    body = {"priority": "low"}
    assert (await bruno.patch("/api/tickets/1001", json=body, headers=reads)).status_code == 403
    writes = await key_for(desk.database, Scope.TICKETS_WRITE)
    assert (await bruno.patch("/api/tickets/1001", json=body, headers=writes)).status_code == 200
    assert [(act, name) for act, name, _ in await _acts(desk)] == [("ticket.changed", "loja")]


async def test_open_pages_are_told(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    await desk.sign_in(ALICE)
    listening = await psycopg.AsyncConnection.connect(desk.database.url, autocommit=True)
    async with listening:
        await listening.execute("LISTEN desk_live")
        await bruno.patch("/api/tickets/1001", json={"priority": "low"})
        told = [note.payload async for note in listening.notifies(timeout=10, stop_after=1)]
    assert told == ["1"]
