"""Programs' keys: shown once, good for their scopes, until they end."""

import hashlib
from datetime import timedelta

import pytest

from sla_service import clock
from sla_service.web.principals import Scope
from tests.sla_service import people
from tests.sla_service.people import ALICE
from tests.sla_service.world import Desk


async def test_a_keys_text_is_shown_once_and_its_hash_is_kept(desk: Desk) -> None:
    await desk.sign_in(ALICE)
    body = {"name": "loja", "scopes": ["conversations:read"]}
    made = (await desk.http.post("/api/keys", json=body)).json()
    number, secret = made["key"]["id"], made["text"].split("_", 2)[2]
    assert made["text"] == f"desk_{number}_{secret}"
    [kept] = await desk.rows("SELECT secret_hash FROM api_keys")
    assert kept.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    listed = await desk.http.get("/api/keys")
    assert listed.json() == [made["key"]]
    assert secret not in listed.text


async def test_a_key_opens_what_its_scopes_name(desk: Desk) -> None:
    key = await people.key_for(desk.database, Scope.CONVERSATIONS_READ, Scope.REPORTS_READ)
    for path, status in (
        ("/api/conversations", 200),
        ("/api/reports/attainment", 200),
        ("/api/sla/rulebooks", 403),
        ("/api/agents", 403),
        ("/api/me", 403),
        ("/api/keys", 403),
        ("/api/audit", 403),
    ):
        assert (await desk.http.get(path, headers=key)).status_code == status, path
    assert await desk.rows("SELECT 1 FROM api_keys WHERE last_used_at IS NOT NULL")


async def test_a_key_needs_no_page_of_ours(desk: Desk) -> None:
    key = await people.key_for(desk.database, Scope.TICKETS_WRITE)
    answer = await desk.http.post("/api/tickets/4711/resolution", headers=key)
    assert answer.status_code == 404


async def test_a_key_ends_when_it_is_revoked_or_too_old(desk: Desk) -> None:
    key = await people.key_for(desk.database, Scope.CONVERSATIONS_READ)
    old = await people.key_for(
        desk.database, Scope.CONVERSATIONS_READ, expires_at=clock.now() - timedelta(seconds=1)
    )
    assert (await desk.http.get("/api/conversations", headers=key)).status_code == 200
    assert (await desk.http.get("/api/conversations", headers=old)).status_code == 401
    await desk.sign_in(ALICE)
    assert (await desk.http.delete("/api/keys/1")).status_code == 204
    assert (await desk.http.delete("/api/keys/1")).status_code == 404
    desk.http.cookies.clear()
    assert (await desk.http.get("/api/conversations", headers=key)).status_code == 401


@pytest.mark.parametrize(
    "text",
    ["desk_1_", "desk_1_guess", "desk_9_guess", "desk__x", "desk_1", "desk_99999999999999999999_x"],
)
async def test_what_only_looks_like_a_key_opens_nothing(desk: Desk, text: str) -> None:
    await people.key_for(desk.database, Scope.CONVERSATIONS_READ)
    headers = {"Authorization": f"Bearer {text}"}
    assert (await desk.http.get("/api/conversations", headers=headers)).status_code == 401


async def test_a_session_is_no_bearers_token_and_a_key_no_cookie(desk: Desk) -> None:
    token = await people.session_of(desk.database, ALICE)
    key = await people.key_for(desk.database, Scope.CONVERSATIONS_READ)
    headers = {"Authorization": f"Bearer {token}"}
    assert (await desk.http.get("/api/conversations", headers=headers)).status_code == 401
    desk.http.cookies.clear()
    desk.http.cookies.set(people.COOKIE, key["Authorization"].removeprefix("Bearer "))
    assert (await desk.http.get("/api/conversations")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"name": "loja", "scopes": []},
        {"name": "loja", "scopes": ["everything"]},
        {"name": "", "scopes": ["tickets:read"]},
        {"name": "loja", "scopes": ["tickets:read"], "expires_at": "2027-01-01T00:00:00"},
    ],
)
async def test_keys_that_make_no_sense_are_refused(desk: Desk, body: dict[str, object]) -> None:
    await desk.sign_in(ALICE)
    assert (await desk.http.post("/api/keys", json=body)).status_code == 422
