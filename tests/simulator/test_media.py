"""Files go up, come down by a URL that dies, and have limits."""

from typing import Any

import httpx2
import pytest

from tests.simulator.fake_desk import SEND, Clock, FakeDesk, Phone, message

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
PDF = b"%PDF-1.7 document"


async def upload(
    graph: httpx2.AsyncClient, data: bytes = PNG, mime_type: str = "image/png", **form: str
) -> Any:
    answer = await graph.post(
        "/700100200300/media",
        data={"messaging_product": "whatsapp", "type": mime_type, **form},
        files={"file": ("file", data, mime_type)},
    )
    return answer.json()


async def test_an_uploaded_file_is_described_downloaded_and_deleted(
    graph: httpx2.AsyncClient,
) -> None:
    media_id = (await upload(graph))["id"]
    known = (await graph.get(f"/{media_id}?phone_number_id=700100200300")).json()
    assert known["mime_type"] == "image/png"
    assert known["file_size"] == str(len(PNG))
    assert (await graph.get(known["url"])).content == PNG
    assert (await graph.delete(f"/{media_id}")).json() == {"success": True}
    assert (await graph.get(f"/{media_id}")).json()["error"]["error_subcode"] == 33


async def test_a_url_needs_the_token_and_dies_after_five_minutes(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, clock: Clock
) -> None:
    media_id = (await upload(graph))["id"]
    url = (await graph.get(f"/{media_id}")).json()["url"]
    assert (await control.get(url)).status_code == 401
    clock.pass_by(290)
    assert (await graph.get(url)).status_code == 200
    clock.pass_by(12)
    assert (await graph.get(url)).status_code == 404
    fresh = (await graph.get(f"/{media_id}")).json()["url"]
    assert (await graph.get(fresh)).status_code == 200


async def test_a_forged_url_opens_nothing(graph: httpx2.AsyncClient) -> None:
    media_id = (await upload(graph))["id"]
    answer = await graph.get(
        f"http://127.0.0.1:8090/attachments/?mid={media_id}&ext=9999999999&hash=0"
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("data", "mime_type", "code"),
    [
        (b"GIF89a", "image/gif", 100),
        (PDF, "image/png", 131053),
        (b"", "image/png", 131053),
        (b"\xff\xd8\xff" + bytes(5 * 1024 * 1024), "image/jpeg", 131053),
        (b"x", "application/octet-stream", 100),
    ],
)
async def test_a_file_meta_would_not_take_is_refused(
    graph: httpx2.AsyncClient, data: bytes, mime_type: str, code: int
) -> None:
    assert (await upload(graph, data, mime_type))["error"]["code"] == code


async def test_an_upload_without_its_fields_is_refused(graph: httpx2.AsyncClient) -> None:
    assert (await upload(graph, messaging_product="sms"))["error"]["code"] == 100
    answer = await graph.post("/700100200300/media", data={"messaging_product": "whatsapp"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)


async def test_an_uploaded_document_reaches_the_phone(
    control: httpx2.AsyncClient, graph: httpx2.AsyncClient, ana: Phone
) -> None:
    media_id = (await upload(graph, PDF, "application/pdf"))["id"]
    document = {"id": media_id, "filename": "etiqueta.pdf", "caption": "Etiqueta"}
    assert (await graph.post(SEND, json=message("document", document))).status_code == 200
    assert (await ana.messages())[-1]["content"] == document
    shown = await control.get(f"/phone/api/media/{media_id}")
    assert shown.content == PDF
    assert shown.headers["content-disposition"] == "attachment"
    assert shown.headers["x-content-type-options"] == "nosniff"


async def test_a_file_of_another_kind_is_refused(graph: httpx2.AsyncClient, ana: Phone) -> None:
    media_id = (await upload(graph, PDF, "application/pdf"))["id"]
    answer = await graph.post(SEND, json=message("image", {"id": media_id}))
    assert answer.json()["error"]["code"] == 131053


async def test_a_linked_picture_is_fetched_and_shown(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    link = "https://shop.example/tenis.png"
    desk.files[link] = httpx2.Response(200, content=PNG, headers={"content-type": "image/png"})
    await graph.post(SEND, json=message("image", {"link": link}))
    media_id = (await ana.messages())[-1]["content"]["id"]
    assert (await ana.client.get(f"/phone/api/media/{media_id}")).content == PNG


async def test_a_link_that_holds_no_picture_fails_later(
    graph: httpx2.AsyncClient, ana: Phone, desk: FakeDesk
) -> None:
    link = "https://shop.example/nothing.png"
    desk.files[link] = httpx2.Response(404)
    answer = await graph.post(SEND, json=message("image", {"link": link}))
    assert answer.status_code == 200
    await desk.until(lambda: len(desk.statuses) == 1)
    assert desk.statuses[0]["status"] == "failed"
    assert desk.statuses[0]["errors"][0]["code"] == 131053
