"""Calls to other processes over HTTP: one open session a peer, and failures told apart."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

import aiohttp
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

_CONNECT = 3.0  # seconds
_IDLE = 20.0  # seconds a connection is kept for the next call
_AT_ONCE = 128
_STRANGERS_SAY = 16 * 1024  # bytes of an answer that are read
_CHUNK = 256 * 1024  # bytes of a file that are handed on at once

type Reach = Literal["public", "private", "loopback"]


class NotReached(Exception):
    """The peer could not be reached: nothing left us."""


class NoAnswer(Exception):
    """The request left, and no whole answer came: nobody knows what became of it."""


class Forbidden(Exception):
    """The address leads to where we don't call: into our own network, or to nowhere."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the peer said."""

    status: int
    body: bytes


class NotGiven(Exception):
    """The peer answered, and did not give the file that was asked for."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"status {status}")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file on its way to a peer."""

    path: Path
    filename: str
    mime: str


class Peer:
    """Somebody we call, at one address, with the same headers each time.

    Where several processes stand behind the address, a kept connection leads to one of them: one in
    `renewed_every` calls gives its connection up, so that a process added later gets its share.
    """

    def __init__(
        self, url: str, headers: dict[str, str], timeout: timedelta, *, renewed_every: int = 0
    ) -> None:
        self._url = url.rstrip("/")
        self._headers = headers
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds(), sock_connect=_CONNECT)
        self._session: aiohttp.ClientSession | None = None
        self._renewed_every = renewed_every
        self._calls = 0

    async def post(self, path: str, body: bytes, mime: str = "application/json") -> Answer:
        """Send JSON, or bytes of another kind. Raises NotReached, NoAnswer."""
        headers = {"Content-Type": mime}
        self._calls += 1
        if self._renewed_every and self._calls % self._renewed_every == 0:
            headers["Connection"] = "close"
        with _told_apart():
            async with self._open().post(self._url + path, data=body, headers=headers) as response:
                return Answer(response.status, await response.read())

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Ask for something. Raises NotReached, NoAnswer."""
        with _told_apart():
            async with self._open().get(self._url + path, params=query) as response:
                return Answer(response.status, await response.read())

    async def hand(self, path: str, fields: Mapping[str, str], enclosed: Enclosed) -> Answer:
        """Send a form with a file. Raises NotReached, NoAnswer."""
        content = await asyncio.to_thread(enclosed.path.open, "rb")
        with content, _told_apart():
            form = aiohttp.FormData(fields, quote_fields=False)
            form.add_field("file", content, filename=enclosed.filename, content_type=enclosed.mime)
            parts = form()
            kind = {"Content-Type": parts.headers["Content-Type"]}
            async with self._open().post(self._url + path, data=parts, headers=kind) as response:
                return Answer(response.status, await response.read())

    async def fetch(self, url: str) -> AsyncIterator[bytes]:
        """A file at an address that the peer gave, piece by piece.

        Raises NotReached, NoAnswer, NotGiven.
        """
        with _told_apart():
            # Encoded already: its signature covers it as it is.
            address = URL(url, encoded=True)
            async with self._open().get(address, allow_redirects=False) as response:
                if response.status != 200:
                    raise NotGiven(response.status)
                async for piece in response.content.iter_chunked(_CHUNK):
                    yield piece

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        """The session, opened in the loop that uses it."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_AT_ONCE, keepalive_timeout=_IDLE),
                headers={"Content-Type": "application/json", **self._headers},
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


@contextmanager
def _told_apart() -> Iterator[None]:
    """What fails inside raises NotReached or NoAnswer."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise NotReached(type(error).__name__) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NoAnswer(type(error).__name__) from error


class Strangers:
    """Addresses that others gave us: only within reach, without redirects, and heard out shortly.

    What is connected to is the address that was checked: a name that leads elsewhere the next time
    it is asked for gains nothing.
    """

    def __init__(self, timeout: timedelta, reach: Reach) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds(), sock_connect=_CONNECT)
        self._reach = reach

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_Guard(self._reach), use_dns_cache=False, force_close=True
            ),
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send JSON. Raises Forbidden, NotReached, NoAnswer."""
        try:
            target = URL(url)
            _check_literal(target.host or "", self._reach)
            async with self._session.post(
                target,
                data=body,
                headers={"Content-Type": "application/json", **headers},
                allow_redirects=False,
            ) as response:
                return Answer(response.status, await response.content.read(_STRANGERS_SAY))
        except (aiohttp.InvalidURL, ValueError) as error:
            raise Forbidden("not an address") from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotReached(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoAnswer(type(error).__name__) from error


def is_within(reach: Reach, address: str) -> bool:
    """Whether an IP address may be called: never link-local ones (metadata)."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return reach == "loopback"
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and any(ip in network for network in _CARRIES_IPV4):
        return False
    return ip.is_global or reach != "public"


# Inside these an IPv4 address travels, which would have to be checked as well; nobody needs them.
_CARRIES_IPV4 = [
    ipaddress.IPv6Network(network)
    for network in ("::/96", "64:ff9b::/32", "2001::/32", "2002::/16")
]


class _Guard(ThreadedResolver):
    """Names lead only to addresses within reach."""

    def __init__(self, reach: Reach) -> None:
        super().__init__()
        self._reach = reach

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        allowed = [one for one in found if is_within(self._reach, one["host"])]
        if not allowed:
            raise Forbidden("its name leads to an address out of reach")
        return allowed


def _check_literal(host: str, reach: Reach) -> None:
    """Raises Forbidden. aiohttp asks no resolver for what looks like a number, `2130706433` too."""
    looks_numeric = ":" in host or host.replace(".", "").isdigit()
    if not host or (looks_numeric and not is_within(reach, host)):
        raise Forbidden("an address out of reach")
