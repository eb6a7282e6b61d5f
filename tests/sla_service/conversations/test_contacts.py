"""Who writes is found by whatever the channel knows of them, and two parts become one person."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_service.conversations import contacts
from sla_service.conversations.phones import phone_key
from sla_service.handoff import ownership
from sla_service.whatsapp.values import Identity
from tests.sla_service.whatsapp import samples
from tests.sla_service.world import ANA, NUMBER, Desk, World, says, written

_NOW = int(time.time())


def _contact(**parts: Any) -> dict[str, Any]:
    return {"profile": {"name": "Ana Souza"}, **parts}


async def _write(desk: Desk, wamid: str, contact: dict[str, Any]) -> None:
    await desk.deliver(written("oi", wamid, sender=contact), contact=contact)
    await desk.settle()


async def test_the_ninth_digit_makes_no_second_contact(desk: Desk) -> None:
    await _write(desk, "wamid.1", _contact(wa_id="5551996540002"))
    await _write(desk, "wamid.2", _contact(wa_id="555196540002"))
    assert await desk.rows("SELECT wa_id FROM contacts") == [("555196540002",)]
    assert await desk.rows("SELECT count(*) FROM conversations") == [(1,)]


async def test_a_landline_and_the_mobile_with_a_nine_before_it_are_two_people(desk: Desk) -> None:
    await _write(desk, "wamid.1", _contact(wa_id="551140028922"))
    await _write(desk, "wamid.2", _contact(wa_id="5511940028922"))
    assert await desk.rows("SELECT count(*) FROM contacts") == [(2,)]
    assert await desk.rows("SELECT count(*) FROM conversations") == [(2,)]


async def test_a_user_id_is_learnt_and_then_enough(desk: Desk, world: World) -> None:
    await _write(desk, "wamid.1", _contact(wa_id="5511987650001"))
    await _write(desk, "wamid.2", ANA)
    await _write(desk, "wamid.3", _contact(user_id=ANA["user_id"]))
    assert await desk.rows("SELECT wa_id, bsuid FROM contacts") == [
        ("5511987650001", ANA["user_id"])
    ]
    assert {turn["conversation"] for turn in world.turns} == {"1"}


async def test_two_contacts_that_turn_out_to_be_one_are_merged_with_all_they_said(
    desk: Desk,
) -> None:
    await _write(desk, "wamid.1", _contact(wa_id="5511987650001"))
    await _write(desk, "wamid.2", _contact(user_id=ANA["user_id"]))
    assert await desk.rows("SELECT count(*) FROM contacts") == [(2,)]
    await _write(desk, "wamid.3", ANA)
    assert await desk.rows("SELECT wa_id, bsuid FROM contacts") == [
        ("5511987650001", ANA["user_id"])
    ]
    threads = await desk.rows(
        "SELECT conversation_id, count(*) FROM messages WHERE author = 'contact' GROUP BY 1"
    )
    assert threads == [(1, 3)]
    assert await desk.rows("SELECT DISTINCT conversation_id FROM tickets") == [(1,)]


async def test_a_contacts_language_is_known_on_another_number_and_after_a_merge(
    desk: Desk, world: World
) -> None:
    world.bot = lambda turn: says("Hi!", language="en")
    await _write(desk, "wamid.1", _contact(wa_id="5511987650001"))
    async with desk.database.step() as connection:
        known = Identity(wa_id="5511987650001")
        await contacts.thread_with(connection, known, "another number", adopt=ownership.adopt)
        new = Identity(bsuid=ANA["user_id"])
        await contacts.thread_with(connection, new, NUMBER, adopt=ownership.adopt)
    spoken = "SELECT language FROM conversations ORDER BY id"
    assert await desk.rows(spoken) == [("en",), ("en",), (None,)]
    await _write(desk, "wamid.2", ANA)
    assert await desk.rows(spoken) == [("en",), ("en",)]


async def test_what_the_younger_of_two_merged_contacts_spoke_is_kept(
    desk: Desk, world: World
) -> None:
    async with desk.database.step() as connection:
        older = Identity(wa_id=ANA["wa_id"])
        await contacts.thread_with(connection, older, NUMBER, adopt=ownership.adopt)
        younger = Identity(bsuid=ANA["user_id"])
        thread = await contacts.thread_with(connection, younger, NUMBER, adopt=ownership.adopt)
        await contacts.speaks(connection, thread.conversation_id, "en")
        both = Identity(wa_id=ANA["wa_id"], bsuid=ANA["user_id"])
        await contacts.thread_with(connection, both, NUMBER, adopt=ownership.adopt)
    assert await desk.rows("SELECT id, language FROM conversations") == [(1, "en")]


async def test_a_new_number_keeps_the_thread(desk: Desk) -> None:
    await _write(desk, "wamid.1", ANA)
    system = {"wa_id": "5511977770002", "type": "user_changed_number"}
    changed = {**written("", "wamid.S1"), "type": "system", "system": system}
    await desk.deliver(changed, contact=None)
    await desk.settle()
    await _write(desk, "wamid.2", _contact(wa_id="5511977770002"))
    assert await desk.rows("SELECT wa_id FROM contacts") == [("5511977770002",)]
    assert await desk.rows("SELECT count(*) FROM conversations") == [(1,)]


async def test_a_number_somebody_else_bears_shows_nobody_their_thread(desk: Desk) -> None:
    await _write(desk, "wamid.1", ANA)
    other = {"profile": {"name": "Bia"}, "wa_id": "5511977770002", "user_id": "BR.2"}
    await _write(desk, "wamid.2", other)
    system = {"wa_id": "5511977770002", "type": "user_changed_number"}
    changed = {**written("", "wamid.S1"), "type": "system", "system": system}
    await desk.deliver(changed, contact=None)
    await desk.settle()
    assert await desk.rows("SELECT wa_id, bsuid FROM contacts ORDER BY id") == [
        (None, ANA["user_id"]),
        ("5511977770002", "BR.2"),
    ]


async def test_a_new_user_id_keeps_the_thread(desk: Desk) -> None:
    await _write(desk, "wamid.1", ANA)
    update = {
        "wa_id": ANA["wa_id"],
        "user_id": {"previous": ANA["user_id"], "current": "BR.99"},
        "timestamp": "1795435200",
    }
    await desk.deliver_value({"user_id_update": [update]}, field="user_id_update")
    await desk.settle()
    await _write(desk, "wamid.2", _contact(user_id="BR.99"))
    assert await desk.rows("SELECT bsuid FROM contacts") == [("BR.99",)]


async def test_a_message_without_contacts_is_still_somebodys(desk: Desk, world: World) -> None:
    await desk.deliver(samples.EVERY_TYPE[0], contact=None)
    await desk.settle()
    assert len(world.turns) == 1
    assert await desk.rows("SELECT name, wa_id FROM contacts") == [(None, "5511987650001")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("5551996540002", "555196540002", True),
        ("+55 51 99654-0002", "5551996540002", True),
        ("551140028922", "5511940028922", False),
        ("551140028922", "551140028923", False),
        ("447700900123", "44770090012", False),
    ],
)
def test_numbers_compare_by_key(one: str, other: str, same: bool) -> None:
    assert (phone_key(one) == phone_key(other)) is same


@given(st.text(alphabet="0123456789+ -()", max_size=20))
def test_a_key_is_its_own_key(number: str) -> None:
    assert phone_key(phone_key(number)) == phone_key(number)
