"""Who is there to answer, with what they can."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sla_service.agents.tables import Presence
from sla_service.database.sessions import Connection, rows
from sla_service.web.principals import Role

GONE_AFTER = timedelta(seconds=90)
"""Whose console has been silent for so long is offline."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answers, as whoever hands out work sees them."""

    id: int
    name: str
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int
    presence: Presence
    role: Role
    team: str | None


def presence_of(chosen: Presence, last_seen_at: datetime | None, at: datetime) -> Presence:
    """What somebody chose, if they are there at all."""
    is_there = last_seen_at is not None and last_seen_at > at - GONE_AFTER
    return chosen if is_there else Presence.OFFLINE


async def everyone(connection: Connection) -> list[Person]:
    """Everybody with an open account, by number."""
    return _people(await rows(connection, _EVERYONE))


async def available(connection: Connection) -> list[Person]:
    """Those who are there and take conversations, by number."""
    people = await everyone(connection)
    return [person for person in people if person.presence is Presence.AVAILABLE]


def _people(found: Iterable[Any]) -> list[Person]:
    return [
        Person(
            id=one.id,
            name=one.name,
            languages=tuple(one.languages),
            skills=tuple(one.skills),
            capacity=one.capacity,
            presence=presence_of(Presence(one.presence), one.last_seen_at, one.now),
            role=Role(one.role),
            team=one.team,
        )
        for one in found
    ]


_EVERYONE = """
SELECT id, name, languages, skills, capacity, presence, role, team, last_seen_at, now() AS now
FROM agents WHERE disabled_at IS NULL ORDER BY id
"""
