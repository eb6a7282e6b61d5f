"""A thread as people read it."""

import time
from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import insert, update

from sla_service import clock
from sla_service.conversations.tables import Author, Message, SendState
from sla_service.whatsapp.values import MessageKind
from tests.sla_service.world import ANA, Desk, says, written


async def thread(person: httpx2.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await person.get("/api/conversations/1/messages", params=query)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def sent(kind: str, part: dict[str, Any], wamid: str, **more: Any) -> dict[str, Any]:
    """A message of Ana's that is not text."""
    return {
        "from": ANA["wa_id"],
        "id": wamid,
        "timestamp": str(int(time.time())),
        "type": kind,
        kind: part,
        **more,
    }


async def test_a_turn_shows_both_sides_and_what_the_bot_understood(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    page = await thread(person)
    asked, answered = page["messages"]
    assert (asked["author"], asked["text"], asked["state"]) == ("contact", "oi", None)
    assert (answered["author"], answered["text"]) == ("bot", "eco: oi")
    assert answered["state"] == "sent"
    assert asked["turn"]["intent"] == "greet"
    assert asked["turn"]["confidence"] == 0.9
    assert asked["ticket"] == 1001
    assert [ticket["number"] for ticket in page["tickets"]] == [1001]
    assert page["before"] is None


async def test_the_option_that_was_taken_is_marked_where_it_was_offered(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    buttons = [{"title": "Sim", "payload": "/affirm"}, {"title": "Não", "payload": "/deny"}]
    desk.world.bot = lambda _: says("Chegou?", buttons=buttons)
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    reply = {"type": "button_reply", "button_reply": {"id": "/deny", "title": "Não"}}
    context = {"from": "551140028922", "id": "wamid.OUT1"}
    await desk.deliver(sent("interactive", reply, "wamid.2", context=context))
    await desk.settle()
    messages = (await thread(person))["messages"]
    assert messages[1]["options"] == [
        {"title": "Sim", "taken": False},
        {"title": "Não", "taken": True},
    ]
    assert (messages[2]["kind"], messages[2]["text"]) == ("choice", "Não")
    assert messages[2]["quoted"] == {"text": "Chegou?", "author": "bot", "kind": "text"}


async def test_files_and_places_are_named(desk: Desk, person: httpx2.AsyncClient) -> None:
    pdf = {"id": "9", "mime_type": "application/pdf", "filename": "nota.pdf", "caption": "a nota"}
    voice = {"id": "8", "mime_type": "audio/ogg; codecs=opus", "voice": True}
    place = {"latitude": -23.5, "longitude": -46.6, "name": "Loja"}
    await desk.deliver(
        sent("document", pdf, "wamid.1"),
        sent("audio", voice, "wamid.2"),
        sent("location", place, "wamid.3"),
        sent("location", {"latitude": "?"}, "wamid.4"),
    )
    await desk.settle()
    document, audio, location, odd = (await thread(person))["messages"][:4]
    assert (document["text"], document["media"]["filename"]) == ("a nota", "nota.pdf")
    assert audio["media"]["voice"]
    assert (location["place"]["latitude"], location["place"]["name"]) == (-23.5, "Loja")
    assert (odd["kind"], odd["place"]) == ("location", None)


async def test_reactions_edits_and_deletions_show_on_their_message(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    await desk.deliver(written("tênis 37", "wamid.1"), written("segredo", "wamid.2"))
    await desk.settle()
    edit = {"original_message_id": "wamid.1", "message": {"text": {"body": "tênis 38"}}}
    await desk.deliver(
        sent("reaction", {"message_id": "wamid.OUT1", "emoji": "👍"}, "wamid.3"),
        sent("edit", edit, "wamid.4"),
        sent("revoke", {"original_message_id": "wamid.2"}, "wamid.5"),
    )
    await desk.settle()
    page = await thread(person)
    edited, revoked, answered = page["messages"]
    assert (edited["text"], edited["edited"]) == ("tênis 37", "tênis 38")
    assert revoked["revoked_at"] is not None
    assert revoked["text"] == ""
    assert answered["reaction"] == "👍"


async def test_a_handoff_stands_where_it_happened(
    desk: Desk, person: httpx2.AsyncClient, hand_over: Any
) -> None:
    await desk.deliver(written("quero uma pessoa", "wamid.1"))
    await desk.settle()
    await hand_over(1, "complaint", summary="Pedido 48213, atrasado")
    await person.post("/api/tickets/1001/resolution", headers={"Origin": "http://desk.test"})
    to_people, to_bot = (await thread(person))["handoffs"]
    assert (to_people["from_owner"], to_people["to_owner"]) == ("bot", "queue")
    assert (to_people["reason"], to_people["summary"]) == ("complaint", "Pedido 48213, atrasado")
    assert to_people["ticket"] == 1001
    assert (to_bot["to_owner"], to_bot["reason"]) == ("bot", "resolved")


async def test_a_message_that_failed_says_why(desk: Desk, person: httpx2.AsyncClient) -> None:
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    async with desk.database.transaction() as session:
        await session.execute(
            update(Message)
            .where(Message.author == Author.BOT)
            .values(state=SendState.FAILED, failure={"class": "permanent", "code": 131026})
        )
    answered = (await thread(person))["messages"][1]
    assert answered["state"] == "failed"
    assert answered["failure"] == {"reason": "permanent", "code": 131026}


async def test_a_long_thread_comes_in_stretches_with_every_handoff_in_one(
    desk: Desk, person: httpx2.AsyncClient, hand_over: Any
) -> None:
    await desk.deliver(written("oi", "wamid.1", at=int(time.time()) - 3600))
    await desk.settle()
    now = clock.now()
    async with desk.database.transaction() as session:
        for number in range(20):
            instant = now + timedelta(seconds=number // 2 - 5)  # in pairs of one instant
            await session.execute(
                insert(Message).values(
                    conversation_id=1,
                    author=Author.CONTACT,
                    kind=MessageKind.TEXT,
                    text=str(number),
                    content={},
                    said_at=instant,
                )
            )
    await hand_over(1, "wish")
    texts: list[str] = []
    handoffs: list[int] = []
    before = ""
    while True:
        page = await thread(person, limit=3, before=before)
        texts = [message["text"] for message in page["messages"]] + texts
        handoffs += [handoff["id"] for handoff in page["handoffs"]]
        if page["before"] is None:
            break
        before = page["before"]
    assert [text for text in texts if text.isdigit()] == [str(number) for number in range(20)]
    assert len(texts) == 22
    assert handoffs == [1]
