"""The routes of Meta's Graph API that a support desk uses."""

import asyncio
import hmac
import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.types import Receive, Scope, Send

from simulator import sending, template_news, templates
from simulator.faults import Fault
from simulator.media import Medium, check_upload
from simulator.outside import Outside
from simulator.refusals import GraphError, ServerBrokenError
from simulator.world import Json

_APPROVED_AFTER_SECONDS = 1.0
_HTML_ERROR = (
    "<html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>"
)


class BrokenResponse(Response):
    """An answer that breaks off in the middle, as when a connection is reset."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


def router(outside: Outside) -> APIRouter:
    """Make the routes below /graph/{version}, all behind the bearer token."""

    async def authorised(request: Request, version: str) -> None:
        if not re.fullmatch(r"v\d+\.\d+", version):
            raise GraphError(100, f"Unknown path components: /{version}", subcode=2500)
        check_bearer(outside, request)

    routes = APIRouter(prefix="/graph/{version}", dependencies=[Depends(authorised)])
    _add_message_routes(routes, outside)
    _add_template_routes(routes, outside)
    _add_object_routes(routes, outside)
    return routes


def attachments(outside: Outside) -> APIRouter:
    """Make the route that serves files by URL, outside the Graph's own paths as at Meta."""
    routes = APIRouter()

    @routes.get("/attachments/")
    async def download(request: Request, mid: str = "", ext: str = "", hash: str = "") -> Response:  # noqa: A002
        check_bearer(outside, request)
        medium = outside.shelf.open(mid, ext, hash)
        if medium is None:
            return Response("Not found", status_code=404, media_type="text/plain")
        data = await asyncio.to_thread(outside.shelf.data, medium)
        return Response(data, media_type=medium.mime_type)

    return routes


def check_bearer(outside: Outside, request: Request) -> None:
    """Let the configured token in, nothing else."""
    expected = "Bearer " + outside.settings.access_token.get_secret_value()
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")


def unknown_object(object_id: str, method: str) -> GraphError:
    """Refuse an id that is nothing here."""
    return GraphError(
        100,
        f"Unsupported {method} request. Object with ID '{object_id}' does not exist, cannot be "
        "loaded due to missing permissions, or does not support this operation.",
        subcode=33,
    )


async def refused(_: Request, error: Exception) -> Response:
    """Answer a refusal in Meta's shape, or in none when its server is broken."""
    if isinstance(error, GraphError):
        return JSONResponse(error.body(), status_code=error.status)
    if isinstance(error, ServerBrokenError):
        return HTMLResponse(_HTML_ERROR, status_code=502)
    raise error


def _add_message_routes(routes: APIRouter, outside: Outside) -> None:
    ours = outside.settings.phone_number_id

    @routes.post("/{phone_number_id}/messages")
    async def send(phone_number_id: str, request: Request) -> Response:
        _check_object(phone_number_id, ours, "post")
        body = await _json(request)
        if isinstance(body, dict) and "status" in body:
            return await _mark_read(outside, body)
        answer, fault = await sending.accept(outside, body)
        return await _spoilt(outside, fault, answer)

    @routes.post("/{phone_number_id}/media")
    async def upload(
        phone_number_id: str,
        file: UploadFile,
        messaging_product: Annotated[str | None, Form()] = None,
        kind: Annotated[str | None, Form(alias="type")] = None,
    ) -> Response:
        _check_object(phone_number_id, ours, "post")
        fault = _trouble(outside, "media")
        if messaging_product != "whatsapp":
            raise GraphError(100, "The parameter messaging_product is required.")
        data = await file.read()
        mime_type = kind or file.content_type or "application/octet-stream"
        check_upload(data, mime_type)
        medium = outside.shelf.put(data, mime_type, filename=file.filename, is_from_shopper=False)
        outside.world.note({"kind": "media", "id": medium.id, "body": {"type": mime_type}})
        return await _spoilt(outside, fault, {"id": medium.id})


def _add_template_routes(routes: APIRouter, outside: Outside) -> None:
    ours = outside.settings.waba_id

    @routes.get("/{waba_id}/message_templates")
    async def list_templates(
        waba_id: str,
        *,
        name: str | None = None,
        language: str | None = None,
        status: str | None = None,
        limit: int = 25,
    ) -> Json:
        _check_object(waba_id, ours, "get")
        wanted = {"name": name, "language": language, "status": status}
        found = [
            one
            for one in outside.world.templates
            if all(value is None or one[key] == value for key, value in wanted.items())
        ]
        return {"data": found[:limit], "paging": {"cursors": {"before": "MA", "after": "MQ"}}}

    @routes.post("/{waba_id}/message_templates")
    async def create_template(waba_id: str, request: Request) -> Json:
        _check_object(waba_id, ours, "post")
        template = templates.create(outside.world.templates, await _json(request))
        answer = {key: template[key] for key in ("id", "status", "category")}
        _approve(outside, template)
        return answer


def _add_object_routes(routes: APIRouter, outside: Outside) -> None:
    @routes.get("/{object_id}")
    async def read(object_id: str, fields: str | None = None) -> Response:
        if object_id == outside.settings.phone_number_id:
            return JSONResponse(_chosen(_phone_number(outside), fields))
        fault = _trouble(outside, "media")
        medium = _medium(outside, object_id, "get")
        answer = {
            "messaging_product": "whatsapp",
            "url": outside.shelf.url(medium),
            "mime_type": medium.mime_type,
            "sha256": medium.sha256_hex,
            "file_size": str(medium.size),
            "id": medium.id,
        }
        return await _spoilt(outside, fault, answer)

    @routes.delete("/{media_id}")
    async def delete(media_id: str) -> Json:
        outside.shelf.remove(_medium(outside, media_id, "delete"))
        outside.world.touch()
        return {"success": True}


def _medium(outside: Outside, media_id: str, method: str) -> Medium:
    medium = outside.shelf.get(media_id)
    if medium is None:
        raise unknown_object(media_id, method)
    return medium


def _check_object(object_id: str, ours: str, method: str) -> None:
    if object_id != ours:
        raise unknown_object(object_id, method)


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError:
        raise GraphError(100, "The request body is not valid JSON.") from None


async def _mark_read(outside: Outside, body: Json) -> Response:
    if body["status"] != "read":
        raise GraphError(100, "Param status must be one of {READ}.")
    fault = _trouble(outside, "read")
    return await _spoilt(outside, fault, sending.mark_read(outside, body))


def _trouble(outside: Outside, on: str) -> Fault | None:
    """Take the next fault of a kind of request; those with a code are raised at once."""
    fault = outside.faults.take(on)
    refusal = fault.refusal() if fault is not None else None
    if refusal is not None:
        raise refusal
    if fault is not None and fault.kind == "server_error":
        raise ServerBrokenError
    return fault


async def _spoilt(outside: Outside, fault: Fault | None, answer: Json) -> Response:
    if fault is not None and fault.kind == "reset_after_accept":
        return BrokenResponse()
    if fault is not None and fault.kind == "timeout_after_accept":
        await sending.hang(outside, fault.seconds)
    return JSONResponse(answer)


def _phone_number(outside: Outside) -> Json:
    settings = outside.settings
    return {
        "id": settings.phone_number_id,
        "verified_name": settings.business_name,
        "display_phone_number": f"+{settings.display_phone_number}",
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
    }


def _chosen(whole: Json, fields: str | None) -> Json:
    if fields is None:
        return whole
    names = {"id", *fields.split(",")}
    return {name: value for name, value in whole.items() if name in names}


def _approve(outside: Outside, template: Json) -> None:
    """Approve a new template a moment later, and say so by webhook."""
    template["status"] = "APPROVED"
    at = outside.now() + _APPROVED_AFTER_SECONDS
    template_news.tell_status(outside, template, at=at)
