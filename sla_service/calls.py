"""Calls to other processes over HTTP: one open session a peer, and failures told apart."""

from dataclasses import dataclass
from datetime import timedelta

import aiohttp

_CONNECT = 3.0  # seconds
_IDLE = 20.0  # seconds a connection is kept for the next call
_AT_ONCE = 128


class NotReached(Exception):
    """The peer could not be reached: nothing left us."""


class NoAnswer(Exception):
    """The request left, and no whole answer came: nobody knows what became of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the peer said."""

    status: int
    body: bytes


class Peer:
    """Somebody we call, at one address, with the same headers each time."""

    def __init__(self, url: str, headers: dict[str, str], timeout: timedelta) -> None:
        self._url = url.rstrip("/")
        self._headers = headers
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds(), sock_connect=_CONNECT)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, path: str, body: bytes) -> Answer:
        """Send JSON. Raises NotReached, NoAnswer."""
        try:
            async with self._open().post(self._url + path, data=body) as response:
                return Answer(response.status, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotReached(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoAnswer(type(error).__name__) from error

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
