"""Shoppers of the benches: they say the same things to the desk and to Rasa alone."""

import asyncio
import itertools
import json
import time
from typing import Protocol
from urllib.parse import urlsplit

from bench.graph import Graph
from bench.load import request
from sla_service.whatsapp import signature

SCRIPT = (
    "oi",
    "cadê meu pedido?",
    "obrigada",
    "hi there",
    "where is my order",
    "thanks a lot",
    "tchau",
)
_PATIENCE = 60


class Shopper(Protocol):
    """Somebody who writes when answered."""

    async def talk(self, turns: int, pause: float = 0) -> list[float]:
        """Go through the script for so many turns, with a pause after each; milliseconds each."""

    async def close(self) -> None:
        """Hang up."""


class _Line:
    """One open HTTP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def post(self, wire: bytes) -> bytes:
        """Send a request; the answer must be a 200."""
        self._writer.write(wire)
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return await self._reader.readexactly(length) if length else b""

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def _dial(url: str) -> _Line:
    parts = urlsplit(url)
    return _Line(*await asyncio.open_connection(parts.hostname, parts.port))


class DeskShopper:
    """Writes on WhatsApp, and counts from the webhook's 200 to the accepted reply."""

    _numbers = itertools.count()

    def __init__(self, line: _Line, url: str, secret: bytes, graph: Graph, number: int) -> None:
        self._line, self._url, self._secret, self._graph = line, url, secret, graph
        self.wa_id = f"4477{number:08d}"
        self._said = 0

    @classmethod
    async def open(cls, web: str, secret: bytes, graph: Graph, number: int) -> "DeskShopper":
        """A shopper with a connection to the webhook."""
        url = f"{web}/webhooks/whatsapp"
        return cls(await _dial(web), url, secret, graph, number)

    async def talk(self, turns: int, pause: float = 0) -> list[float]:
        """Go through the script for so many turns, with a pause after each; milliseconds each."""
        taken = []
        for _ in range(turns):
            accepted = self._graph.accepted(self.wa_id)
            await self._line.post(self._wire(SCRIPT[self._said % len(SCRIPT)]))
            began = time.perf_counter()
            self._said += 1
            async with asyncio.timeout(_PATIENCE):
                taken.append((await accepted - began) * 1000)
            await asyncio.sleep(pause)
        return taken

    async def close(self) -> None:
        """Hang up."""
        await self._line.close()

    def _wire(self, text: str) -> bytes:
        message = {
            "from": self.wa_id,
            "id": f"wamid.TURN{self.wa_id}.{next(self._numbers)}",
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": text},
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": "700100200300"},
            "contacts": [{"profile": {"name": "Marina Duarte"}, "wa_id": self.wa_id}],
            "messages": [message],
        }
        change = {"field": "messages", "value": value}
        entry = {"id": "900800700600", "changes": [change]}
        envelope = {"object": "whatsapp_business_account", "entry": [entry]}
        body = json.dumps(envelope).encode()
        headers = {"X-Hub-Signature-256": signature.sign(body, self._secret)}
        return request(self._url, body, headers)


class BareShopper:
    """Writes to Rasa's own HTTP channel."""

    def __init__(self, line: _Line, url: str, number: int) -> None:
        self._line, self._url = line, url
        self._sender = f"4477{number:08d}"
        self._said = 0

    @classmethod
    async def open(cls, rasa: str, number: int) -> "BareShopper":
        """A shopper with a connection to Rasa."""
        return cls(await _dial(rasa), f"{rasa}/webhooks/rest/webhook", number)

    async def talk(self, turns: int, pause: float = 0) -> list[float]:
        """Go through the script for so many turns, with a pause after each; milliseconds each."""
        taken = []
        for _ in range(turns):
            wire = self._wire(SCRIPT[self._said % len(SCRIPT)])
            self._said += 1
            began = time.perf_counter()
            answer = json.loads(await self._line.post(wire))
            assert answer, "Rasa had nothing to say"
            taken.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(pause)
        return taken

    async def close(self) -> None:
        """Hang up."""
        await self._line.close()

    def _wire(self, text: str) -> bytes:
        metadata = {
            "message_id": f"bare.{self._sender}.{self._said}",
            "language": None,
            "contact": {"name": "Marina Duarte", "phone": self._sender},
            "media": [],
        }
        body = {"sender": self._sender, "message": text, "metadata": metadata}
        return request(self._url, json.dumps(body).encode(), {"Content-Type": "application/json"})
