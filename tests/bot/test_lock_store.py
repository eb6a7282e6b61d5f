"""Messages of one conversation take turns without a pause; others don't wait."""

import asyncio

import pytest
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.lock_store import ConversationLocks


@pytest.fixture
def locks() -> LockStore:
    made = LockStore.create(EndpointConfig(type="bot.lock_store.ConversationLocks"))
    assert isinstance(made, ConversationLocks)
    return made


async def test_a_conversation_is_handled_one_message_at_a_time_in_order(locks: LockStore) -> None:
    seen: list[str] = []

    async def handle(name: str) -> None:
        async with locks.lock("42"):
            seen.append(f"{name} begins")
            await asyncio.sleep(0)
            seen.append(f"{name} ends")

    await asyncio.gather(*(handle(name) for name in "abc"))
    assert seen == [f"{name} {what}" for name in "abc" for what in ("begins", "ends")]


async def test_other_conversations_do_not_wait(locks: LockStore) -> None:
    async with locks.lock("42"), locks.lock("43"):
        pass


async def test_a_failing_turn_lets_the_next_one_in(locks: LockStore) -> None:
    with pytest.raises(RuntimeError):
        async with locks.lock("42"):
            raise RuntimeError
    async with locks.lock("42"):
        pass


async def test_nothing_is_kept_of_conversations_that_are_done(locks: LockStore) -> None:
    for conversation in ("42", "43"):
        async with locks.lock(conversation):
            assert vars(locks)["_locks"]
    assert not vars(locks)["_locks"]
    assert not vars(locks)["_waiting"]
