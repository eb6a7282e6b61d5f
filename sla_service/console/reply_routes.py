"""What agents say: replies, the files they attach, and templates."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from sla_service.console import asking, threads
from sla_service.console.asking import Key, Person, Reader, database_of
from sla_service.console.replies import Replies, Say
from sla_service.console.templates import Templates, Wanted
from sla_service.console.views import MessageView
from sla_service.conversations import uploads
from sla_service.conversations.media_store import MediaStore
from sla_service.database.sessions import Database
from sla_service.settings import Settings
from sla_service.web import access
from sla_service.web.asking import Id
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.registry import Registered
from sla_service.whatsapp.templates import Template

_ANY_FILE = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
_LONGEST = 20_000  # characters: what is longer than the channel's limit goes out in parts


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TemplateBody(_Body):
    """A template, and what it leaves open by the keys under which it is listed."""

    name: str = Field(max_length=512)
    language: str = Field(max_length=20)
    values: dict[str, str] = {}


class ReplyBody(_Body):
    """What a contact is to read: a text, a file with or without one, or a template."""

    kind: Literal["reply"] = "reply"
    text: str = Field("", max_length=_LONGEST)
    canned: int | None = None
    media: str | None = Field(None, max_length=100)
    """The id of an upload."""
    template: TemplateBody | None = None

    def as_said(self) -> Say:
        """The same without its form."""
        form = self.template
        template = None if form is None else Wanted(form.name, form.language, form.values)
        return Say(text=self.text, upload=self.media, template=template, canned=self.canned)


class UploadView(BaseModel):
    """A file that is ready to be sent."""

    id: str
    filename: str
    mime_type: str
    size: int


class HoleView(BaseModel):
    """Something a template leaves open: the key of its value, and where it stands."""

    key: str
    part: str
    example: str | None


class TemplateView(BaseModel):
    """An approved template."""

    name: str
    language: str
    category: str
    header: str
    body: str
    footer: str
    buttons: list[str]
    holes: list[HoleView]

    @classmethod
    def of(cls, template: Template) -> "TemplateView":
        """A template as the API shows it."""
        return cls(
            name=template.name,
            language=template.language,
            category=template.category,
            header=template.header,
            body=template.body,
            footer=template.footer,
            buttons=[one.text for one in template.buttons],
            holes=[
                HoleView(key=one.key, part=one.part, example=one.example) for one in template.holes
            ],
        )


class TemplateStateView(BaseModel):
    """What WhatsApp last told of a template."""

    name: str
    language: str
    category: str
    status: str
    """APPROVED, PAUSED, DISABLED, REJECTED, … in WhatsApp's words."""
    quality: str | None
    reason: str | None
    body: str
    is_usable: bool
    """Approved, and nothing but texts are to be filled in."""
    updated_at: datetime

    @classmethod
    def of(cls, one: Registered) -> "TemplateStateView":
        """A template as the API shows it."""
        return cls(
            name=one.name,
            language=one.language,
            category=one.category,
            status=one.status,
            quality=one.quality,
            reason=one.reason,
            body=one.body,
            is_usable=one.is_usable,
            updated_at=one.updated_at,
        )


def routers(settings: Settings, database: Database) -> list[APIRouter]:
    """Replies, uploads and templates."""
    graph = GraphClient(settings.whatsapp)
    templates = Templates(database, graph, settings.whatsapp)
    replies = Replies(database, graph, templates, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await templates.close()
        await graph.close()

    return [
        APIRouter(lifespan=lifespan),
        _reply_routes(replies),
        _upload_routes(settings),
        _template_routes(templates),
    ]


def _reply_routes(replies: Replies) -> APIRouter:
    routes = asking.routes()

    @routes.post("/conversations/{conversation_id}/messages", status_code=202)
    async def reply(
        conversation_id: Id, body: ReplyBody, key: Key, who: access.Agent, _: Person
    ) -> MessageView:
        """Answer the contact; under the same key, it is the same message."""
        message_id = await replies.say(who, conversation_id, key, body.as_said())
        async with replies.database.transaction() as session:
            return await threads.one(session, conversation_id, message_id)

    return routes


def _upload_routes(settings: Settings) -> APIRouter:
    routes = asking.routes()
    store = MediaStore(settings.media.folder)

    @routes.post("/uploads", status_code=201, openapi_extra={"requestBody": _ANY_FILE})
    async def upload_file(
        request: Request,
        person: Person,
        filename: Annotated[str, Query(max_length=300)] = "",
        mime: Annotated[str | None, Query(alias="type", max_length=100)] = None,
    ) -> UploadView:
        """Bring a file, as the body; it is sent by naming its id in a reply."""
        brought = await uploads.bring(
            store,
            request.stream(),
            filename=filename,
            declared=mime or request.headers.get("content-type"),
            most=settings.media.largest,
        )
        async with database_of(request).transaction() as session:
            upload = await uploads.add(session, person, brought)
            return UploadView(
                id=upload.id, filename=upload.filename, mime_type=upload.mime, size=upload.size
            )

    return routes


def _template_routes(templates: Templates) -> APIRouter:
    routes = asking.routes()

    @routes.get("/templates")
    async def list_templates(_: Reader) -> list[TemplateView]:
        """Approved templates that agents can send."""
        return [TemplateView.of(one) for one in await templates.known()]

    @routes.get("/template-registry")
    async def list_template_states(_: Reader) -> list[TemplateStateView]:
        """All templates of the account, and whether WhatsApp lets them be sent."""
        return [TemplateStateView.of(one) for one in await templates.all_of_them()]

    return routes
