"""No request brings more than the desk wants to hold in memory."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 2 * 1024 * 1024
"""Bytes: a set of policies is the largest thing that is written down as a text."""
_TAKEN_IN_PIECES = ("/webhooks/", "/api/uploads")
"""These count what they are brought, and have limits of their own."""
_A_FILE_OF_THE_BOTS = "/files"


class BodyLimit:
    """Refuses what is larger than `most` bytes, before it is read to its end."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what it brings is counted."""
        if scope["type"] != "http" or _has_its_own(scope["path"]):
            await self._app(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most:
                raise HTTPException(413, "This is larger than anything the desk is asked with.")
            return message

        await self._app(scope, counted, send)


async def whole_body(request: Request, limit: int) -> bytes | None:
    """The raw bytes of a request, or None once they are more than `limit`."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
    return b"".join(parts)


def _has_its_own(path: str) -> bool:
    return path.startswith(_TAKEN_IN_PIECES) or path.endswith(_A_FILE_OF_THE_BOTS)
