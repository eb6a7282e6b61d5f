"""Files of contacts come to the desk soon after their message, and are given out with care."""

import base64
import hashlib
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from sla_service.conversations import media
from tests.sla_service.people import BRUNO
from tests.sla_service.world import ANA, Desk, written

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
HTML = b"<!doctype html><script>alert(1)</script>"


def sent(content: bytes, **part: Any) -> dict[str, Any]:
    """An image that Ana sends."""
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    image = {"id": "m1", "mime_type": "image/png", "sha256": digest, **part}
    return {**written("", "wamid.1"), "type": "image", "image": image}


async def receive(desk: Desk, content: bytes, **part: Any) -> httpx2.AsyncClient:
    """Ana sent a file, and the worker did what was due; Bruno looks."""
    desk.world.files["m1"] = content
    await desk.deliver(sent(content, **part))
    await desk.settle()
    return await desk.sign_in(BRUNO)


async def shown(person: httpx2.AsyncClient) -> dict[str, Any]:
    thread = (await person.get("/api/conversations/1/messages")).json()
    found: dict[str, Any] = thread["messages"][0]["media"]
    return found


async def retried(desk: Desk) -> None:
    """What was put off is due again."""
    await desk.rows("UPDATE media_files SET due_at = now() WHERE due_at IS NOT NULL RETURNING 1")
    await desk.settle()


@contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    """The kernel refuses to write more, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_file_is_fetched_and_shown(desk: Desk) -> None:
    person = await receive(desk, PNG, caption="chegou rasgado")
    file = await shown(person)
    assert (file["state"], file["shown"], file["size"]) == ("stored", True, len(PNG))
    answer = await person.get(file["url"])
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("inline")
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_part_of_a_file_can_be_had(desk: Desk) -> None:
    person = await receive(desk, PNG)
    url = (await shown(person))["url"]
    answer = await person.get(url, headers={"Range": "bytes=8-17"})
    assert (answer.status_code, answer.content) == (206, PNG[8:18])
    assert answer.headers["content-range"] == f"bytes 8-17/{len(PNG)}"


async def test_a_file_that_lies_about_its_type_is_saved_not_shown(desk: Desk) -> None:
    person = await receive(desk, HTML, filename="foto\u202e<b>.png")
    file = await shown(person)
    assert (file["state"], file["shown"]) == ("stored", False)
    answer = await person.get(file["url"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_the_same_file_twice_lies_on_disk_once(desk: Desk) -> None:
    await receive(desk, PNG)
    desk.world.files["m2"] = PNG
    await desk.deliver({**sent(PNG, id="m2"), "id": "wamid.2"})
    await desk.settle()
    files = [path for path in desk.settings.media.folder.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [hashlib.sha256(PNG).hexdigest()]


async def test_a_file_that_does_not_come_is_tried_again(desk: Desk) -> None:
    desk.world.breaks_files = True
    await receive(desk, PNG)
    (file,) = await desk.rows("SELECT state, attempts, due_at > now() AS later FROM media_files")
    assert (file.state, file.attempts, file.later) == ("waiting", 1, True)
    desk.world.breaks_files = False
    await retried(desk)
    (file,) = await desk.rows("SELECT state, sha256, due_at, error FROM media_files")
    assert (file.state, file.due_at, file.error) == ("stored", None, None)
    assert file.sha256 == hashlib.sha256(PNG).hexdigest()


async def test_a_file_that_the_channel_does_not_have_is_given_up(desk: Desk) -> None:
    await desk.deliver(sent(PNG))
    await desk.settle()
    person = await desk.sign_in(BRUNO)
    file = await shown(person)
    assert (file["state"], file["url"]) == ("failed", None)
    answer = await person.get("/api/media/1")
    assert (answer.status_code, answer.json()["type"]) == (404, "no_such_file")


async def test_a_disk_that_is_full_loses_no_file_however_long_it_is(desk: Desk) -> None:
    content = PNG * 8192
    with _no_file_larger_than(2**20):
        await receive(desk, content)
        for _ in range(desk.settings.media.attempts):
            await retried(desk)
    (file,) = await desk.rows("SELECT state, attempts, error FROM media_files")
    assert (file.state, file.attempts, file.error) == ("waiting", 0, "no room: File too large")
    assert [path for path in desk.settings.media.folder.rglob("*") if path.is_file()] == []
    await retried(desk)
    (file,) = await desk.rows("SELECT state, sha256, error FROM media_files")
    assert (file.state, file.error) == ("stored", None)
    assert file.sha256 == hashlib.sha256(content).hexdigest()


async def test_what_was_revoked_is_given_to_nobody(desk: Desk) -> None:
    person = await receive(desk, PNG)
    revoke = {"original_message_id": "wamid.1"}
    await desk.deliver({**written("", "wamid.2"), "type": "revoke", "revoke": revoke})
    await desk.settle()
    assert (await person.get("/api/media/1")).status_code == 404


@pytest.mark.parametrize("limit", [10, len(PNG) - 1])
async def test_a_file_that_is_too_large_is_not_kept(desk: Desk, limit: int) -> None:
    settings = desk.settings.model_copy(
        update={"media": desk.settings.media.model_copy(update={"largest": limit})}
    )
    object.__setattr__(desk.worker.fetcher, "settings", settings)
    person = await receive(desk, PNG)
    assert (await shown(person))["state"] == "failed"
    assert [path for path in settings.media.folder.rglob("*") if path.is_file()] == []


async def test_two_workers_fetch_a_file_once(desk: Desk) -> None:
    desk.world.files["m1"] = PNG
    await desk.deliver(sent(PNG))
    await desk.worker.intake.drain()
    lease = 2 * desk.settings.whatsapp.file_timeout
    async with desk.database.step() as first, desk.database.step() as second:
        claimed = [
            *await media.claim(first, limit=4, lease=lease),
            *await media.claim(second, limit=4, lease=lease),
        ]
    assert [one.media_id for one in claimed] == ["m1"]
    assert ANA["wa_id"] not in repr(claimed)
