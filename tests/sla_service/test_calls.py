"""Connections to another process are kept, and given up now and then where several stand behind."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from aiohttp import web

from sla_service.calls import Peer

CALLS = 20


@pytest_asyncio.fixture
async def callers() -> AsyncIterator[tuple[str, set[int]]]:
    """A server, and the ports from which it was called: one a connection."""
    ports: set[int] = set()

    async def hear(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.Response(text="{}")

    app = web.Application()
    app.router.add_post("/", hear)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", ports
    await runner.cleanup()


@pytest.mark.parametrize(("renewed_every", "connections"), [(0, 1), (5, 4), (1, CALLS)])
async def test_a_connection_is_given_up_after_so_many_calls(
    callers: tuple[str, set[int]], renewed_every: int, connections: int
) -> None:
    url, ports = callers
    peer = Peer(url, {}, timedelta(seconds=10), renewed_every=renewed_every)
    for _ in range(CALLS):
        assert (await peer.post("/", b"{}")).status == 200
    await peer.close()
    assert len(ports) == connections
