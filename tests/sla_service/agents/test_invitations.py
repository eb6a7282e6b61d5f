"""One-time links: good once, for one person, for a while."""

import asyncio
import re

import httpx2
import pytest

from sla_service import clock
from sla_service.agents import accounts, invitations
from sla_service.agents.tables import Purpose
from tests.sla_service.agents.conftest import PASSWORD
from tests.sla_service.people import ALICE, BRUNO, COOKIE, OWN
from tests.sla_service.world import Desk

_NEW = {"email": "Nina@loja.example", "name": "Nina Prado", "languages": ["pt"]}


async def link_for(desk: Desk, agent_id: int, purpose: Purpose) -> str:
    async with desk.database.transaction() as session:
        agent = await accounts.one(session, agent_id)
        last = desk.settings.accounts.invitation
        return await invitations.invite(session, agent, purpose, at=clock.now(), last=last)


async def invited(desk: Desk) -> str:
    """Somebody new; the token of the link they get."""
    await desk.sign_in(ALICE)
    answer = await desk.http.post("/api/agents", json=_NEW)
    assert answer.status_code == 201, answer.text
    assert answer.json()["agent"]["email"] == "nina@loja.example"
    link = answer.json()["invitation"]["link"]
    assert link.startswith("http://127.0.0.1:8000/console?invitation=")
    desk.http.cookies.clear()
    return str(link.partition("=")[2])


async def accept(desk: Desk, token: str, **body: str) -> httpx2.Response:
    return await desk.http.post(
        f"/api/invitations/{token}", json={"password": PASSWORD, **body}, headers=OWN
    )


async def test_somebody_new_chooses_a_password_and_is_in(desk: Desk) -> None:
    token = await invited(desk)
    assert (await accept(desk, token, password="curta")).json()["type"] == "password_too_weak"
    assert (await accept(desk, token, name="Nina P.")).status_code == 204
    assert (await desk.http.get("/api/me")).json()["name"] == "Nina P."
    signed_in = await desk.http.post(
        "/api/session", json={"email": "nina@loja.example", "password": PASSWORD}, headers=OWN
    )
    assert signed_in.status_code == 204


async def test_a_link_is_good_once(desk: Desk) -> None:
    token = await invited(desk)
    answers = await asyncio.gather(*(accept(desk, token) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 410, 410]
    assert (await accept(desk, token)).json()["type"] == "invitation_over"


async def test_only_the_hash_of_a_link_is_kept(desk: Desk) -> None:
    token = await invited(desk)
    [kept] = await desk.rows("SELECT * FROM invitations")
    assert token not in str(tuple(kept))
    assert (await accept(desk, kept.token_hash)).status_code == 410


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE invitations SET expires_at = now() RETURNING 1",
        "UPDATE agents SET disabled_at = now() RETURNING 1",
    ],
)
async def test_a_link_that_is_too_old_or_for_a_closed_account_opens_nothing(
    desk: Desk, change: str
) -> None:
    token = await invited(desk)
    await desk.rows(change)
    assert (await accept(desk, token)).status_code == 410
    page = await desk.http.get("/console", params={"invitation": token})
    assert page.status_code == 410
    assert "Este link já foi usado" in page.text


async def test_a_newer_link_replaces_the_one_before(desk: Desk) -> None:
    first = await link_for(desk, BRUNO, Purpose.PASSWORD)
    second = await link_for(desk, BRUNO, Purpose.PASSWORD)
    assert (await accept(desk, first)).status_code == 410
    assert (await accept(desk, second)).status_code == 204


async def test_another_password_by_a_link_ends_the_sessions_there_were(desk: Desk) -> None:
    await desk.sign_in(BRUNO)
    before = desk.http.cookies[COOKIE]
    await desk.sign_in(ALICE)
    made = await desk.http.post(f"/api/agents/{BRUNO}/invitations")
    desk.http.cookies.clear()
    assert (await accept(desk, made.json()["link"].partition("=")[2])).status_code == 204
    desk.http.cookies.clear()
    desk.http.cookies.set(COOKIE, before)
    assert (await desk.http.get("/api/me")).status_code == 401


async def test_the_page_of_a_link_asks_for_a_password_and_leaves_the_link_good(desk: Desk) -> None:
    token = await invited(desk)
    for _ in range(2):
        page = await desk.http.get("/console", params={"invitation": token})
        assert page.status_code == 200
        assert 'value="nina@loja.example"' in page.text
    form = {"invitation": token, "name": "Nina", "password": "curta"}
    weak = await desk.http.post("/console/invitation", data=form, headers=OWN)
    assert weak.status_code == 422
    assert "Escolha uma senha mais longa" in weak.text
    done = await desk.http.post(
        "/console/invitation", data={**form, "password": PASSWORD}, headers=OWN
    )
    assert (done.status_code, done.headers["location"]) == (303, "/console")
    assert (await desk.http.get("/api/me")).json()["name"] == "Nina"
    again = await desk.http.post("/console/invitation", data=form, headers=OWN)
    assert again.status_code == 410


async def test_a_link_straight_in_signs_in_once_and_leaves_the_address(desk: Desk) -> None:
    token = await link_for(desk, ALICE, Purpose.ENTRANCE)
    answer = await desk.http.get("/console", params={"invitation": token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert (await desk.http.get("/api/me")).json()["role"] == "admin"
    again = await desk.http.get("/console", params={"invitation": token})
    assert (again.status_code, again.headers["location"]) == (303, "/console")
    desk.http.cookies.clear()
    stranger = await desk.http.get("/console", params={"invitation": token})
    assert stranger.status_code == 410
    assert "set-cookie" not in stranger.headers


async def test_a_link_straight_in_chooses_no_password(desk: Desk) -> None:
    token = await link_for(desk, BRUNO, Purpose.ENTRANCE)
    assert (await accept(desk, token)).status_code == 410
    assert await desk.rows("SELECT 1 FROM agents WHERE password_hash IS NOT NULL") == []


async def test_what_stands_in_an_address_is_shown_as_text(desk: Desk) -> None:
    form = {"email": '"><script>{{ahead}}{{imports}}', "password": "x"}
    page = await desk.http.post("/console/session", data=form, headers=OWN)
    assert page.status_code == 401
    assert "<script" not in page.text
    assert not re.search(r"modulepreload|importmap", page.text)
