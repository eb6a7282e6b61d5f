"""The phone in the browser: its page, what it shows and what people do on it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from simulator import inbound, statuses, voice
from simulator.media import bare_type
from simulator.outside import Outside
from simulator.shoppers import Shopper, digits, new_user_id
from simulator.world import Json

PAGE = Path(__file__).parent / "phone"
_LARGEST_FILE = 100 * 1024 * 1024
_SHOWN_MESSAGES = 300
_SHOWN_INLINE = ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/", "video/")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "media-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)


class WrittenMessage(BaseModel):
    """What a shopper sends: a message type and the wire object of that type."""

    model_config = ConfigDict(extra="forbid")

    type: Literal[
        "text",
        "interactive",
        "button",
        "reaction",
        "location",
        "contacts",
        "order",
        "unsupported",
        "edit",
        "revoke",
    ]
    content: Any
    reply_to: str | None = None


class NewShopper(BaseModel):
    """Somebody new with a phone; without a number only a username is known to the shop."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=100)
    number: str | None = None
    username: str | None = Field(default=None, max_length=35)
    language: Literal["pt", "en"] = "pt"


def router(outside: Outside) -> APIRouter:
    """Make the routes below /phone."""
    routes = APIRouter(prefix="/phone")
    _add_page_routes(routes)
    _add_reading_routes(routes, outside)
    _add_writing_routes(routes, outside)
    _add_file_routes(routes, outside)
    _add_shopper_routes(routes, outside)
    return routes


def _add_page_routes(routes: APIRouter) -> None:
    @routes.get("", include_in_schema=False)
    @routes.get("/", include_in_schema=False)
    async def page() -> Response:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return FileResponse(PAGE / "index.html", headers=headers)


def _add_reading_routes(routes: APIRouter, outside: Outside) -> None:
    world = outside.world

    @routes.get("/api/state")
    async def state() -> Response:
        return _json(
            {
                "business": outside.settings.business_name,
                "shoppers": [_summary(outside, one) for one in world.shoppers.values()],
            }
        )

    @routes.get("/api/chats/{key}")
    async def chat(key: str) -> Response:
        shopper = _known(outside, key)
        return _json({"messages": world.chats[shopper.key][-_SHOWN_MESSAGES:]})

    @routes.get("/api/media/{media_id}")
    async def media(media_id: str) -> Response:
        medium = outside.shelf.get(media_id)
        if medium is None:
            raise HTTPException(404, "No such file.")
        inline = bare_type(medium.mime_type).startswith(_SHOWN_INLINE)
        headers = {
            "Content-Disposition": "inline" if inline else "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
        }
        return Response(outside.shelf.data(medium), media_type=medium.mime_type, headers=headers)

    @routes.get("/api/events")
    async def events() -> StreamingResponse:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(outside), media_type="text/event-stream", headers=headers)


def _add_writing_routes(routes: APIRouter, outside: Outside) -> None:
    @routes.post("/api/chats/{key}/messages", status_code=201)
    async def write(key: str, written: WrittenMessage) -> Json:
        shopper = _known(outside, key)
        given: Json | None = None
        content = written.content
        if written.type == "unsupported":
            given = {"errors": [_UNSUPPORTED]}
        return {
            "id": inbound.say(
                outside, shopper, written.type, content, reply_to=written.reply_to, given=given
            )
        }

    @routes.post("/api/chats/{key}/read")
    async def read(key: str) -> Json:
        return {"read": statuses.report_read(outside, _known(outside, key))}


def _add_file_routes(routes: APIRouter, outside: Outside) -> None:
    @routes.post("/api/chats/{key}/media", status_code=201)
    async def attach(
        key: str,
        request: Request,
        file: UploadFile,
        *,
        caption: Annotated[str, Form()] = "",
        reply_to: Annotated[str | None, Form()] = None,
        is_voice: Annotated[bool, Form()] = False,
    ) -> Json:
        shopper = _known(outside, key)
        if int(request.headers.get("content-length", "0")) > _LARGEST_FILE:
            raise HTTPException(413, "The file is too large.")
        medium = outside.shelf.put(
            await file.read(),
            file.content_type or "application/octet-stream",
            filename=None if is_voice else file.filename,
            is_from_shopper=True,
        )
        kind, content = inbound.media_content(outside, medium.id, caption=caption or None)
        return {"id": inbound.say(outside, shopper, kind, content, reply_to=reply_to)}

    @routes.post("/api/chats/{key}/voice-sample", status_code=201)
    async def speak(key: str) -> Json:
        """Send a short recording, for when there is no microphone."""
        shopper = _known(outside, key)
        medium = outside.shelf.put(
            voice.sample(), "audio/ogg; codecs=opus", filename=None, is_from_shopper=True
        )
        kind, content = inbound.media_content(outside, medium.id, caption=None)
        return {"id": inbound.say(outside, shopper, kind, content)}


def _add_shopper_routes(routes: APIRouter, outside: Outside) -> None:
    @routes.post("/api/shoppers", status_code=201)
    async def welcome(wanted: NewShopper) -> Json:
        number = digits(wanted.number) if wanted.number else None
        if number is not None and not 8 <= len(number) <= 15:
            raise HTTPException(422, "number")
        if number is None and not wanted.username:
            raise HTTPException(422, "number")
        if number is not None and outside.world.find(number) is not None:
            raise HTTPException(409, "number")
        user_id = new_user_id(wanted.language)
        shopper = Shopper(
            key=user_id,
            name=wanted.name,
            language=wanted.language,
            wa_id=number,
            user_id=user_id,
            username=wanted.username or None,
            group="made",
        )
        outside.world.adopt(shopper)
        return {"key": shopper.key}


_UNSUPPORTED: Json = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}


def _known(outside: Outside, key: str) -> Shopper:
    shopper = outside.world.shoppers.get(key)
    if shopper is None:
        raise HTTPException(404, "No such shopper.")
    return shopper


def _summary(outside: Outside, shopper: Shopper) -> Json:
    chat = outside.world.chats[shopper.key]
    return {
        "key": shopper.key,
        "name": shopper.name,
        "language": shopper.language,
        "address": shopper.address,
        "wa_id": shopper.wa_id,
        "number": shopper.wa_id or shopper.private_number,
        "username": shopper.username,
        "unread": shopper.unread,
        "group": shopper.group,
        "last": chat[-1] if chat else None,
    }


async def _stream(outside: Outside) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    async for event in outside.world.feed.listen():
        yield b": still here\n\n" if event is None else b"data: " + orjson.dumps(event) + b"\n\n"


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
