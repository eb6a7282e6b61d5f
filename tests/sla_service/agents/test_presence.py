"""Who is there: who chose to be, and is seen."""

from datetime import timedelta

from sla_service import clock
from sla_service.agents import roster
from sla_service.agents.presence import Attendance
from sla_service.database.wake import Channel, listen
from sla_service.web.principals import Principal, Role
from tests.sla_service.people import BRUNO, CARLA, DIEGO
from tests.sla_service.world import Desk


async def available(desk: Desk) -> list[int]:
    async with desk.database.step() as connection:
        return [person.id for person in await roster.available(connection)]


async def seen(desk: Desk, ago: timedelta) -> None:
    at = clock.now() - ago
    await desk.rows("UPDATE agents SET last_seen_at = :at RETURNING 1", at=at)


async def test_work_goes_to_those_who_are_there_and_not_away(desk: Desk) -> None:
    assert await available(desk) == []
    await seen(desk, timedelta(seconds=80))
    assert await available(desk) == [1, 2, 4]
    await desk.rows("UPDATE agents SET disabled_at = now() WHERE id = 2 RETURNING 1")
    assert await available(desk) == [1, 4]
    await seen(desk, timedelta(seconds=91))
    assert await available(desk) == []


async def test_whoever_hands_out_work_sees_what_people_can(desk: Desk) -> None:
    await seen(desk, timedelta(0))
    async with desk.database.step() as connection:
        bruno, _, diego, _ = await roster.everyone(connection)
    assert (bruno.id, bruno.name, bruno.capacity) == (BRUNO, "Bruno Tavares", 5)
    assert (bruno.languages, bruno.skills, bruno.role) == (("pt", "en"), ("trocas",), Role.AGENT)
    assert (diego.id, diego.presence) == (DIEGO, "away")


async def test_an_open_stream_is_being_there_and_coming_is_told(desk: Desk) -> None:
    told = listen(desk.database.url, Channel.LIVE)
    await anext(told)
    attendance = Attendance(desk.database)
    carla = Principal("agent", CARLA, "Carla Mendes", Role.SUPERVISOR)
    async with attendance.attending(carla), attendance.attending(carla):
        assert await available(desk) == [CARLA]
        assert await anext(told) == (Channel.LIVE, f"presence:{CARLA}")
        await seen(desk, timedelta(minutes=5))
        async with attendance.attending(Principal("key", CARLA, "loja", Role.SERVICE)):
            assert await available(desk) == []
        async with attendance.attending(carla):
            assert await available(desk) == [CARLA]
    await told.aclose()  # type: ignore[attr-defined]


async def test_choosing_to_be_away_is_told_and_written_down(desk: Desk) -> None:
    told = listen(desk.database.url, Channel.LIVE)
    await anext(told)
    await desk.sign_in(BRUNO)
    await desk.http.patch("/api/me", json={"presence": "away"})
    assert await anext(told) == (Channel.LIVE, f"presence:{BRUNO}")
    assert await available(desk) == []
    assert await desk.rows("SELECT act, target_id, details FROM audit_log") == [
        ("agent.presence", "1", {"presence": "away"})
    ]
    await told.aclose()  # type: ignore[attr-defined]


async def test_it_is_written_down_once_a_minute_that_somebody_was_seen(desk: Desk) -> None:
    await desk.sign_in(BRUNO)
    await desk.http.get("/api/me")
    [(first,)] = await desk.rows("SELECT last_seen_at FROM agents WHERE id = 1")
    assert first is not None
    await desk.sign_in(BRUNO)
    await desk.http.get("/api/me")
    assert await desk.rows("SELECT last_seen_at FROM agents WHERE id = 1") == [(first,)]
