"""How contacts say it went, and all that happened to a ticket."""

from typing import Any

import httpx2
import pytest

from tests.sla_service.people import BRUNO, CARLA
from tests.sla_service.world import Desk, written


@pytest.fixture
async def carla(desk: Desk) -> httpx2.AsyncClient:
    """Carla's browser; contacts were asked about four solutions, two of them Bruno's."""
    await desk.deliver(written("cadê meu pedido?", "wamid.A1"))
    await desk.settle()
    for number, (is_bot_only, agent, score, comment) in enumerate(
        [
            (True, None, 5, None),
            (True, None, None, None),
            (False, BRUNO, 2, "demorou"),
            (False, BRUNO, 4, None),
        ],
        1,
    ):
        await desk.rows(
            "INSERT INTO ratings (ticket_id, resolution, is_bot_only, agent_id, state, asked_at, "
            "  score, rated_at, comment) "
            "VALUES (1, :number, :bot, :agent, 'asked', now(), CAST(:score AS int), "
            "  CASE WHEN CAST(:score AS int) IS NOT NULL THEN now() END, :comment) RETURNING 1",
            number=number,
            bot=is_bot_only,
            agent=agent,
            score=score,
            comment=comment,
        )
    return await desk.sign_in(CARLA)


async def test_the_bots_scores_and_peoples_are_apart(carla: httpx2.AsyncClient) -> None:
    people, bot = (await carla.get("/api/reports/satisfaction")).json()
    assert (people["is_bot_only"], people["asked"], people["rated"]) == (False, 2, 2)
    assert (people["average"], people["satisfied"], people["comments"]) == (3.0, 50.0, 1)
    assert people["scores"] == {"1": 0, "2": 1, "3": 0, "4": 1, "5": 0}
    assert (bot["is_bot_only"], bot["asked"], bot["rated"], bot["average"]) == (True, 2, 1, 5.0)


async def test_scores_by_agent_and_day(carla: httpx2.AsyncClient) -> None:
    asked = {"group": ["agent", "day"]}
    people, _ = (await carla.get("/api/reports/satisfaction", params=asked)).json()
    assert (people["agent"], people["agent_name"]) == (BRUNO, "Bruno Tavares")
    assert people["day"] is not None


async def test_what_contacts_said_is_read_with_its_ticket(carla: httpx2.AsyncClient) -> None:
    page = (await carla.get("/api/reports/ratings", params={"limit": 2})).json()
    assert [one["score"] for one in page["items"]] == [4, 2]
    page = (await carla.get("/api/reports/ratings", params={"before": page["next"]})).json()
    assert ([one["score"] for one in page["items"]], page["next"]) == ([5], None)
    bad = {"at_most": 2, "commented": True}
    [one] = (await carla.get("/api/reports/ratings", params=bad)).json()["items"]
    assert (one["ticket"], one["comment"]) == (1001, "demorou")


async def test_agents_do_not_read_reports(desk: Desk, carla: httpx2.AsyncClient) -> None:
    await desk.sign_in(BRUNO)
    for path in ("satisfaction", "ratings"):
        assert (await carla.get(f"/api/reports/{path}")).status_code == 403


async def test_a_tickets_history_is_one_line_of_time(desk: Desk, carla: httpx2.AsyncClient) -> None:
    await carla.patch("/api/tickets/1001", json={"priority": "high"})
    await carla.post("/api/tickets/1001/notes", json={"text": "já liguei"})
    await carla.post("/api/tickets/1001/action-items", json={"text": "ligar de novo"})
    await carla.post("/api/tickets/1001/resolution")
    items: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": 3}
    while True:
        page = (await carla.get("/api/tickets/1001/history", params=params)).json()
        items += page["items"]
        if page["next"] is None:
            break
        params["before"] = page["next"]
    assert items == (await carla.get("/api/tickets/1001/history")).json()["items"]
    told = [(one["source"], one["what"]) for one in reversed(items)]
    for one in (
        ("event", "opened"),
        ("event", "contact_message"),
        ("event", "bot_message"),
        ("event", "priority"),
        ("act", "ticket.changed"),
        ("note", "note"),
        ("act", "ticket.action_added"),
        ("event", "status"),
        ("act", "ticket.resolved"),
        ("rating", "rated"),
    ):
        assert one in told
    assert [one["at"] for one in items] == sorted((one["at"] for one in items), reverse=True)
    note = next(one for one in items if one["source"] == "note")
    assert (note["by"]["name"], note["details"]["text"]) == ("Carla Mendes", "já liguei")
    action = next(one for one in items if one["what"] == "ticket.action_added")
    assert action["details"]["text"] == "ligar de novo"
    wrong = await carla.get("/api/tickets/1001/history", params={"before": "x"})
    assert wrong.status_code == 422
    assert (await carla.get("/api/tickets/4711/history")).status_code == 404
