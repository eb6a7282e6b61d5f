"""Numbers are found as people have them: a phone by its ends, an order by how it begins."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import insert, update

from sla_service import clock
from sla_service.conversations.phones import phone_key
from sla_service.conversations.tables import Author, Contact, Conversation, Message
from sla_service.whatsapp.values import MessageKind
from tests.sla_service.world import NUMBER, Desk

_OTHERS = "5521955554444"


async def known(desk: Desk, wa_id: str, *said: str) -> int:
    """A contact's conversation, with what they said in it."""
    contact = {"wa_id": wa_id, "phone_key": phone_key(wa_id), "name": "Ana Souza"}
    async with desk.database.transaction() as session:
        thread = await session.scalar(
            insert(Conversation)
            .values(
                contact_id=await session.scalar(
                    insert(Contact).values(contact).returning(Contact.id)
                ),
                phone_number_id=NUMBER,
                last_message_at=clock.now(),
            )
            .returning(Conversation.id)
        )
        for text in said:
            await session.execute(
                insert(Message).values(
                    conversation_id=thread,
                    author=Author.CONTACT,
                    kind=MessageKind.TEXT,
                    text=text,
                    content={},
                    said_at=clock.now(),
                )
            )
    assert thread is not None
    return thread


async def found(person: httpx2.AsyncClient, sought: str) -> set[int]:
    answer = await person.get("/api/conversations", params={"q": sought})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return {item["id"] for item in items}


@pytest.mark.parametrize("spelt", ["5511987650001", "551187650001"])
async def test_a_phone_is_found_by_all_of_it_its_end_or_its_beginning(
    desk: Desk, person: httpx2.AsyncClient, spelt: str
) -> None:
    await known(desk, _OTHERS)
    thread = await known(desk, spelt)
    for sought in (
        *("5511987650001", "+55 11 98765-0001", "551187650001", "(11) 98765-0001", "1187650001"),
        *("98765-0001", "87650001", "650001", "0001"),
        *("5511", "+55 11 9", "55119876", "+55 11 8765", "11 98765", "11 8765-00", "1198"),
    ):
        assert await found(person, sought) == {thread}, sought


async def test_a_phone_abroad_is_found_by_its_ends(desk: Desk, person: httpx2.AsyncClient) -> None:
    await known(desk, _OTHERS)
    thread = await known(desk, "4915112345678")
    for sought in ("+49 1511 2345678", "49151", "15112345678", "5678"):
        assert await found(person, sought) == {thread}, sought


@pytest.mark.parametrize("sought", ["7650", "49876", "11 940028922", "11 94002", "987650002"])
async def test_what_no_number_begins_or_ends_with_finds_nobody(
    desk: Desk, person: httpx2.AsyncClient, sought: str
) -> None:
    await known(desk, "5511987650001")
    await known(desk, "551140028922")  # no mobile's, with a 9 before it
    assert await found(person, sought) == set()


@pytest.mark.parametrize(
    ("said", "sought"),
    [
        ("cadê o pedido 48213?", "48213"),
        ("é o PF-48213", "#48213"),
        ("pedido #4821377, de ontem", "48213"),
        ("o código é BR123456785BR", "123456785"),
        ("liga no (11) 98765-0001", "11 98765-0001"),
        ("liga no +55 11 98765-0001", "11 98765-0001"),
        ("liga no 11987650001", "11 98765-0001"),
        ("liga no 11987650001", "11 98765-00"),
        ("CPF 123.456.789-09", "123.456.789-09"),
        ("foi em 2026", "2026"),
        ("rastreio 77748213", "48213"),
        ("rastreio 77748213BR", "7748213"),
        ("9" * 4096, "9" * 60),
        ("1" * 40 + " 48213", "48213"),
    ],
)
async def test_a_number_is_found_where_it_was_said(
    desk: Desk, person: httpx2.AsyncClient, said: str, sought: str
) -> None:
    await known(desk, _OTHERS, "oi", "pedido 99213 de 2025")
    thread = await known(desk, "4915112345678", "oi", said)
    assert await found(person, sought) == {thread}


async def test_digits_in_the_midst_of_a_number_are_found_where_no_number_begins_so(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    in_the_midst = await known(desk, _OTHERS, "rastreio 77748213")
    assert await found(person, "48213") == {in_the_midst}
    thread = await known(desk, "4915112345678", "pedido 48213")
    assert await found(person, "48213") == {thread}


async def test_a_number_that_was_taken_back_is_not_found(
    desk: Desk, person: httpx2.AsyncClient
) -> None:
    await known(desk, _OTHERS, "pedido 48213")
    async with desk.database.transaction() as session:
        await session.execute(update(Message).values(revoked_at=clock.now()))
    assert await found(person, "48213") == set()
