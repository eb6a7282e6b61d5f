"""The list: who wrote, who holds it, and finding them again."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import insert, update

from sla_service import clock
from sla_service.conversations.phones import phone_key
from sla_service.conversations.tables import Author, Contact, Conversation, Message, Owner
from sla_service.tickets.tables import Ticket
from sla_service.whatsapp import accounts
from sla_service.whatsapp.values import MessageKind
from tests.sla_service.world import ANA, NUMBER, Desk, says, written

DIEGO = {"profile": {"name": "Diego Araújo", "username": "diego.a"}, "user_id": "BR.12"}
SCRIPT = "<script>alert(1)</script>"


async def listed(person: httpx2.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await person.get("/api/conversations", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def many(desk: Desk, count: int) -> None:
    """`count` conversations; two neighbours each share an instant of last activity."""
    now = clock.now()
    async with desk.database.transaction() as session:
        for number in range(1, count + 1):
            wa_id = f"55119{80000000 + number}"
            contact = {"wa_id": wa_id, "phone_key": phone_key(wa_id), "name": f"Contato {number}"}
            contact_id = await session.scalar(insert(Contact).values(contact).returning(Contact.id))
            await session.execute(
                insert(Conversation).values(
                    contact_id=contact_id,
                    phone_number_id=NUMBER,
                    owner=Owner.QUEUE if number % 3 == 0 else Owner.BOT,
                    last_message_at=now - timedelta(minutes=number // 2),
                )
            )


async def test_every_route_asks_for_the_key(desk: Desk) -> None:
    paths = (await desk.http.get("/openapi.json")).json()["paths"]
    routes = [
        (path.format(conversation_id=1, number=1001), method, about["operationId"])
        for path, methods in paths.items()
        for method, about in methods.items()
        if "console" in about.get("tags", [])
    ]
    assert {name for _, _, name in routes} == {
        "list_conversations",
        "show_conversation",
        "show_thread",
        "list_stopped_accounts",
        "stream_events",
    }
    for path, method, _ in routes:
        answer = await desk.http.request(method, path)
        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_conversation_shows_who_wrote_what(desk: Desk, person: httpx2.AsyncClient) -> None:
    desk.world.bot = lambda _: says("Oi, Ana! Como posso ajudar?")
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    (item,) = await listed(person)
    assert item["contact"] == {
        "name": "Ana Souza",
        "phone": ANA["wa_id"],
        "username": None,
        "bsuid": ANA["user_id"],
    }
    assert (item["owner"], item["waiting"], item["language"]) == ("bot", False, "pt")
    assert item["ticket"]["number"] == 1001
    assert (item["ticket"]["subject"], item["ticket"]["reason"]) == ("oi", None)
    last = item["last_message"]
    assert (last["author"], last["text"]) == ("bot", "Oi, Ana! Como posso ajudar?")
    assert (await person.get(f"/api/conversations/{item['id']}")).json() == item


async def test_somebody_without_a_number_is_there_too(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    await desk.deliver(written("oi", "wamid.1", sender=DIEGO), contact=DIEGO)
    await desk.settle()
    (item,) = await listed(person)
    assert item["contact"] == {
        "name": "Diego Araújo",
        "phone": None,
        "username": "diego.a",
        "bsuid": "BR.12",
    }


async def test_a_contact_waits_until_a_person_answers(
    desk: Desk, person: httpx2.AsyncClient, hand_over: Any
) -> None:
    await desk.deliver(written("quero uma pessoa", "wamid.1"))
    await desk.settle()
    await hand_over(1, "wish", priority="high")
    (item,) = await listed(person)
    assert item["last_message"]["author"] == "bot"  # and that answers nobody
    assert (item["owner"], item["waiting"]) == ("queue", True)
    assert (item["ticket"]["reason"], item["ticket"]["priority"]) == ("wish", "high")
    async with desk.database.transaction() as session:
        await session.execute(
            insert(Message).values(
                conversation_id=1,
                author=Author.AGENT,
                kind=MessageKind.TEXT,
                text="Oi, sou o Bruno.",
                content={},
                said_at=clock.now() + timedelta(seconds=1),
            )
        )
    assert not (await listed(person))[0]["waiting"]


async def test_a_resolved_conversation_is_the_bots_again(
    desk: Desk, person: httpx2.AsyncClient, hand_over: Any
) -> None:
    await desk.deliver(written("quero uma pessoa", "wamid.1"))
    await desk.settle()
    await hand_over(1, "wish")
    await person.post("/api/tickets/1001/resolution", headers={"Origin": "http://desk.test"})
    (item,) = await listed(person)
    assert (item["owner"], item["waiting"]) == ("bot", False)
    assert (item["ticket"]["status"], item["ticket"]["reason"]) == ("resolved", None)


async def test_pages_follow_each_other_without_gap_or_repeat(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    await many(desk, 25)
    seen: list[int] = []
    cursor = ""
    while True:
        answer = await person.get("/api/conversations", params={"limit": 4, "cursor": cursor})
        page = answer.json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == list(range(1, 26))


@pytest.mark.parametrize(
    ("owner", "expected"),
    [("people", {3, 6, 9}), ("queue", {3, 6, 9}), ("agent", set()), ("bot", {1, 2, 4, 5, 7, 8})],
)
async def test_the_list_shows_what_somebody_holds(
    desk: Desk, person: httpx2.AsyncClient, owner: str, expected: set[int]
) -> None:
    await many(desk, 9)
    assert {item["id"] for item in await listed(person, owner=owner)} == expected


@pytest.mark.parametrize(
    "sought",
    [
        "ana souza",
        "SOUZÁ",
        "11 98765-0001",
        "+55 11 98765-0001",
        "1187650001",
        "#1001",
        "1001",
        "48213",
        "troca do ténis",
        "tênis?",
    ],
)
async def test_a_contact_is_found_by_what_people_remember(
    desk: Desk, person: httpx2.AsyncClient, sought: str
) -> None:
    await many(desk, 5)
    await desk.deliver(written("troca do tênis? pedido 48213", "wamid.1"))
    await desk.settle()
    assert [item["contact"]["name"] for item in await listed(person, q=sought)] == ["Ana Souza"]


@pytest.mark.parametrize(
    "sought", ["%", "_", ".*", "a{2", "[", "\\", "x\x00y", "' OR 1=1", "9" * 90]
)
async def test_signs_in_a_search_mean_themselves(
    desk: Desk, person: httpx2.AsyncClient, sought: str
) -> None:
    await many(desk, 3)
    assert await listed(person, q=sought) == []


async def test_what_people_write_is_handed_on_as_it_is(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    contact = {**ANA, "profile": {"name": SCRIPT}}
    await desk.deliver(written(SCRIPT, "wamid.1"), contact=contact)
    await desk.settle()
    answer = await person.get("/api/conversations")
    (item,) = answer.json()["items"]
    assert answer.headers["content-type"] == "application/json"
    assert item["contact"]["name"] == item["ticket"]["subject"] == SCRIPT
    thread = (await person.get("/api/conversations/1/messages")).json()
    assert thread["messages"][0]["text"] == SCRIPT


async def test_a_revoked_last_message_keeps_its_words_to_itself(
    desk: Desk, person: httpx2.AsyncClient, hand_over: Any
) -> None:
    await desk.deliver(written("segredo", "wamid.1"))
    await desk.settle()
    async with desk.database.transaction() as session:
        await session.execute(update(Message).values(revoked_at=clock.now()))
        await session.execute(update(Ticket).values(subject=""))
    answer = await person.get("/api/conversations")
    assert answer.json()["items"][0]["last_message"]["revoked"]
    assert "segredo" not in answer.text


@pytest.mark.parametrize("cursor", ["x", "1", "999999999999999999-1", "-1-1"])
async def test_a_foreign_cursor_is_refused(person: httpx2.AsyncClient, cursor: str) -> None:
    for path in ("/api/conversations?cursor=", "/api/conversations/1/messages?before="):
        answer = await person.get(path + cursor)
        assert (answer.status_code, answer.json()["type"]) == (422, "bad_cursor")


@pytest.mark.parametrize("path", ["/api/conversations/7", "/api/conversations/7/messages"])
async def test_an_unknown_conversation_is_a_problem(person: httpx2.AsyncClient, path: str) -> None:
    answer = await person.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "conversation_not_found")


async def test_a_stopped_number_is_shown_with_its_reason(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    assert (await person.get("/api/accounts/stopped")).json() == []
    async with desk.database.connection() as connection:
        await accounts.stop(connection, NUMBER, "payment issue")
    (account,) = (await person.get("/api/accounts/stopped")).json()
    assert (account["phone_number_id"], account["reason"]) == (NUMBER, "payment issue")
