"""A trained little shop, the real server around it, and an action server to go with it."""

import logging
import os
import shutil
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
import pytest_asyncio
import rasa
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.rest import RestInput
from rasa.core.run import configure_app
from rasa.core.utils import AvailableEndpoints
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic
from sanic import response as sanic_response
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.touchup import TouchUp

from bot import shortcuts
from bot.channel import DeskChannel

__all__ = ["action_server", "ask", "database_url", "desk", "model"]

configure_structlog(logging.ERROR)
Sanic.test_mode = True  # several applications of one name in one process

ROOT = Path(__file__).parents[2]
PROJECT = Path(__file__).parent / "project"
TOKEN = "a-token-of-the-tests"

Act = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
Ask = Callable[..., Awaitable[httpx2.Response]]


@dataclass
class ActionServer:
    """An action server whose actions a test writes as functions, counting their runs."""

    url: str
    actions: dict[str, Act] = field(default_factory=dict)
    runs: list[str] = field(default_factory=list)
    trackers: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Desk:
    """The Rasa server as the desk sees it."""

    client: httpx2.AsyncClient
    agent: Agent
    app: Sanic


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The little shop, trained with the configuration that ships."""
    project = tmp_path_factory.mktemp("shop")
    shutil.copytree(PROJECT, project, dirs_exist_ok=True)
    before = Path.cwd()
    os.chdir(project)
    try:
        trained = rasa.train(
            domain="domain.yml",
            config=str(ROOT / "config.yml"),
            training_files="data",
            output=str(project / "models"),
            fixed_model_name="shop",
        )
    finally:
        os.chdir(before)
    assert trained.model
    return str(trained.model)


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database of these tests' own, on the server that DESK_TEST_DATABASE_URL names."""
    server = os.environ.get("DESK_TEST_DATABASE_URL")
    if not server:
        pytest.fail("Set DESK_TEST_DATABASE_URL to a PostgreSQL where databases can be created.")
    name = f"bot_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'create database "{name}"'.encode())
        yield psycopg.conninfo.make_conninfo(server, dbname=name)
        admin.execute(f'drop database "{name}" with (force)'.encode())


@pytest_asyncio.fixture
async def action_server() -> AsyncIterator[ActionServer]:
    """An action server on a free port."""
    app = Sanic(f"actions_{uuid.uuid4().hex}", configure_logging=False)
    actions = ActionServer("")

    @app.post("/webhook")
    async def run(request: Request) -> HTTPResponse:
        name = request.json["next_action"]
        actions.runs.append(name)
        actions.trackers.append(request.json["tracker"])
        return sanic_response.json(await actions.actions[name](request.json))

    async with _serving(app) as url:
        actions.url = f"{url}/webhook"
        yield actions


@pytest_asyncio.fixture
async def desk(
    model: str,
    database_url: str,
    action_server: ActionServer,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Desk]:
    """Rasa with the desk's channel, PostgreSQL and the action server."""
    monkeypatch.setenv("DESK_DATABASE_URL", database_url)
    monkeypatch.setenv("ACTIONS_URL", action_server.url)
    async with rasa_server(model) as running:
        yield running


@pytest.fixture
def ask(desk: Desk) -> Ask:
    """Ask the bot: `await ask("oi", conversation="42")`, a new message id each time."""

    async def ask_bot(text: str = "", **body: Any) -> httpx2.Response:
        body = {"conversation": "1", "message_id": uuid.uuid4().hex, "text": text, **body}
        return await desk.client.post("/webhooks/desk/webhook", json=body)

    return ask_bot


@asynccontextmanager
async def rasa_server(model: str | None, endpoints: Path | None = None) -> AsyncIterator[Desk]:
    """A Rasa server on a free port, with the endpoints that ship."""
    settings = AvailableEndpoints.read_endpoints(str(endpoints or ROOT / "endpoints.yml"))
    app = configure_app([DeskChannel(TOKEN), RestInput()], enable_api=False)
    app.ctx.agent = await load_agent(model_path=model, endpoints=settings)
    async with _serving(app) as url:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
            yield Desk(client, app.ctx.agent, app)
    close = getattr(app.ctx.agent.tracker_store, "aclose", None)
    if close:
        await close()
    await shortcuts.close()


@asynccontextmanager
async def _serving(app: Sanic) -> AsyncIterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    # Sanic rewrites its own classes when an application starts, and can't do so twice.
    TouchUp._registry.clear()
    await server.start_serving()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()
