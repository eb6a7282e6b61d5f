"""Notes stay inside; a colleague who is mentioned hears of it, and nobody else."""

import httpx2

from tests.sla_service.people import ALICE, BRUNO, CARLA
from tests.sla_service.world import Desk, World

_NOTES = "/api/tickets/1001/notes"


async def test_a_note_tells_whom_it_mentions_and_nobody_else(
    desk: Desk, world: World, bruno: httpx2.AsyncClient
) -> None:
    sent = len(world.sent)
    body = {"text": "@Carla Mendes pode autorizar?", "mentions": [CARLA, BRUNO]}
    written = await bruno.post(_NOTES, json=body)
    assert written.status_code == 201
    assert written.json()["author"] == "Bruno Tavares"
    assert (await bruno.get("/api/notices")).json()["notices"] == []
    assert [one["mentions"] for one in (await bruno.get(_NOTES)).json()] == [[BRUNO, CARLA]]
    await desk.settle()
    assert len(world.sent) == sent

    carla = await desk.sign_in(CARLA)
    [notice] = (await carla.get("/api/notices")).json()["notices"]
    assert (notice["kind"], notice["team"]) == ("mentioned", f"@{CARLA}")
    assert notice["facts"]["by"] == "Bruno Tavares"
    assert notice["facts"]["text"] == "@Carla Mendes pode autorizar?"
    assert notice["facts"]["link"] == "/console#c1", "an address that the page follows"
    alice = await desk.sign_in(ALICE)
    assert (await alice.get("/api/notices")).json()["notices"] == []
    path = f"/api/notices/{notice['id']}/acknowledgement"
    assert (await alice.post(path)).status_code == 404
    carla = await desk.sign_in(CARLA)
    assert (await carla.post(path)).status_code == 204
    [notice] = (await carla.get("/api/notices")).json()["notices"]
    assert notice["acknowledged_by"] == "Carla Mendes"


async def test_a_retry_is_the_same_note(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    body = {"text": "liguei, ninguém atendeu", "mentions": [CARLA]}
    answers = [
        (await bruno.post(_NOTES, json=body, headers={"Idempotency-Key": "k1"})).json()
        for _ in range(3)
    ]
    assert answers[0] == answers[1] == answers[2]
    for table in ("notes", "notices"):
        assert await desk.rows(f"SELECT count(*) FROM {table}") == [(1,)]  # noqa: S608 - ours
    assert await desk.rows("SELECT count(*) FROM audit_log WHERE act = 'ticket.noted'") == [(1,)]
    assert await desk.rows("SELECT count(*) FROM sla_events WHERE kind = 'note'") == [(1,)]


async def test_a_note_moves_no_promise(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    clocks = "SELECT metric, state, due_at, consumed FROM sla_clocks ORDER BY metric"
    before = await desk.rows(clocks)
    await bruno.post(_NOTES, json={"text": "x"})
    assert before
    assert await desk.rows(clocks) == before


async def test_strangers_are_not_mentioned(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    refused = await bruno.post(_NOTES, json={"text": "x", "mentions": [CARLA, 99]})
    assert refused.status_code == 422
    assert refused.json()["agents"] == [99]
    assert await desk.rows("SELECT count(*) FROM notes") == [(0,)]
    assert (await bruno.post(_NOTES, json={"text": "  "})).status_code == 422
    assert (await bruno.get("/api/tickets/4711/notes")).status_code == 404
