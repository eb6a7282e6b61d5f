"""The other side of the tests: a desk that takes webhooks, a clock, and Ana's phone."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx2

Json = dict[str, Any]


class Clock:
    """A November day in 2026 that passes as days do, and faster when a test says so."""

    def __init__(self) -> None:
        self._ahead = 1795435200.0 - time.monotonic()

    def now(self) -> float:
        return time.monotonic() + self._ahead

    def pass_by(self, seconds: float) -> None:
        self._ahead += seconds


class FakeDesk:
    """Keeps every POST; `answers` are used up first (an exception is no answer), then 200."""

    def __init__(self) -> None:
        self.posts: list[httpx2.Request] = []
        self.verifications: list[httpx2.Request] = []
        self.answers: list[int | Exception] = []
        self.is_down = False
        self.verify_token = "our-own-string"
        self.files: dict[str, httpx2.Response] = {}
        self._arrival = asyncio.Event()

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._handle)

    @property
    def payloads(self) -> list[Json]:
        return [json.loads(post.content) for post in self.posts]

    @property
    def values(self) -> list[Json]:
        """All values of all changes of all entries of all POSTs."""
        return [change["value"] for change in self.changes]

    @property
    def changes(self) -> list[Json]:
        return [
            change
            for payload in self.payloads
            for entry in payload["entry"]
            for change in entry["changes"]
        ]

    @property
    def messages(self) -> list[Json]:
        return [message for value in self.values for message in value.get("messages", [])]

    @property
    def statuses(self) -> list[Json]:
        return [status for value in self.values for status in value.get("statuses", [])]

    def is_signed(self, post: httpx2.Request) -> bool:
        digest = hmac.new(b"app-secret-123", post.content, hashlib.sha256).hexdigest()
        return post.headers.get("x-hub-signature-256") == f"sha256={digest}"

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for a condition on what has arrived."""
        async with asyncio.timeout(5):
            while not is_so():
                self._arrival.clear()
                await self._arrival.wait()

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        if str(request.url) in self.files:
            return self.files[str(request.url)]
        if self.is_down:
            raise httpx2.ConnectError("down")
        self._arrival.set()
        if request.method == "GET":
            self.verifications.append(request)
            query = request.url.params
            if query["hub.verify_token"] != self.verify_token:
                return httpx2.Response(403)
            return httpx2.Response(200, text=query["hub.challenge"])
        self.posts.append(request)
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer)


class Phone:
    """What a shopper does, through the routes of the page."""

    def __init__(self, client: httpx2.AsyncClient, wa_id: str) -> None:
        self.client = client
        self.wa_id = wa_id

    async def summary(self) -> Json:
        shoppers = (await self.client.get("/phone/api/state")).json()["shoppers"]
        return next(one for one in shoppers if one["address"] == self.wa_id)

    async def key(self) -> str:
        return str((await self.summary())["key"])

    async def messages(self) -> list[Json]:
        answer = await self.client.get(f"/phone/api/chats/{await self.key()}")
        return list(answer.json()["messages"])

    async def send(self, kind: str, content: Any, reply_to: str | None = None) -> str:
        answer = await self.client.post(
            f"/phone/api/chats/{await self.key()}/messages",
            json={"type": kind, "content": content, "reply_to": reply_to},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def read(self) -> None:
        await self.client.post(f"/phone/api/chats/{await self.key()}/read")


def text(body: str = "Seu pedido saiu.", to: str = "+5511911112222", **more: Any) -> Json:
    """A text message from the desk, to Ana unless told otherwise."""
    return {
        "messaging_product": "whatsapp",
        "to": to,
        "type": "text",
        "text": {"body": body},
        **more,
    }


def message(kind: str, content: Any, **more: Any) -> Json:
    """Any message from the desk to Ana."""
    return {
        "messaging_product": "whatsapp",
        "to": "+5511911112222",
        "type": kind,
        kind: content,
        **more,
    }


SEND = "/700100200300/messages"
