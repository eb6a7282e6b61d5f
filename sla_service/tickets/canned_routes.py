"""Ready answers over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from sla_service.tickets import canned, placeholders
from sla_service.tickets.views import (
    CannedReplyBody,
    CannedReplyView,
    NewCannedReplyBody,
    RenderedView,
)
from sla_service.web.access import Principal, Role, Scope, require
from sla_service.web.asking import LARGEST_ID, Id
from sla_service.web.sessions import Session

Reader = Annotated[Principal, Depends(require(Role.AGENT, Scope.TICKETS_READ))]
Writer = Annotated[Principal, Depends(require(Role.SUPERVISOR, Scope.TICKETS_WRITE))]


def router() -> APIRouter:
    """Everybody who answers uses them; supervisors write them."""
    routes = APIRouter(prefix="/api", tags=["tickets"])
    _add_reading(routes)
    _add_writing(routes)
    return routes


def _add_reading(routes: APIRouter) -> None:
    @routes.get("/canned-replies")
    async def list_canned_replies(_: Reader, session: Session) -> list[CannedReplyView]:
        """All ready answers, by their shortcuts."""
        return [CannedReplyView.model_validate(one) for one in await canned.known(session)]

    @routes.get("/canned-replies/placeholders")
    async def list_placeholders(_: Reader) -> list[str]:
        """What may stand in double braces in a ready answer."""
        return list(placeholders.KNOWN)

    @routes.get("/canned-replies/{reply_id}/rendering")
    async def render_canned_reply(
        reply_id: Id,
        who: Reader,
        session: Session,
        *,
        conversation: Annotated[int, Query(ge=1, le=LARGEST_ID)],
        language: Literal["pt", "en"] | None = None,
        order: Annotated[str | None, Query(max_length=40)] = None,
    ) -> RenderedView:
        """A ready answer as it would be sent in a conversation, in its contact's language."""
        spoken, filled = await canned.render(
            session, who, reply_id, conversation, language=language, order=order
        )
        return RenderedView(language=spoken, text=filled.text, missing=list(filled.missing))


def _add_writing(routes: APIRouter) -> None:
    @routes.post("/canned-replies", status_code=201)
    async def add_canned_reply(
        who: Writer, body: NewCannedReplyBody, session: Session
    ) -> CannedReplyView:
        """Keep a new ready answer."""
        reply = await canned.add(session, who, body.model_dump())
        return CannedReplyView.model_validate(reply)

    @routes.patch("/canned-replies/{reply_id}")
    async def change_canned_reply(
        reply_id: Id, who: Writer, body: CannedReplyBody, session: Session
    ) -> CannedReplyView:
        """Change a ready answer."""
        wanted = body.model_dump(exclude_unset=True)
        reply = await canned.change(session, who, reply_id, wanted)
        return CannedReplyView.model_validate(reply)

    @routes.delete("/canned-replies/{reply_id}", status_code=204)
    async def remove_canned_reply(reply_id: Id, who: Writer, session: Session) -> None:
        """Forget a ready answer."""
        await canned.remove(session, who, reply_id)
