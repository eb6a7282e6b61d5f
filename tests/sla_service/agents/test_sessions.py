"""One's own sessions: seen, ended, and worth nothing once they are over."""

import httpx2

from sla_service.agents.identity import Identities
from sla_service.web.principals import Shown
from tests.sla_service import people
from tests.sla_service.people import BRUNO, CARLA, COOKIE
from tests.sla_service.world import Desk


async def test_people_see_their_own_sessions_and_which_is_this_one(desk: Desk) -> None:
    await people.session_of(desk.database, CARLA)
    await people.session_of(desk.database, BRUNO)
    await desk.sign_in(BRUNO)
    shown = (await desk.http.get("/api/me/sessions")).json()
    assert [one["is_current"] for one in shown] == [True, False]
    assert shown[0].keys() == {"id", "created_at", "last_seen_at", "user_agent", "is_current"}


async def test_a_stolen_session_is_worth_nothing_once_it_is_revoked(desk: Desk) -> None:
    stolen = await people.session_of(desk.database, BRUNO)
    thief = httpx2.AsyncClient(
        transport=desk.http._transport, base_url="http://desk.test", cookies={COOKIE: stolen}
    )
    async with thief:
        assert (await thief.get("/api/me")).status_code == 200
        await desk.sign_in(BRUNO)
        mine = (await desk.http.get("/api/me/sessions")).json()
        [other] = [one["id"] for one in mine if not one["is_current"]]
        assert (await desk.http.delete(f"/api/me/sessions/{other}")).status_code == 204
        assert (await thief.get("/api/me")).status_code == 401
        assert (await desk.http.delete(f"/api/me/sessions/{other}")).status_code == 404
        assert (await desk.http.get("/api/me")).status_code == 200


async def test_nobody_ends_a_colleagues_session(desk: Desk) -> None:
    await people.session_of(desk.database, CARLA)
    await desk.sign_in(BRUNO)
    assert (await desk.http.delete("/api/me/sessions/1")).status_code == 404
    assert await desk.rows("SELECT 1 FROM agent_sessions WHERE revoked_at IS NOT NULL") == []


async def test_signing_out_everywhere_but_here(desk: Desk) -> None:
    for _ in range(3):
        await people.session_of(desk.database, BRUNO)
    await desk.sign_in(BRUNO)
    assert (await desk.http.delete("/api/me/sessions")).status_code == 204
    assert len((await desk.http.get("/api/me/sessions")).json()) == 1


async def test_a_closed_account_has_no_sessions(desk: Desk) -> None:
    await desk.sign_in(BRUNO)
    bruno = desk.http.cookies[COOKIE]
    assert (await desk.http.get("/api/me")).status_code == 200
    await desk.sign_in(people.ALICE)
    closed = await desk.http.patch(f"/api/agents/{BRUNO}", json={"is_disabled": True})
    assert closed.json()["disabled_at"]
    desk.http.cookies.clear()
    desk.http.cookies.set(COOKIE, bruno)
    assert (await desk.http.get("/api/me")).status_code == 401


async def test_another_process_learns_of_a_revocation_within_a_second(desk: Desk) -> None:
    token = await people.session_of(desk.database, BRUNO)
    elapsed = 100.0
    identify = Identities(desk.database, desk.settings, lambda: elapsed)
    shown = Shown(token, is_cookie=True)
    assert (await identify(shown)) is not None
    await desk.rows("UPDATE agent_sessions SET revoked_at = now() RETURNING 1")
    elapsed += 0.9
    known = await identify(shown)
    assert known is not None
    assert known.name == "Bruno Tavares"
    elapsed += 0.2
    assert await identify(shown) is None


async def test_being_told_events_is_no_activity(desk: Desk) -> None:
    token = await people.session_of(desk.database, BRUNO)
    await desk.rows(
        "UPDATE agent_sessions SET last_seen_at = now() - interval '11 hours' RETURNING 1"
    )
    identify = Identities(desk.database, desk.settings)
    assert await identify(Shown(token, is_cookie=True), is_busy=False) is not None
    [kept] = await desk.rows(
        "SELECT now() - last_seen_at > interval '10 hours' FROM agent_sessions"
    )
    assert kept == (True,)
