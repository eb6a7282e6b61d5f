"""Every refusal leaves as an RFC 9457 problem document."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sla_service.errors import DomainError

_MEDIA_TYPE = "application/problem+json"


def install(app: FastAPI) -> None:
    """Turn domain errors, validation errors and HTTP errors into problem documents."""

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, DomainError)  # noqa: S101 - registered for this type alone
        body = {"type": error.code, "title": error.title, "status": error.status, **error.details}
        after = error.details.get("retry_after")
        headers = None if after is None else {"Retry-After": str(after)}
        return JSONResponse(body, error.status, headers, media_type=_MEDIA_TYPE)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
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

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        body = {"type": "about:blank", "title": error.detail, "status": error.status_code}
        return JSONResponse(body, error.status_code, error.headers, media_type=_MEDIA_TYPE)

    app.add_exception_handler(DomainError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
