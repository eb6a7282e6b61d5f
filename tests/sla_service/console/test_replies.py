"""What an agent says reaches the contact once, and from whoever holds the conversation alone."""

import asyncio
from typing import Any

import httpx2
import pytest

from tests.sla_service.people import BRUNO, CARLA
from tests.sla_service.world import Desk

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
UTILITY = {
    "name": "retomar_atendimento",
    "language": "pt_BR",
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [
        {"type": "BODY", "text": "Olá, {{1}}! Temos novidades. Podemos continuar por aqui?"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Continuar"}]},
    ],
}


async def say(person: httpx2.AsyncClient, text: str = "Oi, Ana!", **more: Any) -> httpx2.Response:
    key = more.pop("key", text[:20] or "K")
    return await person.post(
        "/api/conversations/1/messages",
        json={"text": text, **more},
        headers={"Idempotency-Key": key},
    )


async def closed(desk: Desk) -> None:
    """The contact wrote last a day and a half ago."""
    await desk.rows(
        "UPDATE conversations SET last_inbound_at = now() - interval '36 hours' RETURNING id"
    )


async def test_a_reply_reaches_the_contact_and_says_who_wrote_it(
    held: Desk, person: httpx2.AsyncClient
) -> None:
    answer = await say(person)
    assert answer.status_code == 202, answer.text
    said = answer.json()
    assert (said["author"], said["text"], said["state"]) == ("agent", "Oi, Ana!", "queued")
    assert said["agent"] == {"id": BRUNO, "name": "Bruno Tavares"}
    await held.settle()
    (sent,) = held.world.sent
    assert sent["text"]["body"] == "Oi, Ana!"
    (thread,) = [
        one
        for one in (await person.get("/api/conversations/1/messages")).json()["messages"]
        if one["author"] == "agent"
    ]
    assert (thread["id"], thread["state"], thread["ticket"]) == (said["id"], "sent", 1001)
    assert thread["key"] == "Oi, Ana!", "the page knows by it what it asked for"


async def test_a_reply_keeps_the_promise_and_ends_the_waiting(
    held: Desk, person: httpx2.AsyncClient
) -> None:
    assert (await person.get("/api/conversations/1")).json()["waiting"]
    await say(person)
    events = await held.rows("SELECT kind FROM sla_events ORDER BY seq")
    assert events[-1].kind == "agent_message"
    shown = (await person.get("/api/conversations/1")).json()
    assert (shown["waiting"], shown["waiting_since"], shown["unread"]) == (False, None, 0)


async def test_a_reply_opens_a_ticket_that_waited_for_the_contact(
    held: Desk, person: httpx2.AsyncClient
) -> None:
    await person.put("/api/tickets/1001/status", json={"status": "pending"})
    await say(person)
    (ticket,) = await held.rows("SELECT status FROM tickets")
    assert ticket.status == "open"


async def test_a_retry_is_the_same_message(held: Desk, person: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(*(say(person, key="K1") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    await held.settle()
    assert len(held.world.sent) == 1
    other = await say(person, "mais uma", key="K2")
    assert other.json()["id"] != answers[0].json()["id"]


async def test_a_retry_is_answered_even_when_somebody_else_holds_it_by_now(
    held: Desk, person: httpx2.AsyncClient, take: Any
) -> None:
    first = (await say(person, key="K1")).json()
    await take(agent=CARLA)
    assert (await say(person, key="K1")).json()["id"] == first["id"]
    refused = await say(person, key="K2")
    assert (refused.status_code, refused.json()["type"]) == (409, "already_held")
    assert refused.json()["held_by"] == {"id": CARLA, "name": "Carla Mendes"}


async def test_the_same_key_of_two_people_means_two_messages(
    held: Desk, person: httpx2.AsyncClient, take: Any
) -> None:
    first = (await say(person, key="K1")).json()
    await take(agent=CARLA)
    carla = await held.sign_in(CARLA)
    second = (await say(carla, "Oi, aqui é a Carla.", key="K1")).json()
    assert second["id"] != first["id"]
    assert second["agent"]["name"] == "Carla Mendes"


async def test_nobody_answers_what_nobody_holds(
    desk: Desk, person: httpx2.AsyncClient, held: Desk
) -> None:
    await person.request("DELETE", "/api/conversations/1/assignment", json={"to": "queue"})
    answer = await say(person)
    assert (answer.status_code, answer.json()["type"]) == (409, "not_held")
    assert answer.json()["owner"] == "queue"
    missing = await person.post(
        "/api/conversations/99/messages", json={"text": "oi"}, headers={"Idempotency-Key": "K"}
    )
    assert missing.status_code == 404


async def test_what_an_agent_said_is_not_sent_once_somebody_else_took_over(
    held: Desk, person: httpx2.AsyncClient, take: Any
) -> None:
    await say(person)
    await take(agent=CARLA)
    await held.settle()
    assert held.world.sent == []
    (message,) = await held.rows("SELECT state, failure FROM messages WHERE author = 'agent'")
    assert (message.state, message.failure) == ("refused", {"class": "outdated_owner"})


async def test_a_long_text_goes_out_in_parts_under_one_key(
    held: Desk, person: httpx2.AsyncClient
) -> None:
    text = "Esta é uma frase bem comprida. " * 200
    first = (await say(person, text, key="K1")).json()
    assert (await say(person, text, key="K1")).json()["id"] == first["id"]
    await held.settle()
    assert len(held.world.sent) == 2
    assert all(len(one["text"]["body"]) <= 4096 for one in held.world.sent)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
async def test_nothing_is_no_reply(held: Desk, person: httpx2.AsyncClient, text: str) -> None:
    answer = await say(person, text, key="K")
    assert (answer.status_code, answer.json()["type"]) == (422, "nothing_to_say")


async def test_after_the_window_only_a_template_goes_out(
    held: Desk, person: httpx2.AsyncClient
) -> None:
    held.world.templates.append(UTILITY)
    await closed(held)
    refused = await say(person)
    assert (refused.status_code, refused.json()["type"]) == (409, "window_closed")
    (template,) = (await person.get("/api/templates")).json()
    assert (template["holes"], template["buttons"]) == (
        [{"key": "1", "part": "body", "example": None}],
        ["Continuar"],
    )
    chosen = {"name": "retomar_atendimento", "language": "pt_BR", "values": {"1": "Ana"}}
    said = (await say(person, "", template=chosen)).json()
    assert said["text"] == "Olá, Ana! Temos novidades. Podemos continuar por aqui?"
    assert said["template"] == "retomar_atendimento"
    await held.settle()
    (sent,) = held.world.sent
    assert sent["type"] == "template"
    assert sent["template"]["components"] == [
        {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}
    ]


@pytest.mark.parametrize(
    ("template", "status", "problem"),
    [
        ({"name": "outro", "language": "pt_BR"}, 404, "no_such_template"),
        ({"name": "retomar_atendimento", "language": "en"}, 404, "no_such_template"),
        ({"name": "retomar_atendimento", "language": "pt_BR"}, 422, "template_not_filled"),
        (
            {"name": "retomar_atendimento", "language": "pt_BR", "values": {"1": "a\nb"}},
            422,
            "template_not_filled",
        ),
    ],
)
async def test_a_template_is_approved_and_filled_or_refused(
    held: Desk,
    person: httpx2.AsyncClient,
    template: dict[str, Any],
    status: int,
    problem: str,
) -> None:
    held.world.templates.append(UTILITY)
    answer = await say(person, "", template=template)
    assert (answer.status_code, answer.json()["type"]) == (status, problem)


async def attach(person: httpx2.AsyncClient, content: bytes, **query: str) -> httpx2.Response:
    return await person.post(
        "/api/uploads",
        params=query,
        content=content,
        headers={"Content-Type": "application/octet-stream"},
    )


async def test_a_file_goes_out_with_its_words_and_stays_visible(
    held: Desk, person: httpx2.AsyncClient
) -> None:
    upload = (await attach(person, PDF, filename="../troca/nota já paga.pdf")).json()
    assert (upload["filename"], upload["mime_type"]) == ("nota já paga.pdf", "application/pdf")
    said = (await say(person, "Segue a nota.", media=upload["id"])).json()
    assert held.world.handed == [("nota já paga.pdf", "application/pdf", PDF)]
    await held.settle()
    (sent,) = held.world.sent
    assert sent["document"] == {
        "id": "up1",
        "caption": "Segue a nota.",
        "filename": "nota já paga.pdf",
    }
    media = said["media"]
    assert (media["url"], media["shown"], media["size"]) == (
        f"/api/media/{said['id']}",
        True,
        len(PDF),
    )
    assert (await person.get(media["url"])).content == PDF


async def test_a_file_is_its_bringers_and_is_handed_to_the_channel_once(
    held: Desk, person: httpx2.AsyncClient, take: Any
) -> None:
    upload = (await attach(person, PDF, filename="a.pdf")).json()
    for key in ("K1", "K2"):
        assert (await say(person, "", media=upload["id"], key=key)).status_code == 202
    assert len(held.world.handed) == 1
    await take(agent=CARLA)
    carla = await held.sign_in(CARLA)
    refused = await say(carla, "", media=upload["id"], key="K3")
    assert (refused.status_code, refused.json()["type"]) == (404, "no_such_upload")


@pytest.mark.parametrize(
    ("content", "filename", "mime"),
    [
        (b"<html><script>alert(1)</script>", "foto.png", "image/png"),
        (b"MZ" + bytes(80), "nota.pdf", "application/pdf"),
        (b"PK\x03\x04" + bytes(80), "fotos.zip", "application/zip"),
        (b"", "vazio.txt", "text/plain"),
    ],
    ids=["html", "program", "archive", "nothing"],
)
async def test_a_file_that_the_channel_does_not_take_is_refused(
    person: httpx2.AsyncClient, content: bytes, filename: str, mime: str
) -> None:
    answer = await attach(person, content, filename=filename, type=mime)
    assert (answer.status_code, answer.json()["type"]) == (415, "file_not_taken")


async def test_a_file_is_taken_for_what_it_is(person: httpx2.AsyncClient) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(40)
    answer = await attach(person, png, filename="nota.svg", type="image/svg+xml")
    assert answer.json()["mime_type"] == "image/png"
    large = await attach(person, png + bytes(5 * 1024 * 1024), filename="foto.png")
    assert (large.status_code, large.json()["type"]) == (413, "file_too_large")


async def test_a_form_from_elsewhere_uploads_nothing(
    held: Desk, person: httpx2.AsyncClient
) -> None:
    answer = await person.post("/api/uploads", files={"file": ("a.pdf", PDF, "application/pdf")})
    assert answer.status_code == 415
    assert await held.rows("SELECT 1 FROM uploads") == []


async def test_what_an_agent_said_before_giving_it_back_is_sent_though_people_take_it_again(
    held: Desk, person: httpx2.AsyncClient, take: Any
) -> None:
    await say(person, "Já te respondo.", key="K")
    (await person.post("/api/conversations/1/bot", json={})).raise_for_status()
    await take(agent=CARLA)
    await held.settle()
    assert [body["text"]["body"] for body in held.world.sent] == ["Já te respondo."]
