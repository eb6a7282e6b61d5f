"""A Graph API that accepts everything at once and tells when it accepted a shopper's answer."""

import asyncio
import itertools
import json
import time
from dataclasses import dataclass, field


@dataclass
class Graph:
    """Answers the desk's sends; `accepted` of a shopper resolves when their answer is taken."""

    port: int
    _waiting: dict[str, asyncio.Future[float]] = field(default_factory=dict)
    last_wamid: str = ""
    _numbers: "itertools.count[int]" = field(
        default_factory=lambda: itertools.count(time.time_ns())
    )
    """What it accepts has a name of its own, also where others accepted before."""
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self) -> None:
        """Listen on the loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def stop(self) -> None:
        """Close every connection."""
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.close()

    def accepted(self, wa_id: str) -> asyncio.Future[float]:
        """The time (`time.perf_counter`) at which the next message to `wa_id` is accepted."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[wa_id] = future
        return future

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if head.startswith(b"GET "):  # which templates there are
                    write(writer, {"data": []})
                    continue
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self._answer(json.loads(await reader.readexactly(length)), writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()
        finally:
            self._open.discard(writer)

    def _answer(self, body: dict[str, str], writer: asyncio.StreamWriter) -> None:
        if body.get("status") == "read":
            write(writer, {"success": True})
            return
        self.last_wamid = f"wamid.BENCH{next(self._numbers)}"
        write(writer, {"messages": [{"id": self.last_wamid}]})
        waiting = self._waiting.pop(body["to"].lstrip("+"), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(time.perf_counter())


def write(writer: asyncio.StreamWriter, answer: object) -> None:
    """Answer a request with JSON."""
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    writer.write(head.encode() + b"\r\n\r\n" + body)
