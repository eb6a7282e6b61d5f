"""Who did what can be looked up, and not changed."""

import pytest

from sla_service.agents import accounts, audit
from sla_service.agents.accounts import NoSuchAgent
from sla_service.web.principals import TERMINAL, Principal, Role
from tests.sla_service.people import ALICE, BRUNO
from tests.sla_service.world import Desk

_BRUNO = Principal("agent", BRUNO, "Bruno Tavares", Role.AGENT)


async def test_acts_are_read_page_by_page_the_latest_first(desk: Desk) -> None:
    async with desk.database.transaction() as session:
        for number in range(1, 6):
            await audit.record(session, _BRUNO, "ticket.resolved", "ticket", number, after=number)
    async with desk.database.step() as connection:
        await audit.record(connection, TERMINAL, "account.resumed", "account")
    await desk.sign_in(ALICE)
    pages, cursor = [], None
    while True:
        query = {"limit": 4, **({"cursor": cursor} if cursor else {})}
        page = (await desk.http.get("/api/audit", params=query)).json()
        pages.append([(one["act"], one["target_id"]) for one in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == [
        [("account.resumed", None)] + [("ticket.resolved", str(number)) for number in (5, 4, 3)],
        [("ticket.resolved", "2"), ("ticket.resolved", "1")],
    ]


async def test_acts_on_one_thing_and_by_one_person_are_found(desk: Desk) -> None:
    async with desk.database.transaction() as session:
        await audit.record(session, _BRUNO, "ticket.resolved", "ticket", 7, priority="high")
        await audit.record(session, TERMINAL, "ticket.reopened", "ticket", 7)
        await audit.record(session, _BRUNO, "ticket.resolved", "ticket", 8)
    await desk.sign_in(ALICE)
    on_seven = {"target_kind": "ticket", "target_id": 7}
    found = (await desk.http.get("/api/audit", params=on_seven)).json()["items"]
    assert [(one["act"], one["actor_name"], one["details"]) for one in found] == [
        ("ticket.reopened", "terminal", {}),
        ("ticket.resolved", "Bruno Tavares", {"priority": "high"}),
    ]
    by_bruno = (await desk.http.get("/api/audit", params={"agent": BRUNO})).json()["items"]
    assert [one["target_id"] for one in by_bruno] == ["8", "7"]


async def test_what_is_undone_was_not_done(desk: Desk) -> None:
    async def half_way() -> None:
        async with desk.database.transaction() as session:
            await audit.record(session, _BRUNO, "ticket.resolved", "ticket", 7)
            await accounts.one(session, 4711)

    with pytest.raises(NoSuchAgent):
        await half_way()
    assert await desk.rows("SELECT 1 FROM audit_log") == []


async def test_changes_to_accounts_and_keys_are_written_down_without_secrets(desk: Desk) -> None:
    await desk.sign_in(ALICE)
    await desk.http.post("/api/agents", json={"email": "nina@loja.example", "name": "Nina"})
    await desk.http.patch("/api/agents/5", json={"capacity": 3})
    made = await desk.http.post("/api/keys", json={"name": "loja", "scopes": ["sla:read"]})
    await desk.http.delete("/api/keys/1")
    answer = await desk.http.get("/api/audit")
    assert [one["act"] for one in answer.json()["items"]] == [
        "key.revoked",
        "key.added",
        "agent.changed",
        "agent.added",
    ]
    assert {one["actor_name"] for one in answer.json()["items"]} == {"Alice Nunes"}
    assert made.json()["text"].split("_")[2] not in answer.text
