"""The wire between two processes, which can be slow, broken, silent, deaf or cut."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import count

from dev.ports import HOST

_PIECE = 64 * 1024
_SLOW = 0.6  # seconds that each piece takes longer, either way
_CONNECTING = 2.0
_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 4\r\nConnection: close\r\n\r\ndown"
)


class Wire(StrEnum):
    """What a link does to whoever calls through it."""

    FINE = "fine"
    SLOW = "slow"
    BROKEN = "broken"
    """Answers 503 to everything, as a balancer before a dead server does."""
    SILENT = "silent"
    """Takes connections and requests, and nothing ever comes back: half-open."""
    DEAF = "deaf"
    """Hands requests on, and loses the answers: a timeout after accepting."""
    CUT = "cut"
    """Resets what is open, and whatever is opened."""


class Link:
    """A port that leads to one of several others; a target that can't be reached is passed over."""

    def __init__(self, name: str, port: int, targets: Sequence[int]) -> None:
        self.name = name
        self.port = port
        self.cuts = 0
        """Times that a connection was cut, refused, silenced or robbed of its answer."""
        self._targets = list(targets)
        self._turn = count()
        self._wire = Wire.FINE
        self._open: set[_Call] = set()

    @property
    def url(self) -> str:
        """The address that callers are given."""
        return f"http://{HOST}:{self.port}"

    async def listen(self) -> asyncio.Server:
        """Take connections from now on."""
        return await asyncio.start_server(self._take, HOST, self.port)

    def become(self, wire: Wire) -> None:
        """Behave so from now on, to what is open as well. Runs in the links' own loop.

        What was silenced or robbed of an answer stays so when all is fine again: nobody tells a
        caller that the other end is gone.
        """
        self._wire = wire
        for call in list(self._open):
            call.become(wire)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = _Call(self, reader, writer)
        self._open.add(call)
        try:
            call.become(self._wire)
            await call.run(self._targets, next(self._turn))
        except (ConnectionError, OSError, TimeoutError):
            pass
        finally:
            self._open.discard(call)
            call.end()


class _Call:
    """One connection from a caller, and the one it leads to."""

    def __init__(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._link = link
        self._reader = reader
        self._writer = writer
        self._far: asyncio.StreamWriter | None = None
        self._wire = Wire.FINE

    def become(self, wire: Wire) -> None:
        if self._wire in {Wire.SILENT, Wire.DEAF}:
            return
        if wire not in {Wire.FINE, Wire.SLOW}:
            self._link.cuts += 1
        is_open = self._far is not None
        self._wire = wire
        if wire is Wire.CUT or (wire is Wire.BROKEN and is_open):
            self.end()

    async def run(self, targets: Sequence[int], turn: int) -> None:
        if self._wire is Wire.CUT:
            return
        if self._wire is Wire.BROKEN:
            await self._refuse()
            return
        far = await _connected(targets, turn)
        if far is None:
            return
        reader, self._far = far
        ways = [
            asyncio.create_task(self._carry(self._reader, self._far, is_request=True)),
            asyncio.create_task(self._carry(reader, self._writer, is_request=False)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if self._wire in {Wire.SILENT, Wire.DEAF}:
                await asyncio.wait(ways[:1])  # until the caller gives up
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    def end(self) -> None:
        for writer in (self._writer, self._far):
            if writer is not None:
                writer.transport.abort()

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, is_request: bool
    ) -> None:
        while piece := await source.read(_PIECE):
            if self._wire is Wire.SLOW:
                await asyncio.sleep(_SLOW)
            if self._wire is Wire.SILENT or (self._wire is Wire.DEAF and not is_request):
                continue
            sink.write(piece)
            await sink.drain()

    async def _refuse(self) -> None:
        """Read the request to its end, so that the answer isn't lost in a reset, and say 503."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        await self._reader.readexactly(length)
        self._writer.write(_REFUSAL)
        await self._writer.drain()
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


@contextmanager
def running(links: Sequence[Link]) -> Iterator[Callable[[Link, Wire], None]]:
    """Keep the links open in a thread of their own; gives what changes one of them."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="links", daemon=True)
    thread.start()

    def change(link: Link, wire: Wire) -> None:
        loop.call_soon_threadsafe(link.become, wire)

    async def opened() -> list[asyncio.Server]:
        return [await link.listen() for link in links]

    try:
        servers = asyncio.run_coroutine_threadsafe(opened(), loop).result()
        yield change
        for server in servers:
            loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_ended(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _connected(
    targets: Sequence[int], turn: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    for step in range(len(targets)):
        port = targets[(turn + step) % len(targets)]
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_CONNECTING):
                return await asyncio.open_connection(HOST, port)
    return None


async def _ended() -> None:
    """End every call that is still open."""
    calls = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
