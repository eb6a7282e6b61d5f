"""A paper that the bot brings reaches the phone as a file, and the console as a message's."""

from typing import Any

import httpx2

from tests.sla_service.world import SERVICE_TOKEN, Desk, World, written

_PDF = b"%PDF-1.4\n" + b"nota " * 50
_AUTH = {"Authorization": f"Bearer {SERVICE_TOKEN}"}


async def _bring(
    desk: Desk, content: bytes, mime: str, name: str, conversation: int = 1
) -> httpx2.Response:
    return await desk.http.post(
        f"/api/conversations/{conversation}/files",
        params={"filename": name},
        content=content,
        headers={**_AUTH, "Content-Type": mime},
    )


def _says(world: World, text: str, attachment: str) -> None:
    """What the bot answers from now on."""

    def bot(turn: dict[str, Any]) -> httpx2.Response:
        said = {"text": text, "attachment": {"file": attachment}}
        answer = {"replies": [said], "language": "pt", "stage": "answered"}
        return httpx2.Response(200, json={"message_id": turn["message_id"], **answer})

    world.bot = bot


async def test_a_paper_of_the_bots_is_sent_as_a_document(desk: Desk, world: World) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    answer = await _bring(desk, _PDF, "application/pdf", "nota-fiscal-48213.pdf")
    _says(world, "Aqui está a nota fiscal.", answer.json()["file"])
    await desk.deliver(written("quero a nota fiscal", "wamid.A2"))
    await desk.settle()
    assert world.handed == [("nota-fiscal-48213.pdf", "application/pdf", _PDF)]
    body = world.sent[-1]
    assert body["type"] == "document"
    assert body["document"] == {
        "id": "up1",
        "caption": "Aqui está a nota fiscal.",
        "filename": "nota-fiscal-48213.pdf",
    }
    assert await desk.rows(
        "SELECT m.kind, f.state, f.filename FROM media_files f"
        " JOIN messages m ON m.id = f.message_id"
    ) == [("document", "stored", "nota-fiscal-48213.pdf")]


async def test_only_the_bot_may_bring_one(desk: Desk, world: World) -> None:
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    answer = await desk.http.post("/api/conversations/1/files", content=_PDF)
    assert answer.status_code == 401
    assert (await _bring(desk, _PDF, "application/pdf", "a.pdf", 99)).status_code == 404
    assert (await _bring(desk, b"MZ\x90", "application/x-msdownload", "a.exe")).status_code == 415
    assert world.handed == []


async def test_a_file_that_is_not_here_is_never_promised(desk: Desk, world: World) -> None:
    _says(world, "Segue.", "upload:nowhere")
    await desk.deliver(written("nota", "wamid.A1"))
    await desk.settle()
    assert world.sent == []
