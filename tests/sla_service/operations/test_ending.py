"""Asked to end (SIGTERM), a process finishes what it holds, gives the rest back, and ends well."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from socket import socket
from typing import Any

import httpx2
import psycopg

from sla_service.whatsapp.signature import sign
from tests.sla_service.world import SECRET, Desk, World, says, written

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0


@asynccontextmanager
async def process(desk: Desk, module: str, **settings: str) -> AsyncIterator[Process]:
    """A real process of the desk; what it says goes to its standard output."""
    ours = desk.settings
    env = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    env |= {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DESK_DATABASE_URL": ours.server_url(),
        "DESK_SERVICE_TOKEN": ours.service_token.get_secret_value(),
        "DESK_BOT__URL": ours.bot.url,
        "DESK_BOT__TOKEN": ours.bot.token.get_secret_value(),
        "DESK_WHATSAPP__APP_SECRETS": SECRET,
        "DESK_WHATSAPP__VERIFY_TOKEN": ours.whatsapp.verify_token.get_secret_value(),
        "DESK_WHATSAPP__ACCESS_TOKEN": ours.whatsapp.access_token.get_secret_value(),
        "DESK_WHATSAPP__GRAPH_URL": ours.whatsapp.graph_url,
        "DESK_MEDIA__FOLDER": str(ours.media.folder),
        "DESK_LANES__QUIET": "0",
        "DESK_LANES__LEASE": "600",
        "DESK_PRIVACY__NOTICE": "false",
        **settings,
    }
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module), cwd=desk.world.folder, env=env, stdin=DEVNULL, stdout=PIPE
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def until(condition: Callable[[], Any], what: str) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)
    assert condition(), what


async def ends_well(started: Process) -> None:
    """It ends, by itself and without a failure."""
    async with asyncio.timeout(PATIENCE):
        said, _ = await started.communicate()
    # The web server ends by the signal that it was sent, once it is done.
    assert started.returncode in {0, -signal.SIGTERM}, said.decode()
    assert b"Traceback" not in said


async def test_a_worker_that_is_asked_to_end_answers_whom_it_has_begun_with(
    desk: Desk, world: World
) -> None:
    begun, may_answer = asyncio.Event(), asyncio.Event()

    async def think() -> None:
        begun.set()
        await may_answer.wait()

    world.before_answer = think
    world.bot = lambda _: says("Oi, Ana!")
    await desk.deliver(written("oi", "wamid.A1"))
    async with process(desk, "sla_service.worker") as worker:
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
        worker.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)  # it has been told; nothing may hang on how long it takes
        assert worker.returncode is None
        assert world.sent == []
        may_answer.set()
        await ends_well(worker)
    assert [one["text"]["body"] for one in world.sent] == ["Oi, Ana!"]
    assert await desk.rows("SELECT 1 FROM turns WHERE closed_at IS NULL") == []
    assert await desk.rows("SELECT 1 FROM outbox") == []
    assert await desk.rows("SELECT 1 FROM conversations WHERE leased_until > now()") == []


async def test_what_a_worker_had_not_begun_another_takes_at_once(desk: Desk, world: World) -> None:
    """A lease of ten minutes would be waited for, if one were left behind."""
    world.bot = lambda _: says("Oi!")
    async with process(desk, "sla_service.worker") as worker:
        assert worker.stdout is not None
        async with asyncio.timeout(PATIENCE):
            await worker.stdout.readline()  # it is ready
        crowd = [f"55119876500{number:02}" for number in range(40)]
        for number in crowd:
            contact = {"profile": {"name": "Ana"}, "wa_id": number, "user_id": f"BR.{number}"}
            who = {"from": number, "from_user_id": f"BR.{number}"}
            message = written("oi", f"wamid.{number}") | who
            await desk.deliver(message, contact=contact)
        await until(lambda: world.sent, "the first answer")
        worker.send_signal(signal.SIGTERM)
        await ends_well(worker)
    async with process(desk, "sla_service.worker") as another:
        await until(lambda: len(world.sent) >= len(crowd), "everybody to be answered")
        another.send_signal(signal.SIGTERM)
        await ends_well(another)
    assert sorted(one["to"].lstrip("+") for one in world.sent) == crowd


async def test_a_web_process_that_is_asked_to_end_keeps_what_it_took(
    desk: Desk, world: World
) -> None:
    """Webhooks that were answered 200 are stored; all others were not answered 200."""
    port = free_port()
    accepted: set[str] = set()

    async def deliver(http: httpx2.AsyncClient, number: int) -> None:
        body = envelope(f"wamid.W{number}")
        headers = {"X-Hub-Signature-256": sign(body, SECRET.encode())}
        try:
            answer = await http.post("/webhooks/whatsapp", content=body, headers=headers)
        except httpx2.TransportError:
            return
        if answer.status_code == 200:
            accepted.add(f"wamid.W{number}")

    async with (
        process(desk, "sla_service.app", DESK_PORT=str(port)) as web,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as http,
    ):
        await is_ready(http)
        under_way = [asyncio.create_task(deliver(http, number)) for number in range(200)]
        await until(lambda: accepted, "the first delivery")
        web.send_signal(signal.SIGTERM)
        await asyncio.gather(*under_way)
        await ends_well(web)
    with psycopg.connect(desk.settings.server_url()) as connection:
        found = connection.execute("SELECT key FROM whatsapp_updates").fetchall()
    stored = {key.rsplit(":", 1)[-1] for (key,) in found}
    assert accepted <= {one[one.index("wamid") :] for one in stored if "wamid" in one}


async def is_ready(http: httpx2.AsyncClient) -> None:
    """Wait until a web process answers."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                if (await http.get("/readyz")).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.05)


def envelope(wamid: str) -> bytes:
    """A delivery of one message."""
    metadata = {"display_phone_number": "551140028922", "phone_number_id": "700100200300"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": metadata,
        "contacts": [{"profile": {"name": "Ana"}, "wa_id": "5511987650001"}],
        "messages": [written("oi", wamid)],
    }
    change = {"field": "messages", "value": value}
    entry = [{"id": "900800700600", "changes": [change]}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def free_port() -> int:
    with closing(socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
