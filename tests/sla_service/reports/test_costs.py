"""What WhatsApp puts on the bill, and what a solved conversation costs of it."""

from typing import Any

import pytest

from sla_service.database.sessions import Database
from tests.sla_service.people import CARLA
from tests.sla_service.world import Desk, World, open_desk, settings_for, written

PRICES = {"currency": "BRL", "a_message": {"service": "0.035", "utility": "0.05"}}


def status(wamid: str, name: str, **pricing: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"id": wamid, "status": name, "timestamp": "1795435260"}
    return {**told, "pricing": pricing} if pricing else told


SERVICE = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
FREE = {
    "billable": False,
    "pricing_model": "PMP",
    "type": "free_customer_service",
    "category": "service",
}
UTILITY = {"pricing_model": "PMP", "type": "regular", "category": "utility"}


async def _two_solved(desk: Desk) -> None:
    """Ana is answered three times, Carlos once; both are solved by the bot."""
    carlos = {"profile": {"name": "Carlos"}, "wa_id": "5511987650002"}
    for number, text in enumerate(["oi", "cadê?", "obrigada"], 1):
        await desk.deliver(written(text, f"wamid.A{number}"))
        await desk.settle()
    await desk.deliver(written("oi", "wamid.C1", sender=carlos), contact=carlos)
    await desk.settle()
    await desk.rows("UPDATE tickets SET status = 'resolved', resolved_at = now() RETURNING id")
    await desk.rows("UPDATE ratings SET state = 'passed_over' RETURNING id")


async def _told(desk: Desk, *statuses: dict[str, Any]) -> None:
    await desk.deliver_value({"statuses": list(statuses)})
    await desk.settle()


async def test_billable_messages_of_each_solved_conversation(
    database: Database, world: World
) -> None:
    async with open_desk(database, world, settings_for(database.url, world, prices=PRICES)) as desk:
        await _two_solved(desk)
        await _told(
            desk,
            status("wamid.OUT1", "sent", **SERVICE),
            status("wamid.OUT2", "sent", **SERVICE),
            status("wamid.OUT3", "sent", **UTILITY),
            status("wamid.OUT4", "sent", **FREE),
        )
        carla = await desk.sign_in(CARLA)
        report = (await carla.get("/api/reports/costs")).json()
        assert report["currency"] == "BRL"
        assert report["categories"] == [
            {"category": "service", "billable": 2, "free": 1, "unasked": 0, "cost": "0.070"},
            {"category": "utility", "billable": 1, "free": 0, "unasked": 0, "cost": "0.05"},
        ]
        (bot,) = report["conversations"]
        assert bot == {
            "is_bot_only": True,
            "language": None,
            "intent": None,
            "resolved": 2,
            "billable": 3,
            "per_conversation": 1.5,
            "p50": 0,
            "p90": 3,
            "cost": "0.120",
            "cost_per_conversation": "0.0600",
        }
        query = {"group": ["language", "intent"]}
        (apart,) = (await carla.get("/api/reports/costs", params=query)).json()["conversations"]
        assert (apart["language"], apart["intent"], apart["resolved"]) == ("pt", None, 2)


async def test_what_people_took_part_in_is_apart(desk: Desk) -> None:
    await _two_solved(desk)
    await desk.rows("UPDATE messages SET author = 'agent' WHERE wamid = 'wamid.OUT4' RETURNING id")
    await _told(desk, status("wamid.OUT1", "sent", **SERVICE))
    carla = await desk.sign_in(CARLA)
    report = (await carla.get("/api/reports/costs")).json()
    assert report["currency"] is None
    told = [(one["is_bot_only"], one["billable"], one["cost"]) for one in report["conversations"]]
    assert told == [(True, 1, None), (False, 0, None)]


@pytest.mark.parametrize("first", ["sent", "delivered"])
async def test_the_price_comes_with_any_status_in_any_order(desk: Desk, first: str) -> None:
    await _two_solved(desk)
    second = {"sent": "delivered", "delivered": "sent"}[first]
    await _told(desk, status("wamid.OUT1", first))
    await _told(desk, status("wamid.OUT1", second, **SERVICE))
    await _told(desk, status("wamid.OUT2", first, **SERVICE), status("wamid.OUT2", second))
    found = await desk.rows(
        "SELECT state, is_billable, price_category, price_type, price_model FROM messages "
        "WHERE wamid IN ('wamid.OUT1', 'wamid.OUT2')"
    )
    assert {tuple(row) for row in found} == {("delivered", True, "service", "regular", "PMP")}


async def test_without_a_type_the_flag_counts(desk: Desk) -> None:
    await _two_solved(desk)
    await _told(desk, status("wamid.OUT1", "sent", billable=False, category="utility"))
    (row,) = await desk.rows("SELECT is_billable FROM messages WHERE wamid = 'wamid.OUT1'")
    assert row.is_billable is False
