"""What people ask about notices: who was told what, who wasn't and why, and what can't be read."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from sla_service.agents import audit
from sla_service.database.sessions import driver
from sla_service.proactive import events, views
from sla_service.proactive.tables import NoticeState
from sla_service.proactive.views import NoticePage, ParkedView
from sla_service.web.access import Principal, Role, Scope, require
from sla_service.web.asking import LARGEST_ID, Id, Limit
from sla_service.web.sessions import Session

Keeper = Annotated[Principal, Depends(require(Role.ADMIN, Scope.WEBHOOKS_WRITE))]


def routers() -> list[APIRouter]:
    """Notices for everybody who answers; parked events for whoever keeps the desk running."""
    return [_notice_routes(), _event_routes()]


def _notice_routes() -> APIRouter:
    readers = Depends(require(Role.AGENT, Scope.CONVERSATIONS_READ))
    routes = APIRouter(prefix="/api", tags=["order notices"], dependencies=[readers])

    @routes.get("/order-notices")
    async def list_order_notices(
        session: Session,
        conversation: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
        state: NoticeState | None = None,
        before: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
        limit: Limit = 50,
    ) -> NoticePage:
        """What shoppers were told of their orders, or why not, the latest first."""
        return await views.page(
            session, conversation=conversation, state=state, before=before, limit=limit
        )

    return routes


def _event_routes() -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["order notices"])

    @routes.get("/order-events/parked")
    async def list_parked_events(
        session: Session, _: Keeper, limit: Limit = 100
    ) -> list[ParkedView]:
        """Order events that can't be read, or failed again and again, the oldest first."""
        found = await events.parked(await driver(session), limit)
        return [ParkedView.of(one) for one in found]

    @routes.post("/order-events/{number}/replay", status_code=204)
    async def replay_event(number: Id, session: Session, who: Keeper) -> Response:
        """Try a parked event again."""
        connection = await driver(session)
        await events.replay(connection, number)
        await audit.record(connection, who, "order_event.replayed", "order_event", number)
        return Response(status_code=204)

    return routes
