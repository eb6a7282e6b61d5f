"""Who is told, in tests: a real mail server, and a real endpoint that checks signatures."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook


@dataclass
class Mailbox:
    """A mail server that keeps what arrives."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """What it answers to the next messages instead of taking them."""
    hears: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a message is there."""
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared: it takes the message, and says nothing until this is set."""

    def url(self, *to: str, scheme: str = "mailto") -> str:
        """The Apprise URL of people who read their mail here."""
        people = "/".join(to or ("bruno@loja.example",))
        return f"{scheme}://127.0.0.1:{self.port}/{people}?from=desk@loja.example"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """A message arrives."""
        if self.refusals:
            return self.refusals.pop(0)
        assert isinstance(envelope.content, bytes)
        self.arrived.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        self.hears.set()
        await self.answers.wait()
        return "250 OK"

    def ids(self) -> list[str]:
        """The Message-IDs that arrived, in order."""
        return [str(message["Message-ID"]) for message in self.arrived]

    def subjects(self) -> list[str]:
        """The subjects that arrived, in order."""
        return [str(message["Subject"]) for message in self.arrived]


@asynccontextmanager
async def open_mailbox() -> AsyncIterator[Mailbox]:
    """A mail server on a port of the loopback."""
    mailbox = Mailbox()
    mailbox.answers.set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    yield mailbox
    mailbox.answers.set()
    server.close()


@dataclass
class Listener:
    """A program elsewhere: what it was told, and what it answers."""

    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """What it answers to the next calls; 204 when empty."""
    hears: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, asked: web.Request) -> web.Response:
        """One call."""
        headers = {name.lower(): value for name, value in asked.headers.items()}
        self.heard.append((headers, await asked.read()))
        self.hears.set()
        await self.answers.wait()
        status = self.statuses.pop(0) if self.statuses else 204
        return web.Response(status=status, headers={"Location": f"{self.url}/elsewhere"})

    def ids(self) -> list[str]:
        """The webhook-ids heard, in order."""
        return [headers["webhook-id"] for headers, _ in self.heard]

    def verified(self, secret: str, place: int = -1) -> Any:
        """What a call said, if its signature is good for this secret; raises otherwise."""
        headers, body = self.heard[place]
        return Webhook(secret).verify(body, headers)


@asynccontextmanager
async def open_listener() -> AsyncIterator[Listener]:
    """An endpoint on a port of the loopback."""
    listener = Listener()
    listener.answers.set()
    app = web.Application()
    app.router.add_post("/{path:.*}", listener.answer)
    server = TestServer(app)
    await server.start_server()
    listener.url = str(server.make_url("/hook"))
    yield listener
    listener.answers.set()
    await server.close()
