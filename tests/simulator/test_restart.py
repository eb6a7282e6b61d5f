"""A simulator that starts again shows the chats and sends what it still owes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from simulator.app import create_app
from simulator.settings import Settings
from tests.simulator.fake_desk import Clock, FakeDesk, Phone


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"state": tmp_path / "kept" / "simulator.json"})


@asynccontextmanager
async def running(settings: Settings, desk: FakeDesk) -> AsyncIterator[httpx2.AsyncClient]:
    app = create_app(settings, transport=desk.transport, now=Clock().now)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8090"
        ) as client,
    ):
        yield client


async def test_a_webhook_the_desk_never_took_goes_out_after_a_restart(
    settings: Settings, desk: FakeDesk
) -> None:
    desk.is_down = True
    async with running(settings, desk) as control:
        await Phone(control, "5511987650001").send("text", {"body": "cadê?"})
    desk.is_down = False
    async with running(settings, desk) as control:
        await desk.until(lambda: len(desk.messages) == 1)
        (shown,) = await Phone(control, "5511987650001").messages()
        assert shown["content"] == {"body": "cadê?"}
        assert shown["id"] == desk.messages[0]["id"]


async def test_a_message_is_in_the_file_before_the_phone_hears_that_it_was_sent(
    settings: Settings, desk: FakeDesk
) -> None:
    assert settings.state is not None
    desk.is_down = True
    async with running(settings, desk) as control:
        await control.post("/control/inbound", json={"shopper": "priya.n", "text": "hello"})
        as_if_killed_now = settings.state.read_bytes()
    settings.state.write_bytes(as_if_killed_now)
    desk.is_down = False
    async with running(settings, desk):
        await desk.until(lambda: len(desk.messages) == 1)


async def test_files_and_new_shoppers_are_kept(settings: Settings, desk: FakeDesk) -> None:
    async with running(settings, desk) as control:
        wanted = {"name": "Ana", "number": "5511911112222"}
        await control.post("/phone/api/shoppers", json=wanted)
        key = await Phone(control, "5511911112222").key()
        await control.post(
            f"/phone/api/chats/{key}/media",
            files={"file": ("a.png", b"\x89PNG\r\n\x1a\n", "image/png")},
        )
    async with running(settings, desk) as control:
        (shown,) = await Phone(control, "5511911112222").messages()
        media = await control.get(f"/phone/api/media/{shown['content']['id']}")
        assert media.content == b"\x89PNG\r\n\x1a\n"


async def test_a_state_file_that_is_broken_is_put_aside(settings: Settings, desk: FakeDesk) -> None:
    assert settings.state is not None
    settings.state.parent.mkdir(parents=True)
    settings.state.write_text("{")
    async with running(settings, desk) as control:
        shoppers = (await control.get("/phone/api/state")).json()["shoppers"]
        assert len(shoppers) == 5
    assert settings.state.with_suffix(".unreadable").read_text() == "{"
