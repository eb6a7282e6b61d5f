"""A desk without a network: the web process and a worker's steps, Meta and the bot as one world."""

import hashlib
import itertools
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import text

from sla_service.app import create_app
from sla_service.database.sessions import Database
from sla_service.dialogue.rasa import BotClient
from sla_service.settings import Settings
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.signature import sign
from sla_service.worker import Worker
from tests.sla_service import people

NUMBER = "700100200300"
ACCOUNT = "900800700600"
SECRET = "an app secret of the tests"
SERVICE_TOKEN = "a service token of the tests"
ANA = {"profile": {"name": "Ana Souza"}, "wa_id": "5511987650001", "user_id": "BR.8842017735519024"}


def settings_for(url: str, world: "World", **changes: Any) -> Settings:
    """Settings of a desk on the database at `url`; no quiet time, so that a step is a step."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=url,
        service_token=SERVICE_TOKEN,
        whatsapp={
            "app_secrets": SECRET,
            "verify_token": "a verify token of the tests",
            "access_token": "an access token of the tests",
            "graph_url": f"{world.url}/graph",
            "account_id": ACCOUNT,
        },
        media={"folder": world.folder / "media"},
        order_system={
            "url": f"{world.url}/shop",
            "token": "an order token",
            "remembered": 0,
            **changes.pop("order_system", {}),
        },
        bot={"url": f"{world.url}/bot", "token": "a bot token of the tests"},
        lanes={"quiet": 0, **changes.pop("lanes", {})},
        privacy={"notice": False, **changes.pop("privacy", {})},
        # Half a second for each desk: what needs articles brings in its own.
        knowledge={"folder": world.folder / "no articles", **changes.pop("knowledge", {})},
        **changes,
    )


@dataclass
class World:
    """Everything outside the desk: what it was asked, and what it answers."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    """Bodies that Meta accepted or refused, in order; courtesies (read marks) apart."""
    accepted: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    courtesies: list[dict[str, Any]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    answers: list[httpx2.Response | Exception] = field(default_factory=list)
    """What Meta does with the next sends; accepts when empty."""
    bot: Callable[[dict[str, Any]], httpx2.Response] | None = None
    """What the bot does with a turn; repeats it politely when nothing is set."""
    before_answer: Callable[[], Awaitable[Any]] | None = None
    """What happens while the bot thinks, before its answer arrives."""

    files: dict[str, bytes] = field(default_factory=dict)
    """What Meta has, by id."""
    breaks_files: bool = False
    handed: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Files that the desk handed over: name, type and contents; their ids are `up1`, `up2`…"""
    templates: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    """What the shop's order system knows."""
    is_shop_open: bool = True

    url: str = ""
    """Where all of it listens."""
    folder: Path = Path()
    """Where the desk may keep files."""

    async def show(self, asked: web.Request) -> web.StreamResponse:
        """What the desk asks to see: a file's place, a file, templates, orders."""
        last = asked.path.rsplit("/", 1)[-1]
        if asked.path.startswith("/shop/"):
            return self._shown_orders(asked, last)
        if last == "message_templates":
            return web.json_response({"data": self.templates})
        if last not in self.files:
            return web.json_response({"error": {"code": 100, "message": "no"}}, status=400)
        if asked.path.startswith("/files/"):
            return (
                web.Response(status=404)
                if self.breaks_files
                else web.Response(body=self.files[last])
            )
        digest = hashlib.sha256(self.files[last]).hexdigest()
        return web.json_response({"url": f"{self.url}/files/{last}", "sha256": digest, "id": last})

    def _shown_orders(self, asked: web.Request, last: str) -> web.StreamResponse:
        if not self.is_shop_open:
            return web.Response(status=403)
        if last == "orders":
            phone = asked.query["phone"]
            found = [one for one in self.orders if one["contact"]["phone"] == f"+{phone}"]
            return web.json_response({"orders": found})
        found = [one for one in self.orders if one["display_number"] == last]
        return web.json_response(found[0]) if found else web.Response(status=404)

    async def _take_file(self, asked: web.Request) -> web.StreamResponse:
        form = await asked.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        assert form["messaging_product"] == "whatsapp"
        self.handed.append((file.filename, str(form["type"]), file.file.read()))
        return web.json_response({"id": f"up{len(self.handed)}"})

    async def answer(self, asked: web.Request) -> web.StreamResponse:
        """One call of the desk; an exception breaks the line without an answer."""
        if asked.content_type == "multipart/form-data":
            return await self._take_file(asked)
        body = await asked.json()
        try:
            told = await self._told(asked.path, body)
        except ConnectionError:
            assert asked.transport is not None
            asked.transport.abort()
            return web.Response()
        return web.Response(
            status=told.status_code, body=told.content, content_type="application/json"
        )

    async def _told(self, path: str, body: dict[str, Any]) -> httpx2.Response:
        if path.startswith("/bot/"):
            self.turns.append(body)
            told = self.bot(body) if self.bot else says(f"eco: {body['text'] or body['payload']}")
            if self.before_answer is not None:
                await self.before_answer()
            return told
        if body.get("status") == "read":
            self.courtesies.append(body)
            return httpx2.Response(200, json={"success": True})
        self.sent.append(body)
        refused = self.answers.pop(0) if self.answers else None
        if isinstance(refused, Exception):
            raise refused
        if refused is not None:
            return refused
        wamid = f"wamid.OUT{next(self.accepted)}"
        return httpx2.Response(200, json={"messages": [{"id": wamid}]})


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    """The world outside, on a port of the loopback."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder=Path(folder))
        app = web.Application()
        app.router.add_post("/{path:.*}", world.answer)
        app.router.add_get("/{path:.*}", world.show)
        server = TestServer(app)
        await server.start_server()
        world.url = str(server.make_url("")).rstrip("/")
        yield world
        await server.close()


def says(
    *texts: str,
    buttons: list[dict[str, str]] | None = None,
    language: str = "pt",
    intent: str = "greet",
    stage: str = "answered",
) -> Any:
    """A bot's answer."""
    replies: list[dict[str, Any]] = [{"text": words} for words in texts]
    if buttons:
        replies[-1]["buttons"] = buttons
    return httpx2.Response(
        200,
        json={
            "message_id": "",
            "language": language,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [],
            "stage": stage,
            "replies": replies,
            "repeated": False,
        },
    )


def refusal(code: int, status: int = 400) -> httpx2.Response:
    """Meta's answer to a send it does not accept."""
    return httpx2.Response(status, json={"error": {"message": f"(#{code}) no", "code": code}})


@dataclass
class Desk:
    """The whole desk, driven step by step."""

    settings: Settings
    database: Database
    http: httpx2.AsyncClient
    worker: Worker
    world: World

    async def sign_in(self, agent_id: int) -> httpx2.AsyncClient:
        """Let `http` be somebody's browser from now on."""
        self.http.cookies.clear()
        self.http.cookies.set(people.COOKIE, await people.session_of(self.database, agent_id))
        self.http.headers.update(people.OWN)
        return self.http

    async def deliver(self, *messages: dict[str, Any], contact: Any = ANA) -> httpx2.Response:
        """Meta delivers messages of one contact in one POST."""
        contacts = [contact] if contact else []
        return await self.deliver_value({"contacts": contacts, "messages": list(messages)})

    async def deliver_value(
        self, value: dict[str, Any], field: str = "messages"
    ) -> httpx2.Response:
        """Meta delivers one change."""
        metadata = {"display_phone_number": "551140028922", "phone_number_id": NUMBER}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        change = {"field": field, "value": value}
        envelope = {
            "object": "whatsapp_business_account",
            "entry": [{"id": "900800700600", "changes": [change]}],
        }
        return await self.post(json.dumps(envelope).encode())

    async def post(self, body: bytes, signature: str | None = None) -> httpx2.Response:
        """A POST at the webhook, signed as Meta would unless told otherwise."""
        headers = {"X-Hub-Signature-256": signature or sign(body, SECRET.encode())}
        return await self.http.post("/webhooks/whatsapp", content=body, headers=headers)

    async def settle(self) -> None:
        """Let the worker do everything that is due."""
        for _ in range(50):
            if not await self.worker.step():
                return

    async def rows(self, query: str, **values: Any) -> list[Any]:
        """Rows of the database, to look at what is kept."""
        async with self.database.transaction() as session:
            return list((await session.execute(text(query), values)).all())


def written(body: str, wamid: str, *, at: int | None = None, sender: Any = ANA) -> dict[str, Any]:
    """A text message as Meta delivers it; `at` in Unix seconds, now when left out."""
    return {
        **({"from": sender["wa_id"]} if "wa_id" in sender else {}),
        **({"from_user_id": sender["user_id"]} if "user_id" in sender else {}),
        "id": wamid,
        "timestamp": str(at or int(time.time())),
        "type": "text",
        "text": {"body": body},
    }


class open_desk:  # noqa: N801 - reads as a verb where it is used
    """A desk with settings of a test's own."""

    def __init__(self, database: Database, world: World, settings: Settings) -> None:
        self._database, self._world, self._settings = database, world, settings

    async def __aenter__(self) -> Desk:
        await people.seat(self._database)
        app = create_app(self._settings)
        self._lifespan = app.router.lifespan_context(app)
        await self._lifespan.__aenter__()
        self._bot = BotClient(self._settings.bot)
        self._graph = GraphClient(self._settings.whatsapp)
        self._http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://desk.test"
        )
        worker = Worker(self._settings, self._database, self._bot, self._graph)
        self._announcer = worker.announcer
        return Desk(self._settings, self._database, self._http, worker, self._world)

    async def __aexit__(self, *_: object) -> None:
        await self._lifespan.__aexit__(None, None, None)
        await self._announcer.close()
        for client in (self._http, self._bot, self._graph):
            await (client.aclose() if isinstance(client, httpx2.AsyncClient) else client.close())
