"""The bot's turn and a person's reply race, over and over: one of them speaks at a time."""

import asyncio
import os
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from tests.sla_service.handoff.shop import Browser, browser_of, is_there, shopper
from tests.sla_service.people import BRUNO, CARLA
from tests.sla_service.world import Desk, World, says, written

RACES = int(os.environ.get("DESK_RACES", "200"))
_SIDE_BY_SIDE = 10
_PATIENCE = 60.0  # seconds in which whatever is under way must end


async def test_bot_and_person_never_both_speak_and_nothing_is_lost(
    desk: Desk, world: World
) -> None:
    chance = random.Random(20260302)
    world.bot = lambda turn: says(f"bot {turn['text']}")
    world.before_answer = lambda: _dawdle(chance)
    await is_there(desk.database, BRUNO, CARLA, capacity=200)
    browsers = [await browser_of(desk, agent) for agent in (BRUNO, CARLA)]
    async with _working(desk):
        for first in range(0, RACES, _SIDE_BY_SIDE):
            number = first // _SIDE_BY_SIDE
            await asyncio.gather(
                *(_race(desk, browsers, who, number, chance) for who in range(1, _SIDE_BY_SIDE + 1))
            )
        await _until(lambda: _is_quiet(desk))
    heard = _by_contact(world)
    for who in range(1, _SIDE_BY_SIDE + 1):
        _check_order(heard[who], -(-RACES // _SIDE_BY_SIDE))
    await _check_nothing_is_lost(desk)


async def _race(
    desk: Desk, browsers: list[Browser], who: int, number: int, chance: random.Random
) -> None:
    """One contact writes; while the bot thinks, somebody takes over and answers, and resolves."""
    contact = shopper(who)
    words = f"{number}"
    await desk.deliver(written(words, f"wamid.{who}.{number}", sender=contact), contact=contact)
    await _dawdle(chance)
    conversation = await _conversation_of(desk, who)
    takers = await asyncio.gather(*(_takes(browser, conversation, chance) for browser in browsers))
    assert sorted(answer.status_code for answer in takers) == [200, 409]
    is_first = takers[0].status_code == 200
    winner, loser = browsers if is_first else reversed(browsers)
    ticket = takers[0 if is_first else 1].json()["ticket"]
    said, refused = await asyncio.gather(
        _replies(winner, conversation, f"pessoa {number}"),
        _replies(loser, conversation, f"outra {number}"),
    )
    assert said.status_code == 202, said.text
    assert refused.status_code == 409
    assert refused.json()["type"] == "already_held"
    resolved = await winner.asks("POST", f"tickets/{ticket}/resolution")
    assert resolved.json()["owner"] == "bot"
    await _until(lambda: _is_sent(desk, conversation, f"pessoa {number}"))


async def _takes(browser: Browser, conversation: int, chance: random.Random) -> httpx2.Response:
    await _dawdle(chance)
    return await browser.takes(conversation)


async def _replies(browser: Browser, conversation: int, words: str) -> httpx2.Response:
    headers = {"Idempotency-Key": words}
    body = {"text": words, "kind": "reply"}
    return await browser.asks("POST", f"conversations/{conversation}/messages", body, headers)


async def _dawdle(chance: random.Random) -> None:
    """Let the others have their turns, more or fewer of them."""
    for _ in range(chance.randrange(40)):
        await asyncio.sleep(0)


async def _conversation_of(desk: Desk, who: int) -> int:
    """The contact's conversation, as soon as what they wrote has been taken in."""
    found: list[Any] = []

    async def is_taken_in() -> bool:
        found[:] = await desk.rows(
            "SELECT c.id FROM conversations c JOIN contacts p ON p.id = c.contact_id "
            "JOIN tickets t ON t.conversation_id = c.id "
            "WHERE p.bsuid = :bsuid AND t.status <> 'resolved'",
            bsuid=shopper(who)["user_id"],
        )
        return bool(found)

    await _until(is_taken_in)
    return int(found[0].id)


async def _is_sent(desk: Desk, conversation: int, words: str) -> bool:
    found = await desk.rows(
        "SELECT state FROM messages WHERE conversation_id = :id AND text = :words",
        id=conversation,
        words=words,
    )
    assert [row.state for row in found] in (["queued"], ["sent"])
    return found[0].state == "sent"


async def _is_quiet(desk: Desk) -> bool:
    found = await desk.rows(
        "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM turns "
        "WHERE closed_at IS NULL) + (SELECT count(*) FROM messages WHERE is_waiting) AS left"
    )
    return found[0].left == 0


async def _until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not await is_so():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def _working(desk: Desk) -> AsyncIterator[None]:
    """The worker as it runs, all its loops side by side."""
    stop = asyncio.Event()
    running = asyncio.create_task(desk.worker.run(stop))
    yield
    stop.set()
    await running


def _by_contact(world: World) -> dict[int, list[str]]:
    heard: dict[int, list[str]] = defaultdict(list)
    for body in world.sent:
        heard[int(str(body["to"])[-5:])].append(body["text"]["body"])
    return heard


def _check_order(heard: list[str], races: int) -> None:
    """Of each race: at most one answer of the bot's, before the one of the person; never after."""
    expected = iter(heard)
    said = next(expected, None)
    for number in range(races):
        if said == f"bot {number}":
            said = next(expected, None)
        assert said == f"pessoa {number}", heard
        said = next(expected, None)
    assert said is None, heard


async def _check_nothing_is_lost(desk: Desk) -> None:
    """Everything that was written is kept, and heard by the bot or left to people."""
    found = await desk.rows(
        "SELECT author, state, count(*) FROM messages GROUP BY author, state ORDER BY 1, 2"
    )
    counts = {(row.author, row.state): row.count for row in found}
    races = -(-RACES // _SIDE_BY_SIDE) * _SIDE_BY_SIDE
    assert counts.pop(("contact", None)) == races
    assert counts.pop(("agent", "sent")) == races
    assert set(counts) <= {("bot", "sent"), ("bot", "refused")}
    failures = await desk.rows(
        "SELECT DISTINCT failure ->> 'class' AS why FROM messages WHERE state = 'refused'"
    )
    assert {row.why for row in failures} <= {"outdated_owner"}
