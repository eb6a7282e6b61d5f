"""What people ask about alerts: notices, teams, webhook endpoints and their deliveries."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from sla_service.notify import endpoints, notices, outgoing, teams
from sla_service.notify.tables import DeliveryState
from sla_service.notify.views import (
    DeliveryPage,
    EndpointBody,
    EndpointView,
    NewEndpointView,
    NoticePage,
    SecretView,
    TeamBody,
    TeamView,
)
from sla_service.settings import Settings
from sla_service.web.access import Principal, Role, Scope, require
from sla_service.web.asking import LARGEST_ID, BadCursor, Id, Limit, Word
from sla_service.web.auditing import Audit
from sla_service.web.sessions import Session

_CURSOR = re.compile(r"(open|done)-(\d{1,18})")

Name = Annotated[str, Path(min_length=1, max_length=60, pattern=r"^[\w.-]+$")]
Reader = Annotated[Principal, Depends(require(Role.AGENT, Scope.NOTICES_READ))]
TeamWriter = Annotated[Principal, Depends(require(Role.ADMIN, Scope.NOTICES_WRITE))]
WebhookWriter = Annotated[Principal, Depends(require(Role.ADMIN, Scope.WEBHOOKS_WRITE))]


def routers(settings: Settings) -> list[APIRouter]:
    """Notices for everybody who answers; the rest for administrators."""
    return [
        _notice_routes(),
        _team_routes(settings),
        _endpoint_routes(settings),
        _delivery_routes(),
    ]


def _notice_routes() -> APIRouter:
    routes = _open_to(Role.AGENT, Scope.NOTICES_READ)

    @routes.get("/notices")
    async def list_notices(
        who: Reader, session: Session, cursor: Word = None, limit: Limit = 50
    ) -> NoticePage:
        """What teams and oneself were told: what waits first, then the rest, newest first."""
        shown = await notices.page(session, after=_after(cursor), limit=limit, reader=who.agent_id)
        return NoticePage.of(shown, limit)

    return routes


def _team_routes(settings: Settings) -> APIRouter:
    routes = _open_to(Role.ADMIN, Scope.NOTICES_WRITE)

    @routes.get("/notify/teams")
    async def list_teams(session: Session) -> list[TeamView]:
        """All teams."""
        return [TeamView.of(team) for team in await teams.known(session)]

    @routes.get("/notify/teams/{name}")
    async def show_team(name: Name, session: Session) -> TeamView:
        """A team; its channels are masked."""
        return TeamView.of(await teams.one(session, name))

    @routes.put("/notify/teams/{name}")
    async def set_team(
        name: Name, body: TeamBody, who: TeamWriter, session: Session, audit: Audit
    ) -> TeamView:
        """Make or change a team."""
        team = await teams.put(session, name, body.wish(), settings.notify)
        await audit(session, who, "team.changed", "team", name, channels=sorted(team.channels))
        return TeamView.of(team)

    @routes.delete("/notify/teams/{name}", status_code=204)
    async def remove_team(name: Name, who: TeamWriter, session: Session, audit: Audit) -> None:
        """Forget a team; what it was told stays."""
        await teams.remove(session, name)
        await audit(session, who, "team.removed", "team", name)

    return routes


def _endpoint_routes(settings: Settings) -> APIRouter:
    routes = _open_to(Role.ADMIN, Scope.WEBHOOKS_WRITE)

    @routes.get("/webhooks/endpoints")
    async def list_endpoints(session: Session) -> list[EndpointView]:
        """All webhook endpoints."""
        return [EndpointView.model_validate(one) for one in await endpoints.known(session)]

    @routes.post("/webhooks/endpoints", status_code=201)
    async def add_endpoint(
        body: EndpointBody, who: WebhookWriter, session: Session, audit: Audit
    ) -> NewEndpointView:
        """A new endpoint; its secret is shown this once."""
        endpoint, secret = await endpoints.add(session, body.url, body.events, settings)
        await audit(session, who, "webhook.added", "webhook", endpoint.id, events=endpoint.events)
        return NewEndpointView.of(endpoint, secret)

    _add_endpoint_acts(routes)
    return routes


def _add_endpoint_acts(routes: APIRouter) -> None:
    @routes.post("/webhooks/endpoints/{endpoint_id}/secrets", status_code=201)
    async def change_endpoint_secret(
        endpoint_id: Id, who: WebhookWriter, session: Session, audit: Audit
    ) -> SecretView:
        """A new secret; it and the last one sign until the next."""
        secret = await endpoints.change_secret(session, endpoint_id)
        await audit(session, who, "webhook.secret_changed", "webhook", endpoint_id)
        return SecretView(secret=secret)

    @routes.post("/webhooks/endpoints/{endpoint_id}/activation")
    async def activate_endpoint(
        endpoint_id: Id, who: WebhookWriter, session: Session, audit: Audit
    ) -> EndpointView:
        """Let a disabled endpoint hear again."""
        endpoint = await endpoints.activate(session, endpoint_id)
        await audit(session, who, "webhook.activated", "webhook", endpoint_id)
        return EndpointView.model_validate(endpoint)

    @routes.delete("/webhooks/endpoints/{endpoint_id}", status_code=204)
    async def remove_endpoint(
        endpoint_id: Id, who: WebhookWriter, session: Session, audit: Audit
    ) -> None:
        """Forget an endpoint and the log of its deliveries."""
        await endpoints.remove(session, endpoint_id)
        await audit(session, who, "webhook.removed", "webhook", endpoint_id)


def _delivery_routes() -> APIRouter:
    routes = _open_to(Role.ADMIN, Scope.WEBHOOKS_WRITE)

    @routes.get("/webhooks/deliveries")
    async def list_deliveries(
        session: Session,
        state: DeliveryState | None = None,
        endpoint: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
        cursor: Word = None,
        limit: Limit = 50,
    ) -> DeliveryPage:
        """The log of webhooks, the newest first."""
        entries = await outgoing.webhooks(
            session, state=state, endpoint=endpoint, after=cursor, limit=limit
        )
        return DeliveryPage.of(entries, limit)

    @routes.post("/webhooks/deliveries/{delivery_id}/replay", status_code=202)
    async def replay_delivery(
        delivery_id: Annotated[str, Path(pattern=r"^msg_\w{1,60}$")],
        who: WebhookWriter,
        session: Session,
        audit: Audit,
    ) -> None:
        """Send a webhook again, under the same id."""
        await outgoing.replay(session, delivery_id)
        await audit(session, who, "delivery.replayed", "delivery", delivery_id)

    return routes


def _after(cursor: str | None) -> tuple[bool, int] | None:
    if not cursor:
        return None
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise BadCursor
    return parts[1] == "done", int(parts[2])


def _open_to(role: Role, scope: Scope) -> APIRouter:
    return APIRouter(
        prefix="/api",
        tags=["notify"],
        dependencies=[Depends(require(role, scope))],
    )
