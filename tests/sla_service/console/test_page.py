"""Who may open the console, and what its page may do."""

import re

import httpx2
import pytest

from sla_service.agents.passwords import Passwords
from sla_service.database.sessions import Database
from tests.sla_service.people import OWN
from tests.sla_service.world import Desk, World, open_desk, settings_for


async def test_the_desk_leads_to_the_console(desk: Desk) -> None:
    answer = await desk.http.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")


async def test_a_stranger_is_asked_to_sign_in_in_portuguese(desk: Desk) -> None:
    answer = await desk.http.get("/console")
    assert answer.status_code == 200
    assert '<html lang="pt-BR">' in answer.text
    assert "Entrar no Balcão" in answer.text


async def test_a_wrong_password_opens_nothing(desk: Desk) -> None:
    form = {"email": "bruno@loja.example", "password": "um palpite"}
    answer = await desk.http.post("/console/session", data=form, headers=OWN)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "E-mail e senha não conferem" in answer.text
    assert 'value="bruno@loja.example"' in answer.text
    assert "um palpite" not in answer.text


async def test_the_form_opens_the_console(desk: Desk) -> None:
    kept = await Passwords(1).hash("uma senha bem longa")
    await desk.rows("UPDATE agents SET password_hash = :kept WHERE id = 1 RETURNING 1", kept=kept)
    form = {"email": "bruno@loja.example", "password": "uma senha bem longa"}
    answer = await desk.http.post("/console/session", data=form, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert (await desk.http.get("/api/conversations")).status_code == 200
    assert 'action="/console/session"' not in (await desk.http.get("/console")).text


async def test_guessing_comes_to_an_end(database: Database, world: World) -> None:
    settings = settings_for(database.url, world, accounts={"tries": 2})
    async with open_desk(database, world, settings) as desk:
        form = {"email": "bruno@loja.example", "password": "um palpite"}
        for status in (401, 401, 429):
            answer = await desk.http.post("/console/session", data=form, headers=OWN)
            assert answer.status_code == status
        assert "Tentativas demais" in answer.text
        assert answer.headers["retry-after"] == "900"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://desk.test"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://desk.test:8090"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("form", ["session", "invitation"])
async def test_no_other_page_can_send_our_forms(
    desk: Desk, form: str, headers: dict[str, str]
) -> None:
    answer = await desk.http.post(f"/console/{form}", data={"password": "x"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "from_elsewhere"


async def test_signing_out_closes_the_console(person: httpx2.AsyncClient) -> None:
    assert (await person.get("/api/conversations")).status_code == 200
    assert (await person.delete("/api/session")).status_code == 204
    assert (await person.get("/api/conversations")).status_code == 401
    assert 'action="/console/session"' in (await person.get("/console")).text


async def test_the_language_is_remembered(person: httpx2.AsyncClient) -> None:
    assert '<html lang="pt-BR">' in (await person.get("/console")).text
    await person.get("/console", params={"lang": "en"})
    page = (await person.get("/console")).text
    assert '<html lang="en">' in page


async def test_the_page_runs_nothing_but_its_own_files(person: httpx2.AsyncClient) -> None:
    answer = await person.get("/console")
    policy = answer.headers["content-security-policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert rule in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert not re.search(
        r"<script(?![^>]*\b(?:src=|type=\"importmap\"))|\bon\w+=|\bstyle=", answer.text
    )


async def test_the_page_finds_all_its_files(person: httpx2.AsyncClient) -> None:
    page = (await person.get("/console")).text
    files = set(re.findall(r'"(/static/[^"]+)"', page))
    assert len(files) > 10
    for path in files:
        answer = await person.get(path)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["index.html", "..%2Froutes.py", "nothing.js"])
async def test_nothing_else_is_served_as_a_file(person: httpx2.AsyncClient, name: str) -> None:
    page = (await person.get("/console")).text
    folder = re.findall(r'"(/static/[0-9a-f]+/)app\.js"', page)[0]
    assert (await person.get(folder + name)).status_code == 404
    assert (await person.get("/static/0000/app.js")).status_code == 404
