"""The way in: by password, by a one-time link; and the way out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service import clock
from sla_service.agents import accounts, audit, invitations, passwords, sessions, throttle
from sla_service.agents.identity import Identities
from sla_service.agents.invitations import Invited
from sla_service.agents.passwords import Passwords
from sla_service.agents.tables import Agent, Purpose
from sla_service.agents.throttle import Addresses, TooManyTries
from sla_service.database.sessions import Database
from sla_service.errors import DomainError
from sla_service.settings import Settings
from sla_service.web.principals import Principal


class WrongPassword(DomainError):
    """E-mail address and password don't match."""

    status = 401


@dataclass(frozen=True, slots=True)
class Caller:
    """Where somebody tries to come in from."""

    address: str
    browser: str


class Door:
    """Lets people in and out.

    A password is hashed between two transactions, never inside one: it takes a tenth of a second.
    """

    def __init__(
        self, database: Database, settings: Settings, now: Callable[[], datetime] = clock.now
    ) -> None:
        self.identities = Identities(database, settings)
        self.passwords = Passwords(settings.accounts.hashing_at_once)
        self._database = database
        self._settings = settings.accounts
        self._now = now
        self._addresses = Addresses(settings.accounts.tries_a_minute)

    async def sign_in(self, email: str, password: str, caller: Caller) -> str:
        """A new session's token. Raises WrongPassword, TooManyTries.

        Nobody learns whether there is such an account: unknown ones, closed ones and those
        without a password are counted, take as long, and are answered alike.
        """
        await self._addresses.count(self._database, caller.address, self._now())
        await self._count(email)
        async with self._database.transaction() as session:
            agent = await session.scalar(_active().where(Agent.email == accounts.compared(email)))
        kept = agent.password_hash if agent else None
        if not await self.passwords.match(kept, password) or agent is None or kept is None:
            raise WrongPassword
        renewed = await self.passwords.hash(password) if self.passwords.is_dated(kept) else kept
        async with self._database.transaction() as session:
            query = _active().where(Agent.id == agent.id, Agent.password_hash == kept)
            agent = await session.scalar(query.with_for_update())
            if agent is None:
                raise WrongPassword
            agent.password_hash = renewed
            await throttle.forget(session, email, self._now(), self._settings.tries_window)
            return await self._begin(session, agent, caller, "password")

    async def look(self, token: str) -> Invited:
        """Whom a link is for; it stays good. Raises InvitationOver."""
        async with self._database.transaction() as session:
            return await invitations.look(session, token, self._now())

    async def enter(self, token: str, caller: Caller) -> str:
        """A session by a link that leads straight in. Raises InvitationOver, TooManyTries."""
        await self._addresses.count(self._database, caller.address, self._now())
        async with self._database.transaction() as session:
            agent = await invitations.take(session, token, Purpose.ENTRANCE, self._now())
            return await self._begin(session, agent, caller, "link")

    async def accept(self, token: str, password: str, name: str | None, caller: Caller) -> str:
        """A session by a link with which a password is chosen; earlier sessions end.

        Raises InvitationOver, PasswordTooWeak, TooManyTries.
        """
        await self._addresses.count(self._database, caller.address, self._now())
        invited = await self.look(token)
        passwords.check(password, invited.agent.email)
        kept = await self.passwords.hash(password)
        async with self._database.transaction() as session:
            agent = await invitations.take(session, token, Purpose.PASSWORD, self._now())
            agent.password_hash = kept
            agent.name = name or agent.name
            await sessions.end_all(session, agent.id, self._now())
            await audit.record(session, _itself(agent), "agent.password_chosen", "agent", agent.id)
            token = await self._begin(session, agent, caller, "link")
        self.identities.forget()
        return token

    async def change_password(self, agent_id: int, old: str, new: str, token: str) -> None:
        """Another password for who knows the old one; other sessions than this one end.

        Raises WrongPassword, PasswordTooWeak, TooManyTries.
        """
        async with self._database.transaction() as session:
            agent = await session.get_one(Agent, agent_id)
        await self._count(agent.email)
        if not await self.passwords.match(agent.password_hash, old):
            raise WrongPassword
        passwords.check(new, agent.email)
        hashed = await self.passwords.hash(new)
        async with self._database.transaction() as session:
            agent = await session.get_one(Agent, agent_id)
            agent.password_hash = hashed
            await sessions.end_all(session, agent_id, self._now(), but=token)
            await audit.record(session, _itself(agent), "agent.password_chosen", "agent", agent_id)
        self.identities.forget()

    async def sign_out(self, token: str) -> None:
        """End a session."""
        async with self._database.transaction() as session:
            await sessions.sign_out(session, token, at=self._now(), idle=self._settings.idle)
        self.identities.forget()

    async def _count(self, email: str) -> None:
        """Count a try, whatever becomes of it. Raises TooManyTries."""
        window = self._settings.tries_window
        async with self._database.transaction() as session:
            may_try = await throttle.count(
                session, email, at=self._now(), most=self._settings.tries, window=window
            )
        if not may_try:
            raise TooManyTries(retry_after=round(window.total_seconds()))

    async def _begin(self, session: AsyncSession, agent: Agent, caller: Caller, how: str) -> str:
        await audit.record(session, _itself(agent), "session.began", "agent", agent.id, by=how)
        return await sessions.begin(
            session, agent, browser=caller.browser, at=self._now(), last=self._settings.lifetime
        )


def _active() -> Select[Agent]:
    return select(Agent).where(Agent.disabled_at.is_(None))


def _itself(agent: Agent) -> Principal:
    return Principal("agent", agent.id, agent.name, agent.role, language=agent.language)
