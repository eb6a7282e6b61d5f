"""A session is its browser's alone, and what belongs to another thing is not reached through it."""

import io
import zipfile

import pytest

from tests.sla_service import people
from tests.sla_service.people import ALICE, BRUNO, CARLA, COOKIE, OWN
from tests.sla_service.world import Desk, written

PASSWORD = "uma senha bem comprida"


@pytest.fixture
async def invited(desk: Desk) -> Desk:
    """Bruno has a password: it is changed through an invitation, as people do."""
    admin = await desk.sign_in(ALICE)
    made = await admin.post(f"/api/agents/{BRUNO}/invitations")
    assert made.status_code == 201, made.text
    token = made.json()["link"].partition("=")[2]
    desk.http.cookies.clear()
    taken = await desk.http.post(
        f"/api/invitations/{token}", json={"password": PASSWORD}, headers=OWN
    )
    assert taken.status_code in {200, 204}, taken.text
    desk.http.cookies.clear()
    return desk


async def test_a_token_that_was_planted_before_signing_in_is_worth_nothing(invited: Desk) -> None:
    planted = "planted-by-somebody-else-before-the-sign-in"
    tokens = set()
    for _ in range(2):
        invited.http.cookies.clear()
        invited.http.cookies.set(COOKIE, planted)
        body = {"email": "bruno@loja.example", "password": PASSWORD}
        answer = await invited.http.post("/api/session", json=body, headers=OWN)
        assert answer.status_code == 204, answer.text
        given = answer.headers["set-cookie"]
        assert "HttpOnly" in given
        assert "samesite=lax" in given.lower()
        tokens.add(given.split("=", 1)[1].split(";")[0])
    assert planted not in tokens
    assert len(tokens) == 2, "each sign-in has a token of its own"
    invited.http.cookies.clear()
    invited.http.cookies.set(COOKIE, planted)
    assert (await invited.http.get("/api/me")).status_code == 401


async def test_a_session_ends_everywhere_at_once(desk: Desk) -> None:
    tokens = [await people.session_of(desk.database, BRUNO) for _ in range(3)]
    await desk.sign_in(BRUNO)
    assert (await desk.http.delete("/api/me/sessions")).status_code == 204
    for token in tokens:
        desk.http.cookies.clear()
        desk.http.cookies.set(COOKIE, token)
        assert (await desk.http.get("/api/me")).status_code == 401


@pytest.fixture
async def two(desk: Desk) -> Desk:
    """Two contacts, with a ticket each."""
    diana = {"profile": {"name": "Diana"}, "wa_id": "5511955550002", "user_id": "BR.2"}
    await desk.deliver(written("oi", "wamid.1"))
    await desk.deliver(written("olá", "wamid.2", sender=diana), contact=diana)
    await desk.settle()
    return desk


async def test_what_hangs_on_one_ticket_is_not_reached_through_another(two: Desk) -> None:
    first, second = [row.number for row in await two.rows("SELECT number FROM tickets ORDER BY id")]
    person = await two.sign_in(BRUNO)
    made = await person.post(f"/api/tickets/{first}/action-items", json={"text": "Ligar"})
    assert made.status_code == 201, made.text
    item = made.json()["id"]
    wrong = f"/api/tickets/{second}/action-items/{item}"
    assert (await person.patch(wrong, json={"is_done": True})).status_code == 404
    await person.post(f"/api/tickets/{first}/notes", json={"text": "só do primeiro"})
    other = (await person.get(f"/api/tickets/{second}/notes")).text
    assert "só do primeiro" not in other


async def test_a_colleagues_session_upload_and_offer_are_not_there(two: Desk) -> None:
    await people.session_of(two.database, CARLA)
    carla = await two.sign_in(CARLA)
    [*_, mine] = (await carla.get("/api/me/sessions")).json()
    bruno = await two.sign_in(BRUNO)
    assert (await bruno.delete(f"/api/me/sessions/{mine['id']}")).status_code == 404
    for path in ("/api/offers/1/acceptance", "/api/offers/999/acceptance"):
        assert (await bruno.post(path)).status_code == 404


async def test_an_agent_neither_exports_nor_erases(two: Desk) -> None:
    person = await two.sign_in(BRUNO)
    for method, path in (
        ("GET", "data-export"),
        ("POST", "erasure"),
        ("PUT", "legal-hold"),
        ("DELETE", "legal-hold"),
    ):
        answer = await person.request(method, f"/api/conversations/1/{path}")
        assert (answer.status_code, answer.json()["type"]) == (403, "not_allowed")


async def test_a_files_name_leads_nowhere_in_an_export(desk: Desk) -> None:
    names = ["../../../etc/passwd", "/etc/passwd", "..\\..\\x", "a\x00b/../c"]
    for nth, name in enumerate(names):
        desk.world.files[f"m{nth}"] = b"%PDF-1.7 x"
        document = {"id": f"m{nth}", "mime_type": "application/pdf", "filename": name}
        message = {**written("", f"wamid.{nth}"), "type": "document", "document": document}
        await desk.deliver(message)
    await desk.settle()
    await desk.sign_in(CARLA)
    answer = await desk.http.get("/api/conversations/1/data-export")
    packed = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert len(packed) == 2 + len(names)
    for one in packed:
        assert ".." not in one.split("/")
        assert "\\" not in one
        assert not one.startswith("/")
        assert one.count("/") <= 1
