"""What the console asks for: conversations, threads, live events, stopped accounts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.routing import APIRoute
from fastapi.sse import EventSourceResponse, ServerSentEvent

from sla_service.console import conversations, page_routes, threads
from sla_service.console.conversations import Holder
from sla_service.console.cursors import Cursor
from sla_service.console.live import Live
from sla_service.console.views import (
    ConversationPage,
    ConversationView,
    StoppedAccountView,
    ThreadPage,
)
from sla_service.settings import Settings
from sla_service.web.access import PersonOnly
from sla_service.web.sessions import Session
from sla_service.whatsapp import accounts

_LARGEST_ID = 2**63 - 1
_RECONNECT = 2000  # milliseconds a browser waits before it comes back

Id = Annotated[int, Path(ge=1, le=_LARGEST_ID)]
Limit = Annotated[int, Query(ge=1, le=200)]
Word = Annotated[str | None, Query(max_length=60)]


def router(settings: Settings) -> APIRouter:
    """The console's page and what it asks for."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.live = Live(settings.server_url())
        app.state.live.start()
        yield
        await app.state.live.stop()

    routes = APIRouter(lifespan=lifespan)
    routes.include_router(page_routes.router(settings))
    routes.include_router(_conversation_routes())
    routes.include_router(_desk_routes())
    return routes


def _conversation_routes() -> APIRouter:
    routes = _for_people()

    @routes.get("/conversations")
    async def list_conversations(
        session: Session,
        owner: Holder | None = None,
        q: Annotated[str, Query(max_length=100)] = "",
        cursor: Word = None,
        limit: Limit = 50,
    ) -> ConversationPage:
        """Conversations, the newest activity first."""
        after = Cursor.read(cursor)
        return await conversations.page(session, owner=owner, query=q, after=after, limit=limit)

    @routes.get("/conversations/{conversation_id}")
    async def show_conversation(conversation_id: Id, session: Session) -> ConversationView:
        """One conversation, as the list shows it."""
        return await conversations.one(session, conversation_id)

    @routes.get("/conversations/{conversation_id}/messages")
    async def show_thread(
        conversation_id: Id, session: Session, before: Word = None, limit: Limit = 50
    ) -> ThreadPage:
        """A stretch of a thread, the newest unless `before` says otherwise."""
        return await threads.page(session, conversation_id, before=Cursor.read(before), limit=limit)

    return routes


def _desk_routes() -> APIRouter:
    routes = _for_people()

    @routes.get("/accounts/stopped")
    async def list_stopped_accounts(session: Session) -> list[StoppedAccountView]:
        """Business numbers that send nothing until a person resumes them."""
        return [
            StoppedAccountView(
                phone_number_id=account.phone_number_id,
                stopped_at=account.stopped_at,
                reason=account.stop_reason,
            )
            for account in await accounts.stopped(session)
            if account.stopped_at is not None
        ]

    @routes.get("/events", response_class=EventSourceResponse)
    async def stream_events(request: Request) -> AsyncIterator[ServerSentEvent]:
        """`conversation` with its id when one changed; `everything` when any may have."""
        live: Live = request.app.state.live
        async for changed in live.changes():
            if changed.everything:
                yield ServerSentEvent(event="everything", data={}, retry=_RECONNECT)
            for conversation_id in changed.conversations:
                yield ServerSentEvent(event="conversation", data={"id": conversation_id})

    return routes


def _for_people() -> APIRouter:
    return APIRouter(
        prefix="/api",
        tags=["console"],
        dependencies=[PersonOnly],
        generate_unique_id_function=_name,
    )


def _name(route: APIRoute) -> str:
    return route.name
