"""The list: who wrote, who holds it, and finding them again."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import insert, update

from sla_service import clock
from sla_service.conversations.phones import phone_key
from sla_service.conversations.tables import Author, Contact, Conversation, Message, Owner
from sla_service.sla.clocks import ClockState
from sla_service.sla.policy import Metric
from sla_service.sla.tables import ClockRow
from sla_service.tickets.tables import Ticket
from sla_service.whatsapp import accounts
from sla_service.whatsapp.values import MessageKind
from tests.sla_service.people import BRUNO, CARLA
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
            await session.execute(
                insert(Ticket).values(conversation_id=number, last_message_at=now)
            )


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
    assert (item["owner"], item["owner_fence"], item["waiting"]) == ("queue", 1, True)
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
    ("view", "expected"),
    [
        ("all", set(range(1, 10))),
        ("open", {3, 6, 9}),
        ("waiting", {3, 6}),
        ("mine", {9}),
        ("bot", {1, 2, 4, 5, 8}),
        ("resolved", {7}),
    ],
)
async def test_a_view_shows_what_somebody_holds(
    desk: Desk, person: httpx2.AsyncClient, view: str, expected: set[int]
) -> None:
    await many(desk, 9)
    await desk.rows("UPDATE tickets SET status = 'resolved' WHERE id = 7 RETURNING id")
    await desk.rows(
        "UPDATE conversations SET owner = 'agent', agent_id = :me WHERE id = 9 RETURNING id",
        me=BRUNO,
    )
    assert {item["id"] for item in await listed(person, view=view)} == expected
    counts = (await person.get("/api/counts")).json()
    if view in counts:
        assert counts[view] == len(expected)


async def promised(desk: Desk, ticket: int, minutes: int | None, **more: Any) -> None:
    """A ticket's response is due in so many minutes; None: its clock stands still."""
    values = {
        "ticket_id": ticket,
        "metric": Metric.FIRST_RESPONSE,
        "cycle": 1,
        "state": ClockState.PAUSED if minutes is None else ClockState.RUNNING,
        "rulebook_id": 1,
        "policy": "loja",
        "priority": "normal",
        "target": 1,
        "consumed": 0,
        "started_at": clock.now(),
        "due_at": None if minutes is None else clock.now() + timedelta(minutes=minutes),
        "fired": {},
        "runs": [],
        **more,
    }
    async with desk.database.transaction() as session:
        await session.execute(insert(ClockRow).values(values))


async def test_the_most_urgent_promise_stands_first_on_every_page(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    await many(desk, 18)  # of which 3, 6, 9, 12, 15 and 18 wait for a person
    due = {3: None, 6: 30, 9: 10, 15: -5}
    for ticket, minutes in due.items():
        await promised(desk, ticket, minutes)
    await promised(desk, 18, 1, metric=Metric.ESCALATION)
    await promised(desk, 12, 1, stopped_at=clock.now())
    for limit in (1, 2, 10):
        seen: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            answer = await person.get(
                "/api/conversations", params={"view": "waiting", "limit": limit, "cursor": cursor}
            )
            page = answer.json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]
        assert seen == [15, 9, 6, 3, 12, 18]
    shown = {item["id"]: item["promise"] for item in await listed(person, view="waiting")}
    assert (shown[9]["metric"], shown[9]["state"]) == ("first_response", "running")
    assert (shown[3]["due_at"], shown[3]["paused"]) == (None, True)
    assert shown[12] is None


async def test_a_list_can_be_narrowed(desk: Desk, person: httpx2.AsyncClient) -> None:
    await many(desk, 6)
    await desk.rows(
        "UPDATE tickets SET priority = 'urgent', tags = '{troca,vip}' WHERE id = 2 RETURNING id"
    )
    await desk.rows("UPDATE conversations SET language = 'en' WHERE id = 3 RETURNING id")
    assert [item["id"] for item in await listed(person, priority="urgent")] == [2]
    assert [item["id"] for item in await listed(person, tag="vip")] == [2]
    assert [item["id"] for item in await listed(person, language="en")] == [3]
    assert await listed(person, agent=BRUNO) == []
    assert (await listed(person, tag="vip"))[0]["tags"] == ["troca", "vip"]


async def test_a_tag_is_found_however_long_ago_it_was_given(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    await many(desk, 3)
    await desk.rows("UPDATE tickets SET id = 90000 WHERE id = 3 RETURNING id")
    await desk.rows("UPDATE tickets SET tags = '{vip}' WHERE id IN (1, 90000) RETURNING id")
    assert {item["id"] for item in await listed(person, tag="vip")} == {1, 3}


async def test_what_is_new_is_counted_until_it_is_read_or_answered(
    held: Desk, person: httpx2.AsyncClient
) -> None:
    (item,) = await listed(person, view="mine")
    assert (item["unread"], item["waiting"]) == (1, True)
    assert item["agent"] == {"id": BRUNO, "name": "Bruno Tavares"}
    assert item["waiting_since"] is not None
    assert item["window_closes_at"] is not None
    await held.deliver(written("tem alguém aí?", "wamid.2"))
    await held.settle()
    assert (await listed(person, view="mine"))[0]["unread"] == 2
    assert (await person.get("/api/counts")).json()["unread"] == 1
    assert (await person.post("/api/conversations/1/reads")).status_code == 204
    assert (await listed(person, view="mine"))[0]["unread"] == 0
    assert await listed(person, view="mine", unread=True) == []
    assert (await person.get("/api/counts")).json()["unread"] == 0
    assert (await listed(person, view="mine"))[0]["waiting"]  # read is not answered
    await held.deliver(written("oi?", "wamid.3"))
    await held.settle()
    (item,) = await listed(person, view="mine", unread=True)
    assert item["unread"] == 1
    carla = await held.sign_in(CARLA)
    assert (await listed(carla))[0]["unread"] == 3


async def test_nothing_is_read_where_there_is_nothing(person: httpx2.AsyncClient) -> None:
    answer = await person.post("/api/conversations/7/reads")
    assert (answer.status_code, answer.json()["type"]) == (404, "conversation_not_found")


@pytest.mark.parametrize(
    "sought",
    [
        "ana souza",
        "SOUZÁ",
        "11 98765-0001",
        "+55 11 98765-0001",
        "1187650001",
        "#1006",
        "1006",
        "48213",
        "troca do ténis",
        "tênis?",
        "CHEGOU RASGADO",
        "pf-48213",
    ],
)
async def test_a_contact_is_found_by_what_people_remember(
    desk: Desk, person: httpx2.AsyncClient, sought: str
) -> None:
    await many(desk, 5)
    await desk.deliver(written("troca do tênis? pedido 48213", "wamid.1"))
    await desk.deliver(written("Chegou rasgado, é o PF-48213", "wamid.2"))
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
    for path in (
        "/api/conversations?cursor=",
        "/api/conversations?view=open&cursor=",
        "/api/conversations/1/messages?before=",
    ):
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
