"""Every refusal leaves as an RFC 9457 problem document."""

from typing import Any

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException

from sla_service.errors import DomainError

_log = structlog.get_logger()
_MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """Why something was refused; what else there is to say of it stands beside."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int


DESCRIBED: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Refused",
        "content": {_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""How the API's description speaks of every refusal."""


class Api(FastAPI):
    """An application whose description says what a problem is."""

    def openapi(self) -> dict[str, Any]:
        """The description; every route's refusals refer to the one form of them."""
        document: dict[str, Any] = super().openapi()
        document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = (
            Problem.model_json_schema()
        )
        return document


def install(app: FastAPI) -> None:
    """Turn refusals, unstorable values and a database that is away into problems."""
    app.add_exception_handler(DomainError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in (DataError, psycopg.DataError):
        app.add_exception_handler(kind, _unstorable)
    for away in (OperationalError, InterfaceError, psycopg.OperationalError):
        app.add_exception_handler(away, _away)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)  # noqa: S101 - registered for this type alone
    body = {"type": error.code, "title": error.title, "status": error.status, **error.details}
    after = error.details.get("retry_after")
    headers = None if after is None else {"Retry-After": str(after)}
    return JSONResponse(body, error.status, headers, media_type=_MEDIA_TYPE)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    faults = [
        {"where": ".".join(str(part) for part in fault["loc"]), "what": fault["msg"]}
        for fault in error.errors()
    ]
    body = {
        "type": "invalid_request",
        "title": "The request is not as it should be.",
        "status": 422,
        "faults": faults,
    }
    return JSONResponse(body, 422, media_type=_MEDIA_TYPE)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    body = {"type": "about:blank", "title": error.detail, "status": error.status_code}
    return JSONResponse(body, error.status_code, error.headers, media_type=_MEDIA_TYPE)


async def _unstorable(request: Request, error: Exception) -> JSONResponse:
    """PostgreSQL has no room for a value: it is the request's fault, and not told word by word."""
    _log.warning("not_storable", path=request.scope["route"].path, error=type(error).__name__)
    body = {
        "type": "not_storable",
        "title": "Something in this can't be stored: a NUL character, or too large a number.",
        "status": 422,
    }
    return JSONResponse(body, 422, media_type=_MEDIA_TYPE)


async def _away(request: Request, error: Exception) -> JSONResponse:
    """PostgreSQL is not there: nothing was done, or nobody knows; under a key, ask again."""
    _log.warning("database_away", path=request.scope["route"].path, error=type(error).__name__)
    body = {
        "type": "database_away",
        "title": "The desk can't reach its database just now: try again.",
        "status": 503,
    }
    return JSONResponse(body, 503, {"Retry-After": "1"}, media_type=_MEDIA_TYPE)
