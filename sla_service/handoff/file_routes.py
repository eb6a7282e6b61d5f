"""Files that the bot brings for a contact: kept, handed to the channel, and named in a reply."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from pydantic import BaseModel
from sqlalchemy import select

from sla_service import clock
from sla_service.conversations import uploads
from sla_service.conversations.media_store import MediaStore
from sla_service.conversations.tables import Conversation
from sla_service.conversations.uploads import Brought
from sla_service.database.sessions import Database
from sla_service.errors import DomainError
from sla_service.handoff.holding import ConversationNotFound
from sla_service.settings import Settings
from sla_service.web.access import Role, require
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.failures import Failure, FailureClass

_BOT = Depends(require(Role.SERVICE))
_ANY_FILE = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


class ChannelTookNoFile(DomainError):
    """WhatsApp did not take the file just now."""

    status = 503


class ChannelRefusesFile(DomainError):
    """WhatsApp does not take this file."""

    status = 422


class FileAnswer(BaseModel):
    """What a reply calls the file: as its `attachment`, or as its `image`."""

    file: str


def router(settings: Settings) -> APIRouter:
    """The route for the bot's actions."""
    graph = GraphClient(settings.whatsapp)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await graph.close()

    routes = APIRouter(prefix="/api", tags=["handoff"], lifespan=lifespan)
    store = MediaStore(settings.media.folder)

    @routes.post(
        "/conversations/{conversation_id}/files",
        dependencies=[_BOT],
        openapi_extra={"requestBody": _ANY_FILE},
    )
    async def bring_file(
        conversation_id: int,
        request: Request,
        filename: Annotated[str, Query(max_length=300)] = "",
    ) -> FileAnswer:
        """Bring a file, as the body; the answer is what a reply calls it."""
        database: Database = request.app.state.database
        number = await _number(database, conversation_id)
        brought = await uploads.bring(
            store,
            request.stream(),
            filename=filename,
            declared=request.headers.get("content-type"),
            most=settings.media.largest,
        )
        media_id = await _handed(graph, store, brought, number)
        async with database.transaction() as session:
            upload = await uploads.add(session, None, brought)
            upload.number, upload.media_id, upload.handed_at = number, media_id, clock.now()
            return FileAnswer(file=f"upload:{upload.id}")

    return routes


async def _handed(graph: GraphClient, store: MediaStore, brought: Brought, number: str) -> str:
    """What the channel calls the file. Raises ChannelTookNoFile, ChannelRefusesFile."""
    path = store.path(brought.kept.sha256)
    try:
        return await graph.hand_file(number, path, brought.filename, brought.mime)
    except Failure as failure:
        is_no = failure.kind is FailureClass.PERMANENT
        refused: type[DomainError] = ChannelRefusesFile if is_no else ChannelTookNoFile
        raise refused(code=failure.code) from failure


async def _number(database: Database, conversation_id: int) -> str:
    async with database.transaction() as session:
        query = select(Conversation.phone_number_id).where(Conversation.id == conversation_id)
        number: str | None = await session.scalar(query)
    if number is None:
        raise ConversationNotFound(conversation=conversation_id)
    return number
