"""Notes and things to do, of a ticket and one's own, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

from sla_service import clock
from sla_service.tickets import action_items, notes
from sla_service.tickets.views import (
    ActionItemBody,
    ActionItemView,
    NewActionItemBody,
    NoteBody,
    NoteView,
    OwnActionItemView,
)
from sla_service.web.access import Agent, Principal, Role, Scope, require
from sla_service.web.asking import Id
from sla_service.web.sessions import Session

Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
Reader = Annotated[Principal, Depends(require(Role.AGENT, Scope.TICKETS_READ))]
Writer = Annotated[Principal, Depends(require(Role.AGENT, Scope.TICKETS_WRITE))]


def router() -> APIRouter:
    """Everybody who answers reads and writes."""
    routes = APIRouter(prefix="/api", tags=["tickets"])
    _add_notes(routes)
    _add_action_items(routes)
    return routes


def _add_notes(routes: APIRouter) -> None:
    @routes.get("/tickets/{number}/notes")
    async def list_notes(number: Id, _: Reader, session: Session) -> list[NoteView]:
        """What people told each other about a ticket, in its order."""
        return [NoteView.of(one) for one in await notes.of(session, number)]

    @routes.post("/tickets/{number}/notes", status_code=201)
    async def add_note(
        number: Id, who: Writer, body: NoteBody, session: Session, key: Key = None
    ) -> NoteView:
        """Write a note; whoever it mentions is told."""
        written = await notes.add(
            session, who, number, body.text, mentions=body.mentions, key=key, at=clock.now()
        )
        return NoteView.of(written)


def _add_action_items(routes: APIRouter) -> None:
    @routes.get("/tickets/{number}/action-items")
    async def list_action_items(number: Id, _: Reader, session: Session) -> list[ActionItemView]:
        """What is and was to be done for a ticket."""
        return [ActionItemView.of(one) for one in await action_items.of(session, number)]

    @routes.post("/tickets/{number}/action-items", status_code=201)
    async def add_action_item(
        number: Id, who: Writer, body: NewActionItemBody, session: Session, key: Key = None
    ) -> ActionItemView:
        """Write down something to do."""
        item = await action_items.add(
            session, who, number, body.text, owner_id=body.owner, due_at=body.due_at, key=key
        )
        return ActionItemView.of(item)

    @routes.patch("/tickets/{number}/action-items/{item_id}")
    async def change_action_item(
        number: Id, item_id: Id, who: Writer, body: ActionItemBody, session: Session
    ) -> ActionItemView:
        """Change something to do, or say that it is done."""
        item = await action_items.change(
            session, who, number, item_id, body.wanted(), at=clock.now()
        )
        return ActionItemView.of(item)

    @routes.get("/me/action-items")
    async def list_own_action_items(
        who: Agent, session: Session, limit: Annotated[int, Query(ge=1, le=200)] = 100
    ) -> list[OwnActionItemView]:
        """What one has still to do oneself, what is due first on top."""
        found = await action_items.open_of(session, who.agent_id or 0, limit)
        return [
            OwnActionItemView(**ActionItemView.of(item).model_dump(), ticket=number)
            for item, number in found
        ]
