"""Who may open the console, and what its page may do."""

import asyncio
import re

import httpx2
import pytest

from tests.sla_service.world import CONSOLE_KEY, Desk

OWN = {"Sec-Fetch-Site": "same-origin"}


async def test_the_desk_leads_to_the_console(desk: Desk) -> None:
    answer = await desk.http.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")


async def test_a_stranger_is_asked_for_the_key_in_portuguese(desk: Desk) -> None:
    answer = await desk.http.get("/console")
    assert answer.status_code == 200
    assert '<html lang="pt-BR">' in answer.text
    assert "Entrar no Balcão" in answer.text


async def test_the_key_opens_the_console_and_leaves_the_address(desk: Desk) -> None:
    answer = await desk.http.get("/console", params={"key": CONSOLE_KEY})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert CONSOLE_KEY not in cookie
    assert 'data-testid="search"' in (await desk.http.get("/console")).text


async def test_a_wrong_key_opens_nothing(desk: Desk) -> None:
    by_address = await desk.http.get("/console", params={"key": "a guess"})
    by_form = await desk.http.post("/console/session", data={"key": "a guess"}, headers=OWN)
    for answer in (by_address, by_form):
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        assert "Essa chave não confere" in answer.text
        assert "a guess" not in answer.text


async def test_the_form_opens_the_console(desk: Desk) -> None:
    answer = await desk.http.post("/console/session", data={"key": CONSOLE_KEY}, headers=OWN)
    assert answer.status_code == 303
    assert (await desk.http.get("/api/conversations")).status_code == 200


async def test_guessing_comes_to_an_end(desk: Desk) -> None:
    guess = {"key": "a guess"}
    answers = await asyncio.gather(
        *(desk.http.post("/console/session", data=guess, headers=OWN) for _ in range(12))
    )
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 2
    right = await desk.http.post("/console/session", data={"key": CONSOLE_KEY}, headers=OWN)
    assert right.status_code == 429
    assert right.headers["retry-after"] == "60"


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
async def test_no_other_page_can_sign_anybody_in_or_out(
    desk: Desk, headers: dict[str, str]
) -> None:
    data = {"key": CONSOLE_KEY}
    for answer in (
        await desk.http.post("/console/session", data=data, headers=headers),
        await desk.http.delete("/console/session", headers=headers),
    ):
        assert answer.status_code == 403
        assert answer.json()["type"] == "from_elsewhere"


async def test_a_browser_without_fetch_metadata_is_known_by_its_origin(desk: Desk) -> None:
    headers = {"Origin": "http://desk.test"}
    answer = await desk.http.post("/console/session", data={"key": CONSOLE_KEY}, headers=headers)
    assert answer.status_code == 303


async def test_signing_out_closes_the_console(person: httpx2.AsyncClient) -> None:
    assert (await person.get("/api/conversations")).status_code == 200
    assert (await person.delete("/console/session", headers=OWN)).status_code == 204
    assert (await person.get("/api/conversations")).status_code == 401
    assert 'data-testid="console-key"' in (await person.get("/console")).text


async def test_the_language_is_remembered(person: httpx2.AsyncClient) -> None:
    assert '<html lang="pt-BR">' in (await person.get("/console")).text
    await person.get("/console", params={"lang": "en"})
    page = (await person.get("/console")).text
    assert '<html lang="en">' in page
    assert "With people" in page


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
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon\w+=|\bstyle=", answer.text)


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
