"""A small HTTP load generator: ready-made requests over connections that stay open."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What a run measured: answers a second, and each answer's time in seconds."""

    per_s: float
    times: list[float]

    def percentile_ms(self, share: float) -> float:
        """The time within which `share` of the answers came, in milliseconds."""
        return percentile(self.times, share) * 1000


def percentile(times: Sequence[float], share: float) -> float:
    """The value that `share` of them don't exceed."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def request(url: str, body: bytes, headers: dict[str, str], *, method: str = "POST") -> bytes:
    """A request as it goes over the wire."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    lines = [
        f"{method} {parts.path}{query} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def run(url: str, requests: Sequence[bytes], *, at_once: int) -> Load:
    """Send all requests over `at_once` connections; every answer must be a 200."""
    waiting = iter(requests)
    parts = urlsplit(url)
    times: list[float] = []

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for wire in waiting:
            began = time.perf_counter()
            writer.write(wire)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            if length:
                await reader.readexactly(length)
            times.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(at_once)))
    return Load(len(times) / (time.perf_counter() - began), times)
