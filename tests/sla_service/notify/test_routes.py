"""What people ask about alerts over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from sla_service.agents import audit
from sla_service.notify import notices, routes
from sla_service.web import problems
from sla_service.web.principals import Role
from tests.sla_service import people
from tests.sla_service.notify.conftest import DUE, Notifier, notice
from tests.sla_service.notify.outside import Listener, Mailbox

_OWN = {"Sec-Fetch-Site": "same-origin"}


def _client(notifier: Notifier, **options: Any) -> httpx2.AsyncClient:
    app = FastAPI()
    app.state.settings, app.state.database = notifier.settings, notifier.database
    app.state.identify = people.everybody_is(Role.ADMIN)
    app.state.audit = audit.record
    problems.install(app)
    for router in routes.routers(notifier.settings):
        app.include_router(router)
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://desk.test", **options)


@pytest.fixture
async def person(notifier: Notifier) -> AsyncIterator[httpx2.AsyncClient]:
    """Alice's browser."""
    async with _client(notifier, cookies={people.COOKIE: "hers"}, headers=_OWN) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/notices"),
        ("GET", "/api/notify/teams"),
        ("GET", "/api/notify/teams/agent"),
        ("PUT", "/api/notify/teams/agent"),
        ("DELETE", "/api/notify/teams/agent"),
        ("GET", "/api/webhooks/endpoints"),
        ("POST", "/api/webhooks/endpoints"),
        ("POST", "/api/webhooks/endpoints/1/secrets"),
        ("POST", "/api/webhooks/endpoints/1/activation"),
        ("DELETE", "/api/webhooks/endpoints/1"),
        ("GET", "/api/webhooks/deliveries"),
        ("POST", "/api/webhooks/deliveries/msg_1/replay"),
    ],
)
async def test_strangers_learn_nothing(notifier: Notifier, method: str, path: str) -> None:
    async with _client(notifier, headers=_OWN) as stranger:
        assert (await stranger.request(method, path, json={})).status_code == 401


async def test_a_team_is_set_shown_without_secrets_changed_and_removed(
    person: httpx2.AsyncClient, notifier: Notifier
) -> None:
    secret = "mailto://desk:uma-senha-longa@smtp.loja.example/bruno@loja.example"
    body = {
        "channels": [secret],
        "time_zone": "Europe/Lisbon",
        "quiet": {"begins": "22:00", "ends": "07:30"},
    }
    answer = await person.put("/api/notify/teams/agent", json=body)
    assert answer.status_code == 200, answer.text
    shown = (await person.get("/api/notify/teams/agent")).json()
    assert shown.pop("created_at")
    assert shown == {
        "name": "agent",
        "channels": {"mailto": "mailto://smtp.loja.example/…"},
        "language": "pt",
        "time_zone": "Europe/Lisbon",
        "quiet": {"begins": "22:00", "ends": "07:30"},
        "digest_after": 3,
    }
    assert (await person.get("/api/notify/teams")).json()[0]["name"] == "agent"
    await person.put("/api/notify/teams/agent", json={"language": "en"})
    await person.put("/api/notify/teams/agent", json={"channels": ["mailto"]})
    assert await notifier.rows("SELECT channels FROM notify_teams") == [({"mailto": secret},)]
    assert (await person.delete("/api/notify/teams/agent")).status_code == 204
    assert (await person.get("/api/notify/teams/agent")).status_code == 404
    assert (await person.delete("/api/notify/teams/agent")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"channels": ["syslog://"]},
        {"channels": ["…"]},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"language": "fr"},
        {"quiet": {"begins": "22:00", "ends": "22:00"}},
        {"quiet": {"begins": "24:00", "ends": "07:00"}},
        {"digest_after": 0},
        {"webhook": "x"},
    ],
)
async def test_a_team_that_makes_no_sense_is_refused(
    person: httpx2.AsyncClient, body: dict[str, Any]
) -> None:
    answer = await person.put("/api/notify/teams/agent", json=body)
    assert answer.status_code == 422
    assert (await person.get("/api/notify/teams")).json() == []


async def test_notices_wait_on_top_until_somebody_takes_notice(
    person: httpx2.AsyncClient, notifier: Notifier
) -> None:
    await notifier.tell(*(notice(number) for number in range(1, 7)))
    async with notifier.database.step() as connection:
        for number in (2, 5):
            await notices.acknowledge(connection, number, "Bruno", DUE)
    pages, cursor = [], None
    while True:
        answer = await person.get(
            "/api/notices", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
        )
        page = answer.json()
        pages.append([one["ticket_id"] for one in page["notices"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert pages[:3] == [[6, 4], [3, 1], [5, 2]]
    assert not any(pages[3:])
    first = (await person.get("/api/notices", params={"limit": 1})).json()["notices"][0]
    assert first["facts"]["subject"] == "Pedido atrasado"
    assert first["acknowledged_at"] is None
    assert (await person.get("/api/notices", params={"cursor": "x"})).status_code == 422


async def test_an_endpoints_secret_is_shown_once(
    person: httpx2.AsyncClient, notifier: Notifier, listener: Listener
) -> None:
    body = {"url": listener.url, "events": ["sla.breached"]}
    made = (await person.post("/api/webhooks/endpoints", json=body)).json()
    secret, endpoint = made["secret"], made["endpoint"]["id"]
    assert secret.startswith("whsec_")
    listed = await person.get("/api/webhooks/endpoints")
    assert secret not in listed.text
    assert listed.json()[0]["events"] == ["sla.breached"]
    changed = await person.post(f"/api/webhooks/endpoints/{endpoint}/secrets")
    await notifier.send(notice())
    listener.verified(secret)
    listener.verified(changed.json()["secret"])
    assert (await person.delete(f"/api/webhooks/endpoints/{endpoint}")).status_code == 204
    for method, path in (("DELETE", ""), ("POST", "/secrets"), ("POST", "/activation")):
        answer = await person.request(method, f"/api/webhooks/endpoints/{endpoint}{path}")
        assert answer.status_code == 404


async def test_the_log_of_deliveries_is_read_and_replayed(
    person: httpx2.AsyncClient, notifier: Notifier, listener: Listener
) -> None:
    await notifier.endpoint(listener.url)
    listener.statuses.append(500)
    for number in range(3):
        await notifier.send(notice(number))
    whole = (await person.get("/api/webhooks/deliveries")).json()["deliveries"]
    assert [one["state"] for one in whole] == ["delivered", "delivered", "failed"]
    failed = (await person.get("/api/webhooks/deliveries", params={"state": "failed"})).json()
    (one,) = failed["deliveries"]
    assert (one["last_status"], one["attempts"], one["what"]) == (500, 1, "sla.breached")
    first = (await person.get("/api/webhooks/deliveries", params={"limit": 2})).json()
    rest = await person.get("/api/webhooks/deliveries", params={"cursor": first["next"]})
    assert [page["id"] for page in rest.json()["deliveries"]] == [one["id"]]
    answer = await person.post(f"/api/webhooks/deliveries/{whole[0]['id']}/replay")
    assert answer.status_code == 202
    await notifier.send_due()
    assert listener.ids()[-1] == listener.ids()[-2] == whole[0]["id"]
    assert (await person.post("/api/webhooks/deliveries/msg_0/replay")).status_code == 404


async def test_a_change_from_anothers_page_is_refused(
    person: httpx2.AsyncClient, mailbox: Mailbox
) -> None:
    answer = await person.put(
        "/api/notify/teams/agent", json={}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
