"""Live events, and what people tell each other by looking: who is there, who has read what."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict

from sla_service.agents.presence import Attendance
from sla_service.console import asking, news
from sla_service.console.asking import Person, Reader, agent_of
from sla_service.console.live import Live
from sla_service.console.news import Doing
from sla_service.conversations import replying
from sla_service.database.sessions import driver
from sla_service.database.wake import Channel, tell
from sla_service.handoff.holding import ConversationNotFound
from sla_service.web import access
from sla_service.web.asking import Id
from sla_service.web.sessions import Session

_RECONNECT = 2000  # milliseconds a browser waits before it comes back


class LookBody(BaseModel):
    """What somebody does at a conversation."""

    model_config = ConfigDict(extra="forbid")

    doing: Doing


def router() -> APIRouter:
    """The stream, and what it tells of people."""
    routes = asking.routes()
    _add_stream(routes)
    _add_people(routes)
    return routes


def _add_stream(routes: APIRouter) -> None:
    @routes.get("/events", response_class=EventSourceResponse)
    async def stream_events(
        request: Request,
        who: Reader,
        last_event_id: Annotated[str, Header(max_length=60)] = "",
        last: Annotated[str, Query(alias="last_event_id", max_length=60)] = "",
    ) -> AsyncIterator[ServerSentEvent]:
        """What changes: `conversation`, `everything`, `notice`, `offer`, `presence`, `viewing`,
        `counts`. Whoever comes back soon is told what they missed.
        """
        live: Live = request.app.state.live
        attendance: Attendance = request.app.state.attendance
        async with attendance.attending(who):
            async for told in live.changes(agent_of(who), last_event_id or last):
                if not await access.is_still_in(request):
                    return
                for one in told:
                    yield ServerSentEvent(
                        event=one.event, data=one.data, id=one.mark, retry=_RECONNECT
                    )


def _add_people(routes: APIRouter) -> None:
    @routes.post("/conversations/{conversation_id}/viewing", status_code=204)
    async def tell_viewing(
        conversation_id: Id, body: LookBody, person: Person, session: Session
    ) -> None:
        """Let colleagues see that one looks at a conversation, answers it, or has left it."""
        payload = news.looking(conversation_id, person, body.doing)
        await tell(session, Channel.LIVE, payload)

    @routes.post("/conversations/{conversation_id}/reads", status_code=204)
    async def mark_read(conversation_id: Id, person: Person, session: Session) -> None:
        """One has read a conversation as far as it goes now."""
        if not await replying.read(await driver(session), conversation_id, person):
            raise ConversationNotFound(conversation=conversation_id)
        await tell(session, Channel.LIVE, news.has_read(conversation_id, person))
