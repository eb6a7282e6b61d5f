"""The phone page in a real browser: what is pressed there reaches the desk."""

import shutil
import struct
import zlib
from collections.abc import AsyncIterator

import httpx2
import pytest
from playwright.async_api import FilePayload, Page, async_playwright, expect

from tests.simulator.fake_desk import SEND, FakeDesk, Json, message, text

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
MARINA = "+5511987650001"
FILES = (("image/png", "image", "foto.png"), ("application/pdf", "document", "etiqueta.pdf"))

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here"),
]


@pytest.fixture
async def page(served: httpx2.AsyncClient) -> AsyncIterator[Page]:
    """Marina's phone, wide open; anything the page complains about fails the test."""
    complaints: list[str] = []
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        page = await browser.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text))
        await page.goto(f"{served.base_url}/phone")
        await page.get_by_test_id("shopper-5511987650001").click()
        yield page
        await browser.close()
    assert complaints == []


async def answer(served: httpx2.AsyncClient, body: Json) -> str:
    """Say something to Marina as the desk would."""
    response = await served.post(
        "/graph/v25.0" + SEND,
        json={**body, "to": MARINA},
        headers={"Authorization": "Bearer token"},
    )
    return str(response.json()["messages"][0]["id"])


async def write(page: Page, words: str) -> None:
    await page.get_by_test_id("composer").fill(words)
    await page.get_by_test_id("composer").press("Enter")


async def test_a_text_gets_its_ticks_and_an_answer_is_read(
    served: httpx2.AsyncClient, page: Page, desk: FakeDesk
) -> None:
    await write(page, "cadê meu pedido?")
    mine = page.get_by_test_id("message-out")
    await expect(mine).to_have_attribute("data-status", "delivered")
    await desk.until(lambda: len(desk.messages) == 1)
    mark = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": desk.messages[0]["id"],
        "typing_indicator": {"type": "text"},
    }
    await served.post("/graph/v25.0" + SEND, json=mark, headers={"Authorization": "Bearer token"})
    await expect(mine).to_have_attribute("data-status", "read")
    await expect(page.get_by_test_id("typing")).to_be_visible()
    await answer(served, text("Saiu *hoje*: <b>https://rastreio.example/BR1</b>."))
    theirs = page.get_by_test_id("message-in")
    await expect(theirs.locator("strong")).to_have_text("hoje")
    await expect(theirs.locator(".text")).to_have_text(
        "Saiu hoje: <b>https://rastreio.example/BR1</b>."
    )
    await expect(theirs.locator("a")).to_have_attribute("href", "https://rastreio.example/BR1")
    await expect(page.get_by_test_id("typing")).to_be_hidden()
    await desk.until(lambda: "read" in [status["status"] for status in desk.statuses])


async def test_buttons_and_list_rows_answer_with_their_ids(
    served: httpx2.AsyncClient, page: Page, desk: FakeDesk
) -> None:
    await write(page, "oi")
    await desk.until(lambda: len(desk.messages) == 1)
    button = {"type": "reply", "reply": {"id": "/affirm", "title": "Sim"}}
    asked = {"type": "button", "body": {"text": "É este?"}, "action": {"buttons": [button]}}
    asked_id = await answer(served, message("interactive", asked))
    await page.get_by_test_id("option-button").click()
    await desk.until(lambda: len(desk.messages) == 2)
    assert desk.messages[1]["interactive"]["button_reply"] == {"id": "/affirm", "title": "Sim"}
    assert desk.messages[1]["context"]["id"] == asked_id
    row = {"id": "ord:48213", "title": "Pedido 48213", "description": "Tênis 38"}
    listed = {
        "type": "list",
        "body": {"text": "Qual?"},
        "action": {"button": "Ver pedidos", "sections": [{"title": "Recentes", "rows": [row]}]},
    }
    await answer(served, message("interactive", listed))
    await page.get_by_test_id("open-list").click()
    await page.get_by_test_id("list-row").click()
    await desk.until(lambda: len(desk.messages) == 3)
    assert desk.messages[2]["interactive"]["list_reply"] == row


async def test_templates_ratings_and_files_of_agents_look_it(
    served: httpx2.AsyncClient, page: Page, desk: FakeDesk
) -> None:
    await write(page, "oi")
    await desk.until(lambda: len(desk.messages) == 1)
    parts = [{"type": "body", "parameters": [{"type": "text", "text": "Marina"}]}]
    template = {"name": "retomar_atendimento", "language": {"code": "pt_BR"}, "components": parts}
    await answer(served, message("template", template))
    last = page.get_by_test_id("message-in").last
    await expect(last).to_contain_text("Olá, Marina! Temos novidades")
    await last.get_by_role("button", name="Continuar").click()
    await desk.until(lambda: len(desk.messages) == 2)
    assert desk.messages[1]["button"]["text"] == "Continuar"

    for mime_type, kind, name in FILES:
        brought = await served.post(
            "/graph/v25.0/700100200300/media",
            data={"messaging_product": "whatsapp", "type": mime_type},
            files={"file": (name, _picture() if kind == "image" else b"%PDF-1.4", mime_type)},
            headers={"Authorization": "Bearer token"},
        )
        part = {"id": brought.json()["id"], "caption": "em anexo"}
        await answer(served, message(kind, part | ({"filename": name} if kind != "image" else {})))
        await expect(last).to_contain_text("em anexo")
        shown = last.locator("img") if kind == "image" else last.get_by_text(name)
        await expect(shown).to_be_visible()

    await page.get_by_test_id("media-only").click()
    await expect(page.locator(".bubble:visible")).to_have_count(2)
    await page.get_by_test_id("media-only").click()
    await expect(page.locator(".bubble:visible")).to_have_count(5)


async def test_a_busy_day_is_switched_on_and_off(
    served: httpx2.AsyncClient, page: Page, desk: FakeDesk
) -> None:
    await page.get_by_test_id("busy").click()
    await page.get_by_test_id("busy-rate").fill("60")
    await page.get_by_test_id("busy-on").check()
    await desk.until(lambda: len(desk.messages) >= 1)
    await expect(page.get_by_text("Outros clientes")).to_be_attached()
    assert (await served.get("/control/busy")).json()["per_minute"] == 60
    await page.get_by_test_id("busy-on").uncheck()
    await expect(page.get_by_test_id("busy-status")).to_contain_text("mensagens até agora")
    assert not (await served.get("/control/busy")).json()["on"]
    await page.get_by_role("button", name="Fechar").click()
    await expect(page.get_by_test_id("busy")).to_have_attribute("aria-pressed", "false")


async def test_a_photo_is_previewed_and_sent_with_its_caption(page: Page, desk: FakeDesk) -> None:
    photo = FilePayload(name="foto.png", mimeType="image/png", buffer=_picture())
    await page.get_by_test_id("file-photo").set_input_files(photo)
    await expect(page.get_by_test_id("preview")).to_contain_text("foto.png")
    await page.get_by_test_id("composer").fill("chegou rasgado")
    await page.get_by_test_id("send").click()
    await desk.until(lambda: len(desk.messages) == 1)
    assert desk.messages[0]["image"]["caption"] == "chegou rasgado"
    await expect(page.get_by_test_id("message-out").locator("img")).to_be_visible()


async def test_the_page_speaks_english_and_fits_a_small_phone(page: Page) -> None:
    await page.get_by_role("button", name="English", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Phones")
    await expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", "Message")
    await page.set_viewport_size({"width": 360, "height": 640})
    await write(page, "where is my order " + "x" * 200)
    await expect(page.get_by_test_id("message-out")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.get_by_role("button", name="Back to the phones").click()
    await expect(page.get_by_test_id("shopper-447700900123")).to_be_visible()


async def test_a_new_shopper_is_made_and_opened(page: Page, desk: FakeDesk) -> None:
    await page.get_by_test_id("new-shopper").click()
    await page.get_by_label("Nome", exact=True).fill("Ana")
    await page.get_by_label("Número").fill("55 11 91111-2222")
    await page.get_by_role("button", name="Criar").click()
    await expect(page.locator("[aria-current=true]")).to_contain_text("Ana")
    await write(page, "oi")
    await desk.until(lambda: len(desk.messages) == 1)
    assert desk.messages[0]["from"] == "5511911112222"


async def test_trouble_is_ordered_and_called_off_on_the_page(
    served: httpx2.AsyncClient, page: Page
) -> None:
    await page.get_by_test_id("trouble").click()
    await page.get_by_test_id("fault-rate_limit").click()
    await page.get_by_label("Repetir cada aviso").check()
    await expect(page.get_by_role("status").filter(has_text="Ligado agora")).to_contain_text("×3")
    ordered = (await served.get("/control/faults")).json()
    assert ordered["faults"][0]["kind"] == "rate_limit"
    assert ordered["webhooks"]["duplicate"] == 1
    await page.get_by_role("button", name="Desligar tudo").click()
    await expect(page.get_by_text("Tudo funciona normalmente.")).to_be_visible()


def _picture() -> bytes:
    """A small grey PNG."""

    def part(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    size = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * 8) * 8)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", size) + part(b"IDAT", rows) + part(b"IEND", b"")
