"""All that is asked of tickets over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI

from sla_service import clock
from sla_service.tickets import acknowledging, canned_routes, note_routes, showing, ticket_routes
from sla_service.web.access import Principal, Role, Scope, require
from sla_service.web.asking import Id
from sla_service.web.sessions import Session

Reader = Annotated[Principal, Depends(require(Role.AGENT, Scope.NOTICES_WRITE))]


def install(app: FastAPI) -> None:
    """Tell rooms below by which numbers people know tickets."""
    app.state.ticket_numbers = showing.numbers


def routers() -> list[APIRouter]:
    """Tickets, their notes and things to do, ready answers, and alerts that are taken notice of."""
    tickets = [some.router() for some in (ticket_routes, note_routes, canned_routes)]
    return [*tickets, _notice_routes()]


def _notice_routes() -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["notify"])

    @routes.post("/notices/{notice_id}/acknowledgement", status_code=204)
    async def acknowledge_notice(notice_id: Id, who: Reader, session: Session) -> None:
        """Take notice of an alert; it rings no further."""
        await acknowledging.acknowledge(session, who, notice_id, clock.now())

    return routes
