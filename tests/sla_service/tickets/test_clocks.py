"""Why a ticket's clocks stand where they stand."""

import httpx2
import pytest

from tests.sla_service.people import ALICE
from tests.sla_service.world import Desk

_CLOCKS = "/api/tickets/1001/clocks"


async def test_every_clock_tells_its_moments(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    await bruno.put("/api/tickets/1001/status", json={"status": "pending"})
    told = (await bruno.get(_CLOCKS)).json()
    assert told["ticket"]["status"] == "pending"
    resolution = next(one for one in told["clocks"] if one["metric"] == "resolution")
    assert [one["what"] for one in resolution["moments"]] == ["started", "paused"]
    assert resolution["moments"][1]["cause"] == "status:pending"
    assert resolution["state"] == "paused"
    kept = await desk.rows(
        "SELECT metric, state FROM sla_clocks WHERE target IS NOT NULL ORDER BY metric"
    )
    assert sorted((one["metric"], one["state"]) for one in told["clocks"]) == kept


async def test_the_same_is_a_text_in_both_languages(bruno: httpx2.AsyncClient) -> None:
    portuguese = await bruno.get(_CLOCKS, params={"as": "text"})
    assert portuguese.headers["content-type"] == "text/plain; charset=utf-8"
    english = await bruno.get(_CLOCKS, params={"as": "text", "language": "en"})
    assert english.text.startswith("The ticket's deadlines as of")
    assert "America/Sao_Paulo" in portuguese.text
    assert portuguese.text != english.text
    nowhere = await bruno.get(_CLOCKS, params={"as": "text", "time_zone": "Lua/Norte"})
    assert (nowhere.status_code, nowhere.json()["type"]) == (422, "unknown_time_zone")


async def test_where_nothing_was_promised_there_is_nothing_to_tell(
    desk: Desk, bruno: httpx2.AsyncClient
) -> None:
    await desk.rows("DELETE FROM sla_events RETURNING 1")
    assert (await bruno.get(_CLOCKS)).json()["type"] == "nothing_promised"
    assert (await bruno.get("/api/tickets/4711/clocks")).json()["type"] == "ticket_not_found"


@pytest.mark.usefixtures("bruno")
async def test_what_other_policies_would_change_is_told_by_the_tickets_number(desk: Desk) -> None:
    alice = await desk.sign_in(ALICE)
    text = "policies: [{name: ten, targets: {first_response: 10 min}}]"
    version = (await alice.post("/api/sla/rulebooks", content=text)).json()["id"]
    planned = (await alice.post(f"/api/sla/rulebooks/{version}/dry-run")).json()
    assert [(one["ticket_id"], one["number"]) for one in planned["moves"]] == [(1, 1001)]
