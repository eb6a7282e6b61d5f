"""Teams that are told: their channels, language, quiet hours and digests."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.errors import DomainError, NotFound
from sla_service.notify import channels
from sla_service.notify.quiet import Quiet
from sla_service.notify.tables import NotifyTeam
from sla_service.notify.values import LANGUAGES
from sla_service.settings import NotifySettings

_DAY = 24 * 60


class NoSuchTeam(NotFound):
    """There is no such team."""


class TeamRefused(DomainError):
    """A team can't be set like this."""

    status = 422


@dataclass(frozen=True, slots=True)
class Team:
    """A team as people see it: its channels without their secrets."""

    name: str
    channels: Mapping[str, str]
    language: str
    time_zone: str
    quiet: tuple[int, int] | None
    digest_after: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What a team is to be; `channels` are Apprise URLs, or names of channels it has already."""

    channels: Sequence[str] | None = None
    """None: as they are."""
    language: str = LANGUAGES[0]
    time_zone: str = "America/Sao_Paulo"
    quiet: tuple[int, int] | None = None
    """Minutes of the local day, from and to."""
    digest_after: int = 3


async def known(session: AsyncSession) -> list[Team]:
    """All teams, by name."""
    found = await session.scalars(select(NotifyTeam).order_by(NotifyTeam.name))
    return [_seen(team) for team in found]


async def one(session: AsyncSession, name: str) -> Team:
    """A team. Raises NoSuchTeam."""
    team = await session.get(NotifyTeam, name)
    if team is None:
        raise NoSuchTeam(name=name)
    return _seen(team)


async def put(session: AsyncSession, name: str, wish: Wish, settings: NotifySettings) -> Team:
    """Make a team, or change it, to what is wished. Raises TeamRefused, ChannelRefused."""
    _check(wish)
    team = await session.get(NotifyTeam, name, with_for_update=True)
    if team is None:
        team = NotifyTeam(name=name, channels={})
        session.add(team)
    if wish.channels is not None:
        named = channels.named
        team.channels = await asyncio.to_thread(named, wish.channels, settings, team.channels)
    team.language = wish.language
    team.time_zone = wish.time_zone
    team.quiet_from, team.quiet_to = wish.quiet or (None, None)
    team.digest_after = wish.digest_after
    await session.flush()
    await session.refresh(team)
    return _seen(team)


async def remove(session: AsyncSession, name: str) -> None:
    """Forget a team; what it was told stays. Raises NoSuchTeam."""
    gone = await session.scalars(
        delete(NotifyTeam)
        .where(NotifyTeam.name == name)
        .returning(NotifyTeam.name)
        .execution_options(synchronize_session=False)
    )
    if gone.first() is None:
        raise NoSuchTeam(name=name)


def quiet_of(begins: int | None, ends: int | None, time_zone: str) -> Quiet | None:
    """A team's quiet hours, as its row has them."""
    return None if begins is None or ends is None else Quiet(begins, ends, time_zone)


def _check(wish: Wish) -> None:
    if wish.language not in LANGUAGES:
        raise TeamRefused(why=f"no such language: {wish.language}", allowed=LANGUAGES)
    try:
        ZoneInfo(wish.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TeamRefused(why=f"no such time zone: {wish.time_zone}") from error
    if wish.quiet is not None:
        if not all(0 <= minute < _DAY for minute in wish.quiet):
            raise TeamRefused(why="quiet hours are minutes of the day, 0 to 1439")
        if wish.quiet[0] == wish.quiet[1]:
            raise TeamRefused(why="quiet hours begin and end at the same minute")
    if wish.digest_after < 1:
        raise TeamRefused(why="a digest begins after one notice at least")


def _seen(team: NotifyTeam) -> Team:
    quiet = quiet_of(team.quiet_from, team.quiet_to, team.time_zone)
    return Team(
        name=team.name,
        channels={name: channels.masked(url) for name, url in sorted(team.channels.items())},
        language=team.language,
        time_zone=team.time_zone,
        quiet=(quiet.begins, quiet.ends) if quiet else None,
        digest_after=team.digest_after,
        created_at=team.created_at,
    )
