"""Sign-in and one's own account; everybody's accounts, API keys, and who did what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response

from sla_service import clock
from sla_service.agents import accounts, audit, invitations, keys, sessions, tokens
from sla_service.agents.presence import Attendance
from sla_service.agents.signing_in import Caller, Door
from sla_service.agents.tables import Agent as Account
from sla_service.agents.tables import Purpose
from sla_service.agents.views import (
    AcceptanceBody,
    AgentBody,
    AgentView,
    AuditPage,
    InvitedView,
    KeyBody,
    KeyView,
    LinkView,
    MeBody,
    NewAgentBody,
    NewKeyView,
    PasswordBody,
    SessionView,
    SignInBody,
)
from sla_service.database.sessions import Database
from sla_service.database.wake import Channel, tell
from sla_service.settings import Settings
from sla_service.web import access
from sla_service.web.access import Admin, Agent, NotAllowed, own_page, require
from sla_service.web.asking import LARGEST_ID, Id
from sla_service.web.principals import Principal, Role, Scope
from sla_service.web.sessions import Session

_PLAIN = r"^[^\x00]*$"

Token = Annotated[str, Path(max_length=100)]
Reader = Annotated[Principal, Depends(require(Role.AGENT, Scope.AGENTS_READ))]
Writer = Annotated[Principal, Depends(require(Role.ADMIN, Scope.AGENTS_WRITE))]


def install(app: FastAPI, settings: Settings, database: Database) -> None:
    """Let the application know who is calling, and people sign in."""
    door = Door(database, settings)
    attendance = Attendance(database)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        attendance.start()
        yield
        await attendance.stop()

    app.state.identify = door.identities
    app.state.audit = audit.record
    app.state.door = door
    app.state.attendance = attendance
    app.include_router(APIRouter(lifespan=lifespan))
    for some in (
        _session_routes(door),
        _own_routes(door),
        _own_session_routes(door, settings),
        _agent_routes(door, settings),
        _invitation_routes(settings),
        _key_routes(door),
        _audit_routes(),
    ):
        app.include_router(some)


def caller(request: Request) -> Caller:
    """Where a request comes from, and with which browser."""
    return Caller(access.address_of(request), request.headers.get("user-agent", ""))


def _session_routes(door: Door) -> APIRouter:
    routes = _routes()

    @routes.post("/session", status_code=204, dependencies=[Depends(own_page)])
    async def sign_in(body: SignInBody, request: Request, response: Response) -> None:
        """Sign in with e-mail address and password; the answer is a cookie."""
        token = await door.sign_in(body.email, body.password, caller(request))
        access.let_in(request, response, token)

    @routes.delete("/session", status_code=204)
    async def sign_out(_: Agent, request: Request, response: Response) -> None:
        """Sign out of this browser."""
        await door.sign_out(access.session_token(request))
        access.let_out(request, response)

    @routes.post("/invitations/{token}", status_code=204, dependencies=[Depends(own_page)])
    async def accept_invitation(
        token: Token, body: AcceptanceBody, request: Request, response: Response
    ) -> None:
        """Choose a password by a one-time link, and be signed in."""
        session = await door.accept(token, body.password, body.name, caller(request))
        access.let_in(request, response, session)

    return routes


def _own_routes(door: Door) -> APIRouter:
    routes = _routes()

    @routes.get("/me")
    async def show_me(who: Agent, session: Session) -> AgentView:
        """Who is signed in."""
        return AgentView.of(await _oneself(session, who), clock.now())

    @routes.patch("/me")
    async def change_me(who: Agent, body: MeBody, session: Session) -> AgentView:
        """One's own name, language and presence."""
        agent = await _oneself(session, who)
        changes = body.model_dump(exclude_unset=True)
        for name, value in changes.items():
            setattr(agent, name, value)
        if changes.keys() - {"presence"}:
            own = {name: value for name, value in changes.items() if name != "presence"}
            await audit.record(session, who, "agent.changed", "agent", agent.id, changes=own)
        if "presence" in changes:
            await audit.record(
                session, who, "agent.presence", "agent", agent.id, presence=agent.presence
            )
            await tell(session, Channel.LIVE, f"presence:{agent.id}")
            await tell(session, Channel.QUEUE)
        await session.flush()
        door.identities.forget()
        return AgentView.of(agent, clock.now())

    @routes.put("/me/password", status_code=204)
    async def change_password(who: Agent, body: PasswordBody, request: Request) -> None:
        """Another password; one's other sessions end."""
        token = access.session_token(request)
        await door.change_password(who.id or 0, body.old, body.new, token)

    return routes


def _own_session_routes(door: Door, settings: Settings) -> APIRouter:
    routes = _routes()

    @routes.get("/me/sessions")
    async def list_my_sessions(who: Agent, request: Request, session: Session) -> list[SessionView]:
        """The browsers that one is signed in with."""
        current = tokens.hashed(access.session_token(request))
        found = await sessions.live(
            session, who.id or 0, at=clock.now(), idle=settings.accounts.idle
        )
        return [SessionView.of(one, current) for one in found]

    @routes.delete("/me/sessions", status_code=204)
    async def end_my_other_sessions(who: Agent, request: Request, session: Session) -> None:
        """Sign out everywhere but here."""
        token = access.session_token(request)
        await sessions.end_all(session, who.id or 0, clock.now(), but=token)
        await audit.record(session, who, "session.ended", "agent", who.id, others=True)
        door.identities.forget()

    @routes.delete("/me/sessions/{number}", status_code=204)
    async def end_my_session(number: Id, who: Agent, session: Session) -> None:
        """Sign out of one browser."""
        await sessions.end(session, who.id or 0, number, clock.now())
        await audit.record(session, who, "session.ended", "agent", who.id, session=number)
        door.identities.forget()

    return routes


def _agent_routes(door: Door, settings: Settings) -> APIRouter:
    routes = _routes()

    @routes.get("/agents")
    async def list_agents(_: Reader, session: Session) -> list[AgentView]:
        """Everybody who answers; those whose account was closed last."""
        at = clock.now()
        return [AgentView.of(agent, at) for agent in await accounts.known(session)]

    @routes.post("/agents", status_code=201)
    async def add_agent(who: Writer, body: NewAgentBody, session: Session) -> InvitedView:
        """Somebody new, who chooses a password by the link in the answer."""
        _may_touch(who, body.role)
        agent = await accounts.add(session, **body.model_dump())
        await audit.record(session, who, "agent.added", "agent", agent.id, role=agent.role)
        return InvitedView(
            agent=AgentView.of(agent, clock.now()),
            invitation=await _invited(session, agent, settings),
        )

    @routes.patch("/agents/{agent_id}")
    async def change_agent(
        agent_id: Id, who: Writer, body: AgentBody, session: Session
    ) -> AgentView:
        """Change somebody's account, close it or open it again."""
        changes = body.model_dump(exclude_unset=True)
        _may_touch(who, (await accounts.one(session, agent_id)).role, body.role)
        agent = await accounts.change(session, agent_id, changes, clock.now())
        await audit.record(session, who, "agent.changed", "agent", agent_id, changes=changes)
        await tell(session, Channel.LIVE, f"presence:{agent_id}")
        await tell(session, Channel.QUEUE)
        door.identities.forget()
        return AgentView.of(agent, clock.now())

    return routes


def _invitation_routes(settings: Settings) -> APIRouter:
    routes = _routes()

    @routes.post("/agents/{agent_id}/invitations", status_code=201)
    async def invite_agent(agent_id: Id, who: Writer, session: Session) -> LinkView:
        """A one-time link with which somebody chooses a password, the first or another."""
        agent = await accounts.one(session, agent_id)
        _may_touch(who, agent.role)
        await audit.record(session, who, "agent.invited", "agent", agent_id)
        return await _invited(session, agent, settings)

    return routes


def _key_routes(door: Door) -> APIRouter:
    routes = _routes()

    @routes.get("/keys")
    async def list_keys(_: Admin, session: Session) -> list[KeyView]:
        """Programs' keys, without their secrets."""
        return [KeyView.model_validate(one) for one in await keys.known(session)]

    @routes.post("/keys", status_code=201)
    async def add_key(who: Admin, body: KeyBody, session: Session) -> NewKeyView:
        """A key for a program; its text is shown this once."""
        key, text = await keys.add(session, body.name, body.scopes, who, expires_at=body.expires_at)
        await audit.record(session, who, "key.added", "key", key.id, scopes=key.scopes)
        return NewKeyView(key=KeyView.model_validate(key), text=text)

    @routes.delete("/keys/{number}", status_code=204)
    async def revoke_key(number: Id, who: Admin, session: Session) -> None:
        """Let a key open nothing from now on."""
        await keys.revoke(session, number, clock.now())
        await audit.record(session, who, "key.revoked", "key", number)
        door.identities.forget()

    return routes


def _audit_routes() -> APIRouter:
    routes = _routes()

    @routes.get("/audit")
    async def list_acts(
        _: Admin,
        session: Session,
        *,
        target_kind: Annotated[str | None, Query(max_length=60, pattern=_PLAIN)] = None,
        target_id: Annotated[str | None, Query(max_length=60, pattern=_PLAIN)] = None,
        agent: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
        cursor: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> AuditPage:
        """Who did what, the latest first: to one kind of thing, to one thing, by one person."""
        target = (target_kind, target_id) if target_kind else None
        acts = await audit.page(session, target=target, actor=agent, before=cursor, limit=limit)
        return AuditPage.of(acts, limit)

    return routes


async def _invited(session: Session, agent: Account, settings: Settings) -> LinkView:
    at, last = clock.now(), settings.accounts.invitation
    token = await invitations.invite(session, agent, Purpose.PASSWORD, at=at, last=last)
    return LinkView(link=invitations.link(settings.notify.desk_url, token), expires_at=at + last)


async def _oneself(session: Session, who: Principal) -> Account:
    return await accounts.one(session, who.id or 0)


def _may_touch(who: Principal, *roles: Role) -> None:
    """Keep keys from administrators: one could make itself anything. Raises NotAllowed."""
    if who.kind == "key" and Role.ADMIN in roles:
        raise NotAllowed


def _routes() -> APIRouter:
    return APIRouter(prefix="/api", tags=["agents"])
