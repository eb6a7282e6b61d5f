"""How often a password may be tried: by one address, and for one account."""

import ipaddress
from datetime import datetime, timedelta

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import delete, or_, text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import accounts, tokens
from sla_service.agents.tables import SignInTries
from sla_service.database.sessions import Database
from sla_service.errors import DomainError

_HOUSEHOLD = 64  # bits of an IPv6 address that one customer of a provider has
_MINUTE = timedelta(minutes=1)


class TooManyTries(DomainError):
    """Too many tries. Wait a while and try again."""

    status = 429


class Addresses:
    """What each address tries: all processes count together.

    This process refuses first what it has seen too much of by itself, so that a flood from one
    place costs the database nothing.
    """

    def __init__(self, a_minute: int) -> None:
        self._most = a_minute
        self._limit = RateLimitItemPerMinute(a_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def count(self, database: Database, address: str, at: datetime) -> None:
        """Count a try, in a transaction of its own. Raises TooManyTries."""
        place = _neighbourhood(address)
        may_try = self._limiter.hit(self._limit, place)
        if may_try:
            async with database.transaction() as session:
                may_try = await _count(session, _place(place), at, self._most, _MINUTE)
        if not may_try:
            raise TooManyTries(retry_after=round(_MINUTE.total_seconds()))


async def count(
    session: AsyncSession, email: str, *, at: datetime, most: int, window: timedelta
) -> bool:
    """Count a try of an account before its password is looked at; False when there are no more.

    All processes count together, and of tries made at once each counts.
    """
    return await _count(session, _account(email), at, most, window)


async def forget(session: AsyncSession, email: str, at: datetime, window: timedelta) -> None:
    """Forget an account's tries, and those of everybody whose time is over."""
    await session.execute(
        delete(SignInTries).where(
            or_(SignInTries.account_hash == _account(email), SignInTries.since <= at - window)
        )
    )


async def _count(
    session: AsyncSession, who: str, at: datetime, most: int, window: timedelta
) -> bool:
    values = {"account": who, "at": at, "over": at - window, "most": most}
    return await session.scalar(_COUNT, values) is not None


def _account(email: str) -> str:
    return tokens.hashed(accounts.compared(email))


def _place(neighbourhood: str) -> str:
    return tokens.hashed(f"address {neighbourhood}")  # no e-mail address has a space


def _neighbourhood(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, _HOUSEHOLD), strict=False))
    return str(parsed)


_COUNT = text("""
INSERT INTO sign_in_tries (account_hash, since, tries) VALUES (:account, :at, 1)
ON CONFLICT (account_hash) DO UPDATE SET
  since = CASE WHEN sign_in_tries.since <= :over THEN :at ELSE sign_in_tries.since END,
  tries = CASE WHEN sign_in_tries.since <= :over THEN 1 ELSE sign_in_tries.tries + 1 END
WHERE sign_in_tries.tries < :most OR sign_in_tries.since <= :over
RETURNING tries
""")
