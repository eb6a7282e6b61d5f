"""How the demo shop's API answers: who may ask, what goes wrong on purpose, JSON and problems."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import Request, Response

from simulator.shop_faults import ShopFaults
from simulator.shop_refusing import Refused, refusal_answer

Handler = Callable[[Request], Awaitable[Response]]
JSON = "application/json"
PROBLEM = "application/problem+json"


class Gate:
    """Lets in who has the token, and lets the trouble of the moment happen to them."""

    def __init__(self, faults: ShopFaults, token: str) -> None:
        self._faults = faults
        self._expected = f"Bearer {token}".encode()

    def reading(self, answer: Callable[[Request], Response]) -> Handler:
        """A handler that answers a question."""

        async def handler(request: Request) -> Response:
            refused = await self._refusal(request)
            if refused is not None:
                return refused
            try:
                return answer(request)
            except Refused as no:
                return refusal(no)

        return handler

    def writing(self, answer: Callable[[Request, bytes], Response]) -> Handler:
        """A handler that changes something; its answer may get lost after the change."""

        async def handler(request: Request) -> Response:
            body = await request.body()
            is_lost = self._is_losing()
            refused = None if is_lost else await self._refusal(request)
            if refused is not None:
                return refused
            if is_lost and not self._is_known(request):
                return problem(401, "The token is missing or wrong")
            try:
                done = answer(request, body)
            except Refused as no:
                done = refusal(no)
            return problem(503, "The answer got lost") if is_lost else done

        return handler

    def _is_losing(self) -> bool:
        now = self._faults.now()
        return now is not None and now.kind == "lost" and self._faults.take() is not None

    def _is_known(self, request: Request) -> bool:
        given = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, self._expected)

    async def _refusal(self, request: Request) -> Response | None:
        if not self._is_known(request):
            return problem(401, "The token is missing or wrong")
        return await self._trouble()

    async def _trouble(self) -> Response | None:
        fault = self._faults.now()
        # An answer that gets lost is a change's: reading goes on.
        if fault is None or fault.kind == "lost":
            return None
        self._faults.take()
        if fault.kind == "slow":
            await asyncio.sleep(fault.delay)
            return None
        if fault.kind == "refuse":
            return problem(403, "This token may not read orders")
        if fault.kind == "malformed":
            return Response(b'{"order_ref": "pf-', media_type=JSON)
        return problem(503, "The back office is closed for a moment")


def answer_json(body: object, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(orjson.dumps(body), status, media_type=JSON)


def answer_file(content: bytes, media_type: str, name: str) -> Response:
    """A file with the name it is to be kept under."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def refusal(no: Refused) -> Response:
    """The shop's no as a problem with its reason."""
    return problem(no.status, no.code.replace("_", " ").capitalize(), refusal_answer(no))


def problem(status: int, title: str, more: dict[str, Any] | None = None) -> Response:
    """A problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status} | (more or {})
    return Response(orjson.dumps(body), status, media_type=PROBLEM)
