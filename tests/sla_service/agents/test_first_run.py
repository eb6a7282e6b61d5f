"""The first start makes the accounts one can come in with, and tells their password once."""

import asyncio
import io

from sla_service.agents import first_run
from sla_service.agents.signing_in import Caller, Door
from sla_service.database.sessions import Database
from tests.sla_service.world import World, settings_for


async def test_the_first_start_makes_one_administrator_whose_password_works(
    database: Database, world: World
) -> None:
    settings = settings_for(database.url, world)
    welcome = await first_run.at_first_start(database, settings)
    assert welcome is not None
    assert [(one.email, one.role) for one in welcome.people] == [("admin@balcao.example", "admin")]
    assert welcome.people[0].capacity > 0  # alone in the house, one answers oneself
    stream = io.StringIO()
    first_run.announce(welcome, stream)
    assert stream.getvalue().count(welcome.password) == 1
    assert "admin@balcao.example" in stream.getvalue()
    token = await Door(database, settings).sign_in(
        "admin@balcao.example", welcome.password, Caller("", "")
    )
    assert token
    assert await first_run.at_first_start(database, settings) is None


async def test_of_processes_that_start_at_once_one_tells(database: Database, world: World) -> None:
    settings = settings_for(database.url, world)
    starts = (first_run.at_first_start(database, settings) for _ in range(3))
    told = [welcome for welcome in await asyncio.gather(*starts) if welcome]
    assert len(told) == 1
    assert [one.name for one in told[0].people] == ["Administração"]


async def test_a_try_out_desk_has_people_to_play_with(database: Database, world: World) -> None:
    settings = settings_for(database.url, world, demo=True)
    welcome = await first_run.at_first_start(database, settings)
    assert welcome is not None
    assert welcome.people[0].capacity == 0  # offers are for those who answer
    assert all(one.capacity > 0 for one in welcome.people[1:])
    assert [(one.name, one.role, one.presence) for one in welcome.people[1:]] == [
        ("Bruno Tavares", "agent", "available"),
        ("Carla Mendes", "supervisor", "available"),
        ("Diego Rocha", "agent", "away"),
        ("Emma Hughes", "agent", "available"),
    ]
