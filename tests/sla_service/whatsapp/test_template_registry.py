"""What WhatsApp tells of templates counts at once, and in whichever order it is told."""

import json
from typing import Any

import pytest

from sla_service.whatsapp import registry
from tests.sla_service.people import BRUNO
from tests.sla_service.world import ACCOUNT, Desk, written

NAME, LANGUAGE = "retomar_atendimento", "pt_BR"
LISTED = {
    "name": NAME,
    "language": LANGUAGE,
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Olá! Podemos continuar?"}],
    "quality_score": {"score": "GREEN"},
}


@pytest.fixture
async def listed(desk: Desk) -> Desk:
    """The account has one template, and Bruno has opened the console."""
    desk.world.templates.append(dict(LISTED))
    await desk.worker.templates.refresh()
    await desk.sign_in(BRUNO)
    assert await picked(desk) == [NAME], "and the desk asks Meta again in a minute"
    return desk


async def news(desk: Desk, field: str, at: int, **value: Any) -> None:
    """Meta tells of the template; at another time, the same is told anew."""
    about = {"message_template_name": NAME, "message_template_language": LANGUAGE, **value}
    entry = {"id": ACCOUNT, "time": at, "changes": [{"field": field, "value": about}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    assert (await desk.post(body)).status_code == 200
    await desk.settle()


STATUS, QUALITY, CATEGORY = (
    "message_template_status_update",
    "message_template_quality_update",
    "template_category_update",
)


async def states(desk: Desk) -> dict[str, Any]:
    """The template as the settings show it."""
    (one,) = (await desk.http.get("/api/template-registry")).json()
    return {name: one[name] for name in ("status", "quality", "category", "reason", "is_usable")}


async def picked(desk: Desk) -> list[str]:
    """What agents are offered."""
    return [one["name"] for one in (await desk.http.get("/api/templates")).json()]


async def test_a_paused_template_is_not_offered_until_it_is_approved_again(listed: Desk) -> None:
    assert await picked(listed) == [NAME]
    await news(listed, STATUS, 1, event="PAUSED", reason="LOW_QUALITY")
    assert await picked(listed) == []
    assert await states(listed) == {
        "status": "PAUSED",
        "quality": "GREEN",
        "category": "utility",
        "reason": "LOW_QUALITY",
        "is_usable": False,
    }
    await news(listed, STATUS, 2, event="APPROVED", reason="NONE")
    assert await picked(listed) == [NAME]
    assert (await states(listed))["reason"] is None
    await news(listed, STATUS, 3, event="PAUSED")
    assert await picked(listed) == [], "paused again is no repetition"


async def test_what_was_told_since_the_list_was_asked_for_counts(listed: Desk) -> None:
    async with listed.database.step() as connection:
        found = await connection.execute("SELECT now() - interval '1 second'")
        row = await found.fetchone()
    assert row is not None
    await news(listed, STATUS, 1, event="DISABLED", disable_info={"disable_date": "x"})
    async with listed.database.step() as connection:
        await registry.keep(connection, ACCOUNT, [LISTED], row[0])
    assert (await states(listed))["status"] == "DISABLED"
    listed.world.templates[0]["status"] = "APPROVED"
    await listed.worker.templates.refresh()
    assert (await states(listed))["status"] == "APPROVED", "a later list knows better"


async def test_quality_and_category_are_told_apart_from_status(listed: Desk) -> None:
    score = {"previous_quality_score": "GREEN", "new_quality_score": "RED"}
    await news(listed, STATUS, 1, **score)
    await news(listed, QUALITY, 2, previous_quality_score="RED", new_quality_score="YELLOW")
    await news(listed, CATEGORY, 3, previous_category="UTILITY", new_category="MARKETING")
    found = await states(listed)
    assert (found["status"], found["quality"], found["category"]) == (
        "APPROVED",
        "YELLOW",
        "marketing",
    )


async def test_a_template_that_is_listed_no_more_is_gone(listed: Desk) -> None:
    listed.world.templates.clear()
    await listed.worker.templates.refresh()
    assert await picked(listed) == []
    assert (await listed.http.get("/api/template-registry")).json() == []


async def test_news_of_a_template_that_was_never_listed_is_kept(listed: Desk) -> None:
    await news(listed, STATUS, 1, message_template_name="nova", event="REJECTED", reason="ABUSIVE")
    found = (await listed.http.get("/api/template-registry")).json()
    assert [(one["name"], one["status"], one["reason"]) for one in found] == [
        ("nova", "REJECTED", "ABUSIVE"),
        (NAME, "APPROVED", None),
    ]


async def test_an_agent_is_told_why_a_stopped_template_is_not_sent(listed: Desk) -> None:
    await listed.deliver(written("oi", "wamid.1"))
    await listed.settle()
    taken = await listed.http.post("/api/conversations/1/assignment", json={"agent": "me"})
    assert taken.status_code == 200
    await news(listed, STATUS, 1, event="PAUSED")
    listed.world.templates[0]["status"] = "PAUSED"
    answer = await listed.http.post(
        "/api/conversations/1/messages",
        json={"template": {"name": NAME, "language": LANGUAGE}},
        headers={"Idempotency-Key": "k"},
    )
    problem = answer.json()
    assert (answer.status_code, problem["type"], problem["state"]) == (
        409,
        "template_stopped",
        "PAUSED",
    )
