"""Every route of the desk has somebody who may use it, and nobody else may."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import product

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from sla_service.app import create_app
from sla_service.database.sessions import Database
from sla_service.web.principals import Scope
from tests.sla_service import people
from tests.sla_service.people import ALICE, BRUNO, CARLA, COOKIE, OWN
from tests.sla_service.web.expectations import ANYBODY, EXPECTED
from tests.sla_service.world import SERVICE_TOKEN, Desk, World, settings_for

_NO_ACCESS = ("not_signed_in", "not_allowed", "from_elsewhere", "form_refused")
_AGENTS = {"agent": BRUNO, "supervisor": CARLA, "admin": ALICE}


@dataclass(frozen=True)
class House:
    """The desk's routes, and a way to ask at each."""

    app: FastAPI
    database: Database
    http: httpx2.AsyncClient

    async def ask(self, route: tuple[str, str], headers: dict[str, str]) -> httpx2.Response:
        """Ask with nothing in it: whoever is let in is told at most that something is missing."""
        method, path = route
        address = re.sub(r"\{[^}]+\}", "4711", path)
        answer = await self.http.request(method, address, headers=headers)
        self.http.cookies.clear()
        return answer

    async def opens(self, route: tuple[str, str], caller: str | None) -> bool:
        """Whether a route lets somebody in; each comes in a new session, as some end them."""
        headers = dict(OWN)
        if caller in _AGENTS:
            token = await people.session_of(self.database, _AGENTS[caller])
            headers["Cookie"] = f"{COOKIE}={token}"
        elif caller == "bot":
            headers["Authorization"] = f"Bearer {SERVICE_TOKEN}"
        return _is_open(await self.ask(route, headers))


@pytest.fixture
async def house(database: Database, world: World) -> AsyncIterator[House]:
    await people.seat(database)
    app = create_app(settings_for(database.url, world))
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://desk.test") as http,
    ):
        app.state.live.end()  # streams tell what they have, and end
        yield House(app, database, http)


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every route there is, by method and path."""
    for one in iter_route_contexts(app.routes):
        assert one.path is not None
        yield from ((method, one.path) for method in one.methods or ("ANY",) if method != "HEAD")


async def test_every_route_is_for_those_whom_the_table_names(house: House) -> None:
    there = set(routes_of(house.app))
    assert sorted(there - EXPECTED.keys()) == [], "say in the table whom it is for"
    assert sorted(EXPECTED.keys() - there) == [], "there is no such route any more"
    wrong = []
    for (route, expected), caller in product(EXPECTED.items(), (None, *_AGENTS, "bot")):
        opened = await house.opens(route, caller)
        if opened != (expected is ANYBODY or caller in expected.roles):
            wrong.append((route, caller, opened))
    assert wrong == []


async def test_every_route_is_for_keys_with_its_scope_and_no_other(house: House) -> None:
    right = {scope: await people.key_for(house.database, scope) for scope in Scope}
    other = {
        scope: await people.key_for(house.database, *(one for one in Scope if one is not scope))
        for scope in (None, *Scope)
    }
    wrong = []
    for route, expected in EXPECTED.items():
        if expected is ANYBODY:
            continue
        if expected.scope and not _is_open(await house.ask(route, right[expected.scope])):
            wrong.append((route, "shut"))
        if _is_open(await house.ask(route, other[expected.scope])):
            wrong.append((route, "open"))
    assert wrong == []


async def test_what_changes_something_is_asked_for_by_a_page_of_ours(house: House) -> None:
    token = await people.session_of(house.database, ALICE)
    wrong = []
    for (method, path), expected in EXPECTED.items():
        if method == "GET" or "admin" not in expected.roles:
            continue
        for headers, error in (
            ({}, "from_elsewhere"),
            ({"Sec-Fetch-Site": "cross-site"}, "from_elsewhere"),
            ({"Sec-Fetch-Site": "same-site", "Origin": "http://desk.test"}, "from_elsewhere"),
            ({"Origin": "http://desk.test:8090"}, "from_elsewhere"),
            ({"Origin": "null"}, "from_elsewhere"),
            ({**OWN, "Content-Type": "text/plain"}, "form_refused"),
            ({**OWN, "Content-Type": "multipart/form-data; boundary=x"}, "form_refused"),
        ):
            signed_in = {"Cookie": f"{COOKIE}={token}", **headers}
            answer = await house.ask((method, path), signed_in)
            if answer.json().get("type") != error:
                wrong.append((method, path, headers, answer.text))
    assert wrong == []


async def test_a_browser_without_fetch_metadata_is_known_by_its_origin(desk: Desk) -> None:
    await desk.sign_in(BRUNO)
    del desk.http.headers["Sec-Fetch-Site"]
    own = await desk.http.patch("/api/me", json={}, headers={"Origin": "http://desk.test"})
    assert own.status_code == 200


async def test_another_schemes_authorization_leaves_the_cookie_its_word(desk: Desk) -> None:
    await desk.sign_in(BRUNO)
    proxy = {"Authorization": "Basic cHJveHk6cHJveHk="}
    assert (await desk.http.get("/api/me", headers=proxy)).status_code == 200
    assert (
        await desk.http.get("/api/me", headers={"Authorization": "Bearer x"})
    ).status_code == 401


async def test_what_somebody_is_told_stays_in_no_browser(desk: Desk) -> None:
    await desk.sign_in(BRUNO)
    for path in ("/api/me", "/api/conversations", "/api/canned-replies"):
        answer = await desk.http.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é", "a;b"])
async def test_a_made_up_cookie_opens_nothing(desk: Desk, token: str) -> None:
    headers = {"Cookie": f"{COOKIE}={token}".encode()}
    assert (await desk.http.get("/api/me", headers=headers)).status_code == 401


def _is_open(answer: httpx2.Response) -> bool:
    if answer.status_code not in {401, 403, 415}:
        return True
    if answer.headers.get("content-type") != "application/problem+json":
        return True  # the channel's own refusal, or the page on which one signs in
    return answer.json()["type"] not in _NO_ACCESS
