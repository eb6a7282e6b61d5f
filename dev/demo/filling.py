"""Fills a desk that has nothing yet, once: canned replies, rules, a team, and a story's talks."""

import asyncio
from datetime import timedelta

from dev.demo import past, people, playing, stage, story
from dev.demo.people import People
from dev.demo.story import Story
from simulator.settings import Settings as SimulatorSettings
from sla_service import clock
from sla_service.agents import audit
from sla_service.database.sessions import Database, rows
from sla_service.settings import Settings
from sla_service.web.principals import TERMINAL

_FILLED = "demo.filled"
_SETTING_UP = timedelta(minutes=30)  # before the first talk


async def fill(settings: Settings, outside: SimulatorSettings, told: Story | None = None) -> bool:
    """Fill the desk of `settings`; False when it has been, or has conversations of its own."""
    if not await _begin(settings):
        return False
    told = told or story.told()
    now = clock.now()
    longest = max(talk.begins() for talk in told.talks)
    with past.lived_through(settings.server_url(), now - longest - _SETTING_UP) as time:
        async with stage.built(time, settings, outside) as built:
            house = await people.in_the_house(built)
            if not house.knows("admin", "bruno", "carla", "emma"):
                return False
            await _set_up(house, told)
            player = playing.Player(time, built, house, {})
            await player.play(told, now)
            await house.go_home()
    return True


async def _begin(settings: Settings) -> bool:
    """Whether this is the one who fills it: it is marked before, so that none is filled twice."""
    database = Database(settings.server_url(), pool_size=2)
    try:
        async with database.step() as connection:
            found = await rows(connection, _IS_TO_BE_FILLED, {"act": _FILLED})
            if found[0].is_filled:
                return False
            await audit.record(connection, TERMINAL, _FILLED, "desk")
            return True
    finally:
        await database.close()


async def _set_up(house: People, told: Story) -> None:
    for canned in told.canned:
        await house.do("carla", "POST", "/api/canned-replies", canned.model_dump())
    await house.do("carla", "PUT", "/api/routing-rules", {"rules": told.rules})
    await house.do("admin", "PUT", "/api/notify/teams/agent", {"channels": []})


def main() -> None:
    """Fill the desk that the environment names, and say whether that was done."""
    filled = asyncio.run(fill(Settings.read(), SimulatorSettings()))
    print("filled" if filled else "left as it is")


# The lock lets one of several go on; the others wait, and find the mark.
_IS_TO_BE_FILLED = """
WITH alone AS MATERIALIZED (SELECT pg_advisory_xact_lock(748233041))
SELECT EXISTS (SELECT FROM conversations) OR EXISTS (
  SELECT FROM audit_log WHERE act = %(act)s
) AS is_filled FROM alone
"""

if __name__ == "__main__":
    main()
