"""A simulator with a desk of our own at the other end."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from simulator.app import create_app
from simulator.settings import Settings
from tests.simulator.fake_desk import Clock, FakeDesk, Phone


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def settings() -> Settings:
    return Settings(
        app_secret="app-secret-123",
        verify_token="our-own-string",
        access_token="token",
        order_token="order-token",
        webhook_url="http://desk/webhooks/whatsapp",
        sent_after_seconds=0,
        delivered_after_seconds=0,
        read_after_seconds=0,
        retry_first_seconds=0.01,
        retry_longest_seconds=0.05,
        verify_every_seconds=0.01,
        batch_linger_seconds=0.05,
        free_service_messages=3,
    )


@pytest.fixture
def app(settings: Settings, desk: FakeDesk, clock: Clock) -> FastAPI:
    return create_app(settings, transport=desk.transport, now=clock.now)


@pytest.fixture
async def control(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The simulator without credentials: its phone and its control routes."""
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8090"
        ) as client,
    ):
        yield client


@pytest.fixture
async def graph(app: FastAPI, control: httpx2.AsyncClient) -> AsyncIterator[httpx2.AsyncClient]:
    """The Graph API as the desk calls it."""
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://127.0.0.1:8090/graph/v25.0",
        headers={"Authorization": "Bearer token"},
    ) as client:
        yield client


@pytest.fixture
async def ana(control: httpx2.AsyncClient, desk: FakeDesk) -> Phone:
    """Ana, who has just written and so may be answered freely."""
    await control.post(
        "/control/inbound", json={"shopper": "5511911112222", "name": "Ana", "text": "oi"}
    )
    await desk.until(lambda: len(desk.messages) == 1)
    return Phone(control, "5511911112222")


@pytest.fixture
async def served(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The simulator on a real socket, for what only a connection can show."""
    config = uvicorn.Config(app, log_level="critical", ws="none")
    server = uvicorn.Server(config)
    # The socket listens from here on: a request made too early waits for the server.
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    port = listener.getsockname()[1]
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    app.state.outside.world.feed.close()
    server.should_exit = True
    await serving
