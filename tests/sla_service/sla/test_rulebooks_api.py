"""What people ask about the policies over HTTP."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.database.sessions import Database
from sla_service.sla import recording
from sla_service.sla import routes as sla_routes
from sla_service.sla.events import EventKind
from sla_service.sla.recording import Happened
from sla_service.web import problems
from sla_service.web.principals import Role
from tests.sla_service import people
from tests.sla_service.world import World, settings_for

SHIPPED = Path(__file__).parents[3] / "sla_policies.yml"
_FIVE = "# five\npolicies: [{name: five, targets: {first_response: 5 min}}]\n"
_TEN = "policies: [{name: ten, targets: {first_response: 10 min}}]\n"
_YAML = {"Content-Type": "application/yaml", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def stranger(database: Database, world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody's browser, at the policies' routes alone."""
    app = FastAPI()
    app.state.settings = settings_for(database.url, world)
    app.state.database = database
    app.state.identify = people.everybody_is(Role.ADMIN)
    app.state.audit = audit.record
    app.state.ticket_numbers = _from_1001
    problems.install(app)
    app.include_router(sla_routes.router())
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client


@pytest.fixture
def carla(stranger: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """Carla's browser; she administers here."""
    stranger.cookies.set(people.COOKIE, "hers")
    stranger.headers.update(_YAML)
    return stranger


async def _from_1001(_: AsyncSession, ids: Sequence[int]) -> dict[int, int]:
    """Tickets are told by their numbers here too."""
    return {ticket: 1000 + ticket for ticket in ids}


async def test_only_people_may_ask(stranger: httpx2.AsyncClient) -> None:
    for path in ("rulebooks", "rulebooks/active", "applications/1"):
        assert (await stranger.get(f"/api/sla/{path}")).status_code == 401
    answer = await stranger.post("/api/sla/rulebooks", content=_FIVE, headers=_YAML)
    assert answer.status_code == 401


async def test_a_version_is_imported_put_in_force_and_read_again(carla: httpx2.AsyncClient) -> None:
    first = await carla.post("/api/sla/rulebooks?activate=true&comment=spring", content=_FIVE)
    assert (first.status_code, first.json()) == (201, {"id": 1})
    second = (await carla.post("/api/sla/rulebooks", content=_TEN)).json()["id"]
    listed = (await carla.get("/api/sla/rulebooks")).json()
    assert [(one["id"], one["is_active"], one["comment"]) for one in listed] == [
        (second, False, ""),
        (1, True, "spring"),
    ]
    active = await carla.get("/api/sla/rulebooks/active", headers={"Accept": "application/yaml"})
    assert active.text == _FIVE
    assert active.headers["content-type"].startswith("application/yaml")
    assert (await carla.post(f"/api/sla/rulebooks/{second}/activation")).status_code == 200
    active = await carla.get("/api/sla/rulebooks/active")
    assert active.json()["id"] == second
    assert active.json()["document"]["policies"][0]["targets"]["first_response"]["low"] == "10 min"
    assert (await carla.get("/api/sla/rulebooks/1")).json()["source"] == _FIVE


async def test_what_is_wrong_with_a_text_is_listed_with_its_lines(
    carla: httpx2.AsyncClient,
) -> None:
    text = "policies:\n  - nome: a\n    warnings: 120%\n"
    answer = await carla.post("/api/sla/rulebooks", content=text)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "policy_errors"
    assert [(one["line"], one["where"]) for one in answer.json()["problems"]] == [
        (2, "policies[0].name"),
        (2, "policies[0].nome"),
        (3, "policies[0].warnings"),
    ]


async def test_a_check_lists_faults_and_doubts_and_keeps_nothing(carla: httpx2.AsyncClient) -> None:
    faulty = await carla.post("/api/sla/rulebooks/check", content="policies: [{}]")
    assert faulty.json()["is_usable"] is False
    doubtful = await carla.post("/api/sla/rulebooks/check", content="policies: []")
    assert doubtful.json() == {
        "is_usable": True,
        "problems": [
            {
                "line": 1,
                "where": "policies",
                "message": "Tickets that no policy matches are promised nothing.",
                "is_warning": True,
            }
        ],
    }
    shipped = await carla.post("/api/sla/rulebooks/check", content=SHIPPED.read_bytes())
    assert shipped.json() == {"is_usable": True, "problems": []}
    assert (await carla.get("/api/sla/rulebooks")).json() == []


async def test_problems_are_told_in_the_language_that_is_asked_for(
    carla: httpx2.AsyncClient,
) -> None:
    doubtful = await carla.post("/api/sla/rulebooks/check?language=pt", content="policies: []")
    assert [one["message"] for one in doubtful.json()["problems"]] == [
        "Tickets que não se encaixam em nenhuma política ficam sem prazo."
    ]
    refused = await carla.post("/api/sla/rulebooks?language=pt", content="calendars: {}")
    assert [one["message"] for one in refused.json()["problems"]] == ["Falta `policies`."]
    other = await carla.post("/api/sla/rulebooks/check?language=fr", content="policies: []")
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"\xff\xfe", 422, "policy_text_unreadable"),
        (b"#" * 200_000, 413, "policy_text_too_long"),
        (b"[" * 100_000, 422, "policy_errors"),
    ],
)
async def test_what_is_no_text_of_policies_is_refused(
    carla: httpx2.AsyncClient, content: bytes, status: int, kind: str
) -> None:
    answer = await carla.post("/api/sla/rulebooks", content=content)
    assert (answer.status_code, answer.json()["type"]) == (status, kind)


async def test_a_version_is_tried_out_and_applied(
    carla: httpx2.AsyncClient, database: Database
) -> None:
    await carla.post("/api/sla/rulebooks?activate=true", content=_FIVE)
    async with database.step() as connection:
        await recording.record(connection, 1, [Happened(EventKind.CONTACT_MESSAGE)])
    second = (await carla.post("/api/sla/rulebooks", content=_TEN)).json()["id"]
    tried = (await carla.post(f"/api/sla/rulebooks/{second}/dry-run")).json()
    assert (tried["open"], tried["changed"]) == (1, 1)
    (move,) = tried["moves"]
    assert (move["ticket_id"], move["number"]) == (1, 1001)
    assert (move["policy_before"], move["policy_after"]) == ("five", "ten")
    promised = {one["metric"]: one for one in move["clocks"]}["first_response"]
    assert (promised["before"]["target"], promised["after"]["target"]) == (300.0, 600.0)
    assert promised["before"]["due_at"] < promised["after"]["due_at"]
    short = (await carla.post(f"/api/sla/rulebooks/{second}/dry-run?limit=0")).json()
    assert (short["changed"], short["moves"]) == (1, [])
    asked = await carla.post(f"/api/sla/rulebooks/{second}/applications")
    assert asked.status_code == 202
    assert (asked.json()["total"], asked.json()["finished_at"]) == (1, None)
    found = await carla.get(f"/api/sla/applications/{asked.json()['id']}")
    assert found.json() == asked.json()


async def test_what_is_not_there_is_a_clear_refusal(carla: httpx2.AsyncClient) -> None:
    for method, path in [
        ("GET", "rulebooks/active"),
        ("GET", "rulebooks/4711"),
        ("POST", "rulebooks/4711/activation"),
        ("POST", "rulebooks/4711/dry-run"),
        ("POST", "rulebooks/4711/applications"),
        ("GET", "applications/4711"),
    ]:
        answer = await carla.request(method, f"/api/sla/{path}")
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await carla.get("/api/sla/rulebooks/x")).status_code == 422
