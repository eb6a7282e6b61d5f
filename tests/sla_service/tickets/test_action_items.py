"""What is to be done has an owner and a time; whoever it is hears when it is due, once."""

from datetime import UTC, datetime, timedelta

import httpx2

from tests.sla_service.people import BRUNO, CARLA
from tests.sla_service.world import Desk

_ITEMS = "/api/tickets/1001/action-items"


def _in(minutes: int) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()  # noqa: TID251 - a test's


async def test_whoever_owns_it_hears_when_it_is_due(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    body = {"text": "conferir o estorno", "owner": CARLA, "due_at": _in(-1)}
    item = (await bruno.post(_ITEMS, json=body)).json()
    await bruno.post(_ITEMS, json={"text": "amanhã", "owner": CARLA, "due_at": _in(60)})
    for _ in range(2):
        await desk.settle()
    carla = await desk.sign_in(CARLA)
    [notice] = (await carla.get("/api/notices")).json()["notices"]
    assert (notice["kind"], notice["facts"]["text"]) == ("action_due", "conferir o estorno")
    own = (await carla.get("/api/me/action-items")).json()
    assert [(one["text"], one["ticket"]) for one in own] == [
        ("conferir o estorno", 1001),
        ("amanhã", 1001),
    ]
    done = (await carla.patch(f"{_ITEMS}/{item['id']}", json={"is_done": True})).json()
    assert done["done_by"] == CARLA
    assert [one["text"] for one in (await carla.get("/api/me/action-items")).json()] == ["amanhã"]


async def test_another_time_is_told_of_again(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    body = {"text": "ligar", "owner": BRUNO, "due_at": _in(-5)}
    item = (await bruno.post(_ITEMS, json=body)).json()
    await desk.settle()
    await bruno.patch(f"{_ITEMS}/{item['id']}", json={"due_at": _in(-2)})
    await desk.settle()
    assert len((await bruno.get("/api/notices")).json()["notices"]) == 2
    await bruno.patch(f"{_ITEMS}/{item['id']}", json={"due_at": None, "owner": None})
    await desk.settle()
    shown = (await bruno.get(_ITEMS)).json()
    assert [(one["owner"], one["due_at"]) for one in shown] == [(None, None)]


async def test_what_nobody_owns_is_told_to_all_agents(
    desk: Desk, bruno: httpx2.AsyncClient
) -> None:
    await bruno.post(_ITEMS, json={"text": "ligar", "due_at": _in(-5)})
    await desk.settle()
    carla = await desk.sign_in(CARLA)
    assert [one["team"] for one in (await carla.get("/api/notices")).json()["notices"]] == ["agent"]


async def test_what_is_done_is_not_due(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    body = {"text": "ligar", "owner": BRUNO, "due_at": _in(-5)}
    item = (await bruno.post(_ITEMS, json=body)).json()
    for _ in range(2):
        await bruno.patch(f"{_ITEMS}/{item['id']}", json={"is_done": True})
    await desk.settle()
    assert (await bruno.get("/api/notices")).json()["notices"] == []
    acts = await desk.rows("SELECT act FROM audit_log WHERE target_kind = 'ticket' ORDER BY id")
    assert [act for (act,) in acts] == ["ticket.action_added", "ticket.action_done"]


async def test_a_retry_is_the_same_thing_and_strangers_own_nothing(
    desk: Desk, bruno: httpx2.AsyncClient
) -> None:
    for _ in range(2):
        await bruno.post(_ITEMS, json={"text": "ligar"}, headers={"Idempotency-Key": "k"})
    assert len((await bruno.get(_ITEMS)).json()) == 1
    assert (await bruno.post(_ITEMS, json={"text": "x", "owner": 99})).status_code == 422
    assert (await bruno.post(_ITEMS, json={"text": "x", "due_at": "2026-01-01"})).status_code == 422
    assert (await bruno.patch(f"{_ITEMS}/99", json={"is_done": True})).status_code == 404
