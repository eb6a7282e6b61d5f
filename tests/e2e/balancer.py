"""A balancer: each request goes to the next process that is there, and nothing is sticky."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Self

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web
from aiohttp.client_exceptions import ClientConnectorError

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade"}
_LARGEST = 128 * 1024 * 1024
_FOR_EVER = ClientTimeout(total=None, sock_connect=3)


class Balancer:
    """An address on this machine with processes behind it, which come and go."""

    def __init__(self) -> None:
        self.url = ""
        self.served: Counter[str] = Counter()
        """Requests that each process answered, by its address."""
        self._behind: tuple[str, ...] = ()
        self._next = 0

    def add(self, address: str) -> None:
        """Send requests to one more process from now on."""
        self._behind = (*self._behind, address)

    def remove(self, address: str) -> None:
        """Send no more requests to a process."""
        self._behind = tuple(one for one in self._behind if one != address)

    def has_asked(self, addresses: Iterable[str]) -> bool:
        """Whether each of these has answered something."""
        return all(self.served[one] for one in addresses)

    @contextmanager
    def open(self) -> Iterator[Self]:
        """Listen meanwhile, in a thread of its own."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        runner = asyncio.run_coroutine_threadsafe(self._start(), loop).result()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    async def _start(self) -> web.AppRunner:
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        app.on_cleanup.append(self._close)
        self._session = ClientSession(
            timeout=_FOR_EVER,
            auto_decompress=False,
            cookie_jar=DummyCookieJar(),
            # A connection that was kept might lead to a process that was killed meanwhile.
            connector=TCPConnector(limit=0, force_close=True),
        )
        # Who hangs up here hangs up behind us as well.
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = "http://{}:{}".format(*runner.addresses[0][:2])
        return runner

    async def _close(self, _: web.Application) -> None:
        await self._session.close()

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        """Ask the next process; whoever isn't there is left out, whoever dies has not answered."""
        body = await request.read()
        for address in self._in_turn():
            answer = web.StreamResponse()
            try:
                await self._ask(address, request, body, answer)
            except ClientConnectorError:
                continue
            except ClientError:
                if answer.prepared:
                    raise
                return web.Response(status=502)
            self.served[address] += 1
            return answer
        return web.Response(status=502)

    async def _ask(
        self, address: str, request: web.Request, body: bytes, answer: web.StreamResponse
    ) -> None:
        headers = [
            (name, value)
            for name, value in request.headers.items()
            if name.lower() not in _HOP_BY_HOP
        ]
        async with self._session.request(
            request.method,
            address + request.raw_path,
            data=body or None,
            headers=headers,
            allow_redirects=False,
        ) as told:
            answer.set_status(told.status)
            for name, value in told.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    answer.headers.add(name, value)
            await answer.prepare(request)
            async for piece in told.content.iter_any():
                await answer.write(piece)
            await answer.write_eof()

    def _in_turn(self) -> tuple[str, ...]:
        behind = self._behind
        self._next += 1
        first = self._next % max(len(behind), 1)
        return behind[first:] + behind[:first]
