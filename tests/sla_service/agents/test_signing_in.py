"""Signing in: for who knows the password, and not for who guesses."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from sla_service import clock
from sla_service.agents.signing_in import Caller, Door, WrongPassword
from sla_service.agents.throttle import TooManyTries
from sla_service.database.sessions import Database
from tests.sla_service import people
from tests.sla_service.agents.conftest import PASSWORD
from tests.sla_service.people import COOKIE, OWN
from tests.sla_service.world import Desk, World, open_desk, settings_for

BRUNO = {"email": "bruno@loja.example", "password": PASSWORD}
_HOME = Caller("203.0.113.7", "Firefox")


async def sign_in(desk: Desk, **changes: str) -> httpx2.Response:
    return await desk.http.post("/api/session", json={**BRUNO, **changes}, headers=OWN)


@pytest.mark.usefixtures("passwords")
async def test_whoever_knows_the_password_is_signed_in(desk: Desk) -> None:
    answer = await sign_in(desk, email=" Bruno@Loja.example ")
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    for part in (f"{COOKIE}=", "HttpOnly", "SameSite=lax", "Path=/", "Max-Age=604800"):
        assert part in cookie
    me = (await desk.http.get("/api/me")).json()
    assert (me["name"], me["role"], me["presence"]) == ("Bruno Tavares", "agent", "available")


@pytest.mark.usefixtures("passwords")
async def test_only_the_hash_of_a_sessions_token_is_kept(desk: Desk) -> None:
    await sign_in(desk)
    token = desk.http.cookies[COOKIE]
    [kept] = await desk.rows("SELECT * FROM agent_sessions")
    assert kept.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(tuple(kept))
    desk.http.cookies.clear()
    desk.http.cookies.set(COOKIE, kept.token_hash)
    assert (await desk.http.get("/api/me")).status_code == 401


@pytest.mark.usefixtures("passwords")
async def test_nobody_learns_who_has_an_account(desk: Desk) -> None:
    await desk.rows("UPDATE agents SET disabled_at = now() WHERE id = 2 RETURNING 1")
    await desk.rows("UPDATE agents SET password_hash = NULL WHERE id = 3 RETURNING 1")
    answers = [
        await sign_in(desk, password="não é esta senha"),
        await sign_in(desk, email="ninguem@loja.example"),
        await sign_in(desk, email="not an address\x00"),
        await sign_in(desk, email="carla@loja.example"),
        await sign_in(desk, email="diego@loja.example"),
        await sign_in(desk, email="diego@loja.example", password="x"),
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {
        (401, answers[0].text),
    }
    assert answers[0].json()["type"] == "wrong_password"
    assert not desk.http.cookies


async def test_an_unknown_account_is_compared_with_a_hash_all_the_same(database: Database) -> None:
    door = Door(database, _settings(database))
    compared: list[str | None] = []
    match = door.passwords.match

    async def watched(kept: str | None, password: str) -> bool:
        compared.append(kept)
        return await match(kept, password)

    door.passwords.match = watched  # type: ignore[method-assign]
    with pytest.raises(WrongPassword):
        await door.sign_in("ninguem@loja.example", PASSWORD, _HOME)
    assert compared == [None]


async def test_an_address_runs_out_of_tries(database: Database, world: World) -> None:
    settings = settings_for(database.url, world, accounts={"tries_a_minute": 4})
    async with open_desk(database, world, settings) as desk:
        emails = [f"pessoa{number}@loja.example" for number in range(6)]
        answers = await asyncio.gather(*(sign_in(desk, email=email) for email in emails))
        assert sorted(answer.status_code for answer in answers) == [401] * 4 + [429] * 2
        refused = await sign_in(desk)
        assert refused.headers["retry-after"] == "60"
        assert refused.json()["type"] == "too_many_tries"


@pytest.mark.usefixtures("passwords")
async def test_an_address_runs_out_of_tries_in_all_processes_together(desk: Desk) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    settings = _settings(desk.database, tries_a_minute=4)

    def started() -> list[Door]:
        return [Door(desk.database, settings, lambda: now) for _ in range(2)]

    async def ended(*addresses: str) -> list[str]:
        guesses = [
            doors[number % 2].sign_in(f"{number}@loja.example", "um palpite", Caller(address, ""))
            for number, address in enumerate(addresses)
        ]
        told = await asyncio.gather(*guesses, return_exceptions=True)
        return sorted(type(one).__name__ for one in told)

    doors = started()
    assert await ended(*["198.51.100.7"] * 7) == ["TooManyTries"] * 3 + ["WrongPassword"] * 4
    assert await ended("198.51.100.8") == ["WrongPassword"]
    # One customer's IPv6 addresses are one.
    neighbours = [f"2001:db8:7:7::{number}" for number in range(5)]
    assert await ended(*neighbours) == ["TooManyTries"] + ["WrongPassword"] * 4
    doors = started()
    assert await ended("198.51.100.7") == ["TooManyTries"]
    now += timedelta(minutes=1)
    assert await ended("198.51.100.7") == ["WrongPassword"]


def _settings(database: Database, **accounts: Any) -> Any:
    return settings_for(database.url, World(url="http://127.0.0.1:9"), accounts=accounts)


@pytest.mark.usefixtures("passwords")
async def test_an_account_runs_out_of_tries_in_all_processes_together(desk: Desk) -> None:
    settings = _settings(desk.database, tries=4)
    doors = [Door(desk.database, settings), Door(desk.database, settings)]
    guesses = [
        doors[number % 2].sign_in("bruno@loja.example", "um palpite", Caller(str(number), ""))
        for number in range(7)
    ]
    ended = await asyncio.gather(*guesses, return_exceptions=True)
    assert (
        sorted(type(one).__name__ for one in ended) == ["TooManyTries"] * 3 + ["WrongPassword"] * 4
    )
    for email in ("bruno@loja.example", "BRUNO@loja.example "):
        with pytest.raises(TooManyTries):
            await doors[0].sign_in(email, PASSWORD, _HOME)
    assert await doors[0].sign_in("carla@loja.example", PASSWORD, _HOME)


@pytest.mark.usefixtures("passwords")
async def test_tries_of_accounts_that_do_not_exist_run_out_just_so(desk: Desk) -> None:
    door = Door(desk.database, _settings(desk.database, tries=1))
    with pytest.raises(WrongPassword):
        await door.sign_in("ninguem@loja.example", "um palpite", _HOME)
    with pytest.raises(TooManyTries):
        await door.sign_in("ninguem@loja.example", "um palpite", _HOME)


@pytest.mark.usefixtures("passwords")
async def test_an_account_that_waited_may_try_again_and_success_forgets_the_tries(
    desk: Desk,
) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    door = Door(desk.database, _settings(desk.database, tries=2), lambda: now)
    for _ in range(2):
        with pytest.raises(WrongPassword):
            await door.sign_in("bruno@loja.example", "um palpite", _HOME)
    with pytest.raises(TooManyTries):
        await door.sign_in("bruno@loja.example", PASSWORD, _HOME)
    now += timedelta(minutes=15)
    assert await door.sign_in("bruno@loja.example", PASSWORD, _HOME)
    # What is left is the address's own count.
    assert len(await desk.rows("SELECT 1 FROM sign_in_tries")) == 1


@pytest.mark.usefixtures("passwords")
async def test_a_password_hashed_with_less_care_is_hashed_anew(desk: Desk) -> None:
    from argon2 import PasswordHasher  # noqa: PLC0415 - an older desk's settings

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await desk.rows("UPDATE agents SET password_hash = :weak WHERE id = 1 RETURNING 1", weak=weak)
    for _ in range(2):
        assert (await sign_in(desk)).status_code == 204
    [kept] = await desk.rows("SELECT password_hash FROM agents WHERE id = 1")
    assert kept.password_hash.startswith("$argon2id$v=19$m=65536")


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
@pytest.mark.usefixtures("passwords")
async def test_no_other_page_signs_anybody_in(desk: Desk, headers: dict[str, str]) -> None:
    answer = await desk.http.post("/api/session", json=BRUNO, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "from_elsewhere")


@pytest.mark.usefixtures("passwords")
async def test_over_https_the_cookie_is_the_hosts_own(desk: Desk) -> None:
    answer = await desk.http.post("https://desk.test/api/session", json=BRUNO, headers=OWN)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-balcao=")
    for part in ("Secure", "HttpOnly", "Path=/"):
        assert part in cookie
    assert "domain" not in cookie.lower()


async def test_behind_a_proxy_that_says_nothing_a_public_desk_still_sets_a_secure_cookie(
    database: Database, world: World
) -> None:
    settings = settings_for(
        database.url, world, notify={"desk_url": "https://atendimento.loja.example"}
    )
    async with open_desk(database, world, settings) as desk:
        token = await people.session_of(database, people.BRUNO)
        desk.http.cookies.clear()
        desk.http.cookies.set(COOKIE, token)
        assert (await desk.http.get("/api/me")).status_code == 401
        desk.http.cookies.set("__Host-balcao", token)
        assert (await desk.http.get("/api/me")).status_code == 200


@pytest.mark.usefixtures("passwords")
async def test_signing_out_ends_the_session_and_shows_nobody_there(desk: Desk) -> None:
    await sign_in(desk)
    token = desk.http.cookies[COOKIE]
    await desk.http.get("/api/me")
    assert (await desk.http.delete("/api/session", headers=OWN)).status_code == 204
    assert COOKIE not in desk.http.cookies
    desk.http.cookies.clear()
    desk.http.cookies.set(COOKIE, token)
    assert (await desk.http.get("/api/me")).status_code == 401
    assert await desk.rows("SELECT last_seen_at FROM agents WHERE id = 1") == [(None,)]


@pytest.mark.usefixtures("passwords")
async def test_another_password_ends_the_other_sessions(desk: Desk) -> None:
    elsewhere = await people.session_of(desk.database, people.BRUNO)
    await desk.sign_in(people.BRUNO)
    new = {"old": PASSWORD, "new": "outra senha bem longa"}
    for body, status in (
        ({**new, "old": "um palpite"}, 401),
        ({**new, "new": "curta"}, 422),
        ({**new, "new": "bruno@loja.example"}, 422),
        (new, 204),
    ):
        answer = await desk.http.put("/api/me/password", json=body)
        assert answer.status_code == status, answer.text
    assert (await desk.http.get("/api/me")).status_code == 200
    desk.http.cookies.clear()
    desk.http.cookies.set(COOKIE, elsewhere)
    assert (await desk.http.get("/api/me")).status_code == 401
    assert (await sign_in(desk)).status_code == 401
    assert (await sign_in(desk, password="outra senha bem longa")).status_code == 204


async def test_a_sessions_end_does_not_wait_for_its_use(desk: Desk) -> None:
    now, day, hour = clock.now(), timedelta(days=1), timedelta(hours=1)
    for begun, last, status in (
        (now - 6 * day, 7 * day, 401),  # idle since
        (now - 11 * hour, 7 * day, 200),
        (now - 11 * hour, 11 * hour, 401),  # used or not, it is over
    ):
        token = await people.session_of(desk.database, people.BRUNO, at=begun, last=last)
        desk.http.cookies.clear()
        desk.http.cookies.set(COOKIE, token)
        assert (await desk.http.get("/api/me")).status_code == status


async def test_being_active_keeps_a_session_alive_but_not_for_ever(desk: Desk) -> None:
    now = clock.now()
    token = await people.session_of(
        desk.database, people.BRUNO, at=now - timedelta(hours=10), last=timedelta(days=7)
    )
    desk.http.cookies.clear()
    desk.http.cookies.set(COOKIE, token)
    await desk.http.get("/api/me")
    [kept] = await desk.rows("SELECT last_seen_at, expires_at FROM agent_sessions")
    assert kept.last_seen_at >= now
    assert kept.expires_at == now - timedelta(hours=10) + timedelta(days=7)
