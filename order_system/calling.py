"""HTTP to a shop's API: in time, again when that may help, and never twice the same change."""

import asyncio
import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from order_system.decoding import decode_refusal
from order_system.papers import Document
from order_system.protocol import OrderSystemRefused, OrderSystemUnavailable
from order_system.refusals import Advice, Refusal, Why

_RETRYABLE_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_REFUSALS = frozenset({404, 409, 412, 422})
_NOT_OFFERED = frozenset({405, 501})
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_LARGEST_FILE = 5_000_000
_FILES = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True)
class Patience:
    """How long, in seconds, and how often a question is asked before we give up."""

    connect: float = 3.0
    read: float = 5.0
    total: float = 8.0
    attempts: int = 3
    first_pause: float = 0.2
    longest_pause: float = 2.0


@dataclass(frozen=True)
class _Call:
    """One request as it is made at every attempt."""

    method: str
    path: str
    query: Mapping[str, str] | None = None
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Calls:
    """Calls one shop's API; an object serves one event loop.

    `base_url` is where the API begins (`https://shop.example/api`); `token` goes into every
    request as a bearer.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        transport: httpx2.AsyncBaseTransport | None,
        patience: Patience,
    ) -> None:
        self._patience = patience
        self._client = httpx2.AsyncClient(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=httpx2.Timeout(patience.read, connect=patience.connect),
            transport=transport,
        )

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> object | None:
        """The JSON at `path`, or None for a 404."""
        response = await self._ask(_Call("GET", path, query))
        return None if response.status_code == 404 else _json(response)

    async def read_or_refusal(self, path: str) -> object | Refusal | None:
        """The JSON at `path`, the shop's no, or None for a 404."""
        response = await self._ask(_Call("GET", path), may_refuse=True)
        if response.status_code == 404:
            return None
        return _refusal(response) or _json(response)

    async def file(
        self, path: str, query: Mapping[str, str] | None = None
    ) -> Document | Refusal | None:
        """The PDF or PNG at `path`, the shop's no, or None for a 404."""
        response = await self._ask(_Call("GET", path, query), may_refuse=True)
        if response.status_code == 404:
            return None
        return _refusal(response) or _document(response)

    async def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: str,
        version: str | None = None,
    ) -> object | Refusal:
        """Change something, once however often it is tried: the new state, or the shop's no."""
        if not _KEY.fullmatch(key):
            raise ValueError("an idempotency key is 1 to 255 printable characters without spaces")
        headers = {"Idempotency-Key": key}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        call = _Call(method, path, body=body or {}, headers=headers)
        response = await self._ask(call, may_refuse=True)
        return _refusal(response) or _json(response)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _ask(self, call: _Call, *, may_refuse: bool = False) -> httpx2.Response:
        try:
            asking = self._keep_asking(call, may_refuse=may_refuse)
            return await asyncio.wait_for(asking, self._patience.total)
        except asyncio.TimeoutError:
            raise OrderSystemUnavailable("no answer in time") from None

    async def _keep_asking(self, call: _Call, *, may_refuse: bool) -> httpx2.Response:
        deadline = asyncio.get_running_loop().time() + self._patience.total
        attempt = 1
        while True:
            try:
                return await self._ask_once(call, may_refuse=may_refuse)
            except OrderSystemUnavailable as failure:
                pause = self._pause(attempt, failure.retry_after)
                too_late = asyncio.get_running_loop().time() + pause >= deadline
                if attempt >= self._patience.attempts or too_late:
                    raise
            attempt += 1
            await asyncio.sleep(pause)

    async def _ask_once(self, call: _Call, *, may_refuse: bool) -> httpx2.Response:
        try:
            response = await self._client.request(
                call.method,
                call.path,
                params=call.query,
                json=call.body,
                headers=dict(call.headers),
            )
        except (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.InvalidURL) as error:
            raise OrderSystemRefused(type(error).__name__) from error
        except httpx2.TransportError as error:
            raise OrderSystemUnavailable(type(error).__name__) from error
        except httpx2.RequestError as error:
            raise OrderSystemRefused(type(error).__name__) from error
        status = response.status_code
        if status in _RETRYABLE_STATUSES:
            raise OrderSystemUnavailable(f"status {status}", _retry_after(response))
        expected = {200, 201, 404} | (_REFUSALS | _NOT_OFFERED if may_refuse else frozenset())
        if status not in expected:
            raise OrderSystemRefused(f"status {status}")
        return response

    def _pause(self, attempt: int, asked: float | None) -> float:
        longest = min(
            self._patience.first_pause * 2.0 ** (attempt - 1), self._patience.longest_pause
        )
        # Between half and all of it, so that clients who failed together don't return together.
        jittered = longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
        return max(jittered, asked or 0.0)


def _refusal(response: httpx2.Response) -> Refusal | None:
    """The shop's no in an answer; raises OrderSystemRefused for a no without a reason."""
    status = response.status_code
    if status in _NOT_OFFERED:
        return Refusal(Why.NOT_OFFERED, Advice.TALK_TO_PERSON, raw=f"status {status}")
    if status not in _REFUSALS:
        return None
    try:
        return decode_refusal(json.loads(response.content))
    except (OrderSystemRefused, ValueError, RecursionError):
        raise OrderSystemRefused(f"status {status}") from None


def _document(response: httpx2.Response) -> Document:
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    content = response.content
    # A login page sent in place of a label must not reach a shopper as one.
    if kind not in _FILES or not content.startswith(_FILES[kind]):
        raise OrderSystemRefused("malformed file")
    if len(content) > _LARGEST_FILE:
        raise OrderSystemRefused("malformed file: too large")
    named = re.search(
        r'filename="([\w. -]{1,80})"', response.headers.get("Content-Disposition", "")
    )
    name = named[1] if named else "file." + kind.rsplit("/", 1)[1]
    return Document(name, kind, content)


def _retry_after(response: httpx2.Response) -> float | None:
    asked = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,6}", asked):
        return float(asked)
    try:
        # Against the shop's own clock: ours may be minutes away from it.
        until = parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers["Date"])
    except (KeyError, TypeError, ValueError):
        return None
    return max(until.total_seconds(), 0.0)


def _json(response: httpx2.Response) -> object:
    try:
        found: object = json.loads(response.content)
    except (ValueError, RecursionError):
        raise OrderSystemRefused("malformed JSON") from None
    if found is None:
        raise OrderSystemRefused("malformed JSON")
    return found
