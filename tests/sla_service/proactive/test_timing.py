"""Shoppers are told nothing in quiet hours, nor while the shop is closed where it says so."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sla_service.database.sessions import Database
from sla_service.proactive import timing
from sla_service.proactive.plan import Plan
from sla_service.sla import rulebooks

_POLICIES = """
calendars:
  loja: {time_zone: America/Sao_Paulo, hours: {mon-fri: ["09:00-18:00"]}}
policies: [{name: padrao, targets: {first_response: 5 min}}]
"""
_QUIET = {"from": "17:00", "until": "10:30", "time_zone": "America/Sao_Paulo"}


def at(text: str) -> datetime:
    """A local time in São Paulo, of November 2026."""
    day, clock = text.split()
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, int(day), (hour + 3) % 24, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("parts", "now", "free"),
    [
        ({}, "28 12:00", "28 12:00"),
        ({"quiet": _QUIET}, "26 12:00", "26 12:00"),
        ({"quiet": _QUIET}, "26 18:00", "27 10:30"),
        ({"quiet": _QUIET}, "26 09:00", "26 10:30"),
        ({"calendar": "loja"}, "26 12:00", "26 12:00"),
        ({"calendar": "loja"}, "27 18:00", "30 09:00"),
        ({"calendar": "loja", "quiet": _QUIET}, "27 16:59", "27 16:59"),
        ({"calendar": "loja", "quiet": _QUIET}, "27 17:00", "30 10:30"),
        ({"calendar": "nowhere"}, "28 12:00", "28 12:00"),
    ],
)
async def test_the_first_free_moment(
    database: Database, parts: dict[str, Any], now: str, free: str
) -> None:
    async with database.step() as connection:
        await rulebooks.store(connection, _POLICIES, activate=True)
        plan = Plan.model_validate(
            {"nameless": {"pt": "cliente", "en": "there"}, "kinds": {}, **parts}
        )
        assert await timing.free_at(connection, plan, at(now)) == at(free)


async def test_a_desk_without_policies_is_never_closed(database: Database) -> None:
    async with database.step() as connection:
        plan = Plan.model_validate(
            {"nameless": {"pt": "a", "en": "b"}, "kinds": {}, "calendar": "loja"}
        )
        assert await timing.free_at(connection, plan, at("28 12:00")) == at("28 12:00")
