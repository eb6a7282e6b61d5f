"""Accounts: who may make, change and close which."""

import pytest

from sla_service.web.principals import Scope
from tests.sla_service import people
from tests.sla_service.people import ALICE, BRUNO, CARLA
from tests.sla_service.world import Desk

_NINA = {"email": "nina@loja.example", "name": "Nina Prado"}


async def test_colleagues_see_each_other_without_secrets(desk: Desk) -> None:
    await desk.sign_in(BRUNO)
    shown = (await desk.http.get("/api/agents")).json()
    assert [one["name"] for one in shown] == [
        "Alice Nunes",
        "Bruno Tavares",
        "Carla Mendes",
        "Diego Rocha",
    ]
    assert [one["presence"] for one in shown] == ["offline", "available", "offline", "offline"]
    assert not any("password_hash" in one for one in shown)


async def test_an_administrator_changes_what_somebody_can(desk: Desk) -> None:
    await desk.sign_in(ALICE)
    changes = {"role": "supervisor", "skills": ["Fraude "], "capacity": 2, "team": "loja"}
    changed = (await desk.http.patch(f"/api/agents/{BRUNO}", json=changes)).json()
    assert (changed["role"], changed["skills"], changed["capacity"]) == (
        "supervisor",
        ["fraude"],
        2,
    )
    assert changed["languages"] == ["pt", "en"]
    assert (await desk.http.patch("/api/agents/4711", json={})).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**_NINA, "email": "BRUNO@loja.example"}, 409),
        ({**_NINA, "email": "nina"}, 422),
        ({**_NINA, "email": "nina@loja.example, x@y.example"}, 422),
        ({**_NINA, "role": "service"}, 422),
        ({**_NINA, "name": " "}, 422),
        ({**_NINA, "name": "Nina\x00"}, 422),
        ({**_NINA, "email": "nina\x00\x01@loja.example"}, 422),
        ({**_NINA, "password_hash": "x"}, 422),
        ({**_NINA, "capacity": -1}, 422),
    ],
)
async def test_accounts_that_make_no_sense_are_refused(
    desk: Desk, body: dict[str, object], status: int
) -> None:
    await desk.sign_in(ALICE)
    assert (await desk.http.post("/api/agents", json=body)).status_code == status
    assert await desk.rows("SELECT count(*) FROM agents") == [(4,)]


@pytest.mark.parametrize("change", [{"role": "agent"}, {"is_disabled": True}])
async def test_the_last_administrator_stays(desk: Desk, change: dict[str, object]) -> None:
    await desk.sign_in(ALICE)
    answer = await desk.http.patch(f"/api/agents/{ALICE}", json=change)
    assert (answer.status_code, answer.json()["type"]) == (409, "last_administrator")
    await desk.http.patch(f"/api/agents/{CARLA}", json={"role": "admin"})
    assert (await desk.http.patch(f"/api/agents/{ALICE}", json=change)).status_code == 200


async def test_people_change_themselves_but_not_their_rights(desk: Desk) -> None:
    await desk.sign_in(BRUNO)
    me = (await desk.http.patch("/api/me", json={"presence": "away", "language": "en"})).json()
    assert (me["presence"], me["language"]) == ("away", "en")
    for body in ({"role": "admin"}, {"presence": "offline"}, {"capacity": 9}, {"name": ""}):
        assert (await desk.http.patch("/api/me", json=body)).status_code == 422
    assert '<html lang="en">' in (await desk.http.get("/console")).text


async def test_a_key_makes_no_administrator(desk: Desk) -> None:
    key = await people.key_for(desk.database, Scope.AGENTS_WRITE)
    made = await desk.http.post("/api/agents", json=_NINA, headers=key)
    assert made.status_code == 201
    for method, path, body in (
        ("POST", "/api/agents", {**_NINA, "email": "x@loja.example", "role": "admin"}),
        ("PATCH", f"/api/agents/{BRUNO}", {"role": "admin"}),
        ("PATCH", f"/api/agents/{ALICE}", {"is_disabled": True}),
        ("POST", f"/api/agents/{ALICE}/invitations", None),
    ):
        answer = await desk.http.request(method, path, json=body, headers=key)
        assert answer.status_code == 403, path
