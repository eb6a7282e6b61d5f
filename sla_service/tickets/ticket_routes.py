"""Tickets over HTTP: one as it stands, what people do with it, and why its clocks stand there."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from sla_service.tickets import handling, merging, reasons, showing
from sla_service.tickets.handling import Change
from sla_service.tickets.views import ClocksView, MergeBody, StatusBody, TicketBody, TicketView
from sla_service.web.access import Principal, Role, Scope, require
from sla_service.web.asking import LARGEST_ID
from sla_service.web.sessions import Session

_TIME_ZONE = "America/Sao_Paulo"

Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Reader = Annotated[Principal, Depends(require(Role.AGENT, Scope.TICKETS_READ))]
Writer = Annotated[Principal, Depends(require(Role.AGENT, Scope.TICKETS_WRITE))]


def router() -> APIRouter:
    """Everybody who answers reads and acts."""
    routes = APIRouter(prefix="/api", tags=["tickets"])
    _add_reading(routes)
    _add_acts(routes)
    _add_clocks(routes)
    return routes


def _add_reading(routes: APIRouter) -> None:
    @routes.get("/tickets/{number}")
    async def show_ticket(number: Number, _: Reader, session: Session) -> TicketView:
        """A ticket as it stands."""
        return TicketView.of(await showing.one(session, number))

    @routes.get("/conversations/{conversation_id}/tickets")
    async def list_tickets(
        conversation_id: Number,
        _: Reader,
        session: Session,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> list[TicketView]:
        """A conversation's tickets, the newest first."""
        found = await showing.of_conversation(session, conversation_id, limit)
        return [TicketView.of(row) for row in found]

    @routes.get("/tags")
    async def list_tags(
        _: Reader, session: Session, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> list[str]:
        """Tags that are in use, the most used first."""
        return await showing.tags(session, limit)


def _add_acts(routes: APIRouter) -> None:
    @routes.patch("/tickets/{number}")
    async def change_ticket(
        number: Number, who: Writer, body: TicketBody, session: Session
    ) -> TicketView:
        """Change a ticket's subject, priority or tags."""
        wanted = Change(body.subject, body.priority, body.tags)
        await handling.change(session, who, number, wanted)
        return await _shown(session, number)

    @routes.put("/tickets/{number}/status")
    async def put_status(
        number: Number, who: Writer, body: StatusBody, session: Session
    ) -> TicketView:
        """Say for whom an open ticket waits."""
        await handling.put_status(session, who, number, body.status)
        return await _shown(session, number)

    @routes.delete("/tickets/{number}/resolution")
    async def reopen_ticket(number: Number, who: Writer, session: Session) -> TicketView:
        """It is not solved after all."""
        await handling.reopen(session, who, number)
        return await _shown(session, number)

    @routes.post("/tickets/{number}/merge")
    async def merge_ticket(
        number: Number, who: Writer, body: MergeBody, session: Session
    ) -> TicketView:
        """Make a ticket a part of another of the same conversation, which is the answer."""
        await merging.merge(session, who, number, body.into)
        return await _shown(session, body.into)


def _add_clocks(routes: APIRouter) -> None:
    @routes.get("/tickets/{number}/clocks", response_model=ClocksView)
    async def explain_clocks(
        number: Number,
        who: Reader,
        session: Session,
        *,
        shape: Annotated[Literal["json", "text"], Query(alias="as")] = "json",
        language: Literal["pt", "en"] | None = None,
        time_zone: Annotated[str, Query(max_length=60)] = _TIME_ZONE,
    ) -> Any:
        """Every start, pause and stop of a ticket's clocks with its cause, or that as text."""
        explained = await reasons.explain(session, number)
        if shape == "text":
            spoken = language or ("en" if who.language == "en" else "pt")
            text = explained.as_text(spoken, time_zone)
            return Response(text, media_type="text/plain; charset=utf-8")
        return ClocksView.of(explained)


async def _shown(session: Session, number: int) -> TicketView:
    await session.flush()
    return TicketView.of(await showing.one(session, number))
