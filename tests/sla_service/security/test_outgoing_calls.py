"""Nobody who writes decides where the desk calls, and its tokens go to their owners alone."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sla_service.settings import WhatsAppSettings
from sla_service.whatsapp.client import FileAddress, GraphClient
from sla_service.whatsapp.failures import Failure, FailureClass
from tests.sla_service.world import Desk, written


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:5432/",
        "https://evil.example/steal",
        "https://fbsbx.com.evil.example/x",
        "https://evilfbsbx.com/x",
        "https://graph.facebook.com@evil.example/x",
        "http://lookaside.fbsbx.com/in-the-clear",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://[::1",
        "",
    ],
)
async def test_a_file_is_fetched_from_the_channels_hosts_alone(url: str) -> None:
    client = GraphClient(WhatsAppSettings())
    pieces = client.fetch_file(FileAddress(url, None))
    with pytest.raises(Failure) as refused:
        await anext(pieces)
    assert refused.value.kind is FailureClass.PERMANENT
    await client.close()


async def test_a_file_that_has_moved_is_not_followed() -> None:
    asked: list[str] = []

    async def moved(request: web.Request) -> web.Response:
        asked.append(request.path)
        raise web.HTTPFound("/elsewhere")

    app = web.Application()
    app.router.add_get("/{path:.*}", moved)
    async with TestServer(app) as server:
        home = str(server.make_url("")).rstrip("/")
        client = GraphClient(WhatsAppSettings(graph_url=home))
        with pytest.raises(Failure) as refused:
            await anext(client.fetch_file(FileAddress(f"{home}/file", None)))
        await client.close()
    assert (refused.value.kind, asked) == (FailureClass.RETRY, ["/file"])


@pytest.mark.parametrize(
    "media_id", ["../../me/accounts", "m1?fields=url", "m1/../m2", "..", "m1#x", "m%31", "", "é"]
)
async def test_a_files_id_is_no_path(media_id: str) -> None:
    client = GraphClient(WhatsAppSettings())
    with pytest.raises(Failure) as refused:
        await client.find_file(media_id)
    assert refused.value.kind is FailureClass.PERMANENT
    await client.close()


async def test_an_address_in_a_message_is_not_called(desk: Desk) -> None:
    desk.world.files["m1"] = b"\x89PNG\r\n\x1a\n"
    trap = f"{desk.world.url}/bot/trap"
    image: dict[str, Any] = {"id": "gone", "mime_type": "image/png", "url": trap, "link": trap}
    await desk.deliver({**written("", "wamid.1"), "type": "image", "image": image})
    await desk.deliver(written(f"olha {trap}", "wamid.2"))
    await desk.settle()
    assert all("trap" not in str(turn.get("path", "")) for turn in desk.world.turns)
    [file] = await desk.rows("SELECT state FROM media_files")
    assert file.state != "stored"
