"""The desk calls people by itself, and tells the contact so: one honest message."""

import re
from typing import Any

import httpx2
import pytest

from sla_service.database.sessions import Database
from tests.sla_service.handoff.shop import browser_of, calls_people, is_there, owner_of, waits
from tests.sla_service.people import ALICE, BRUNO
from tests.sla_service.sla.shop import with_policies
from tests.sla_service.world import Desk, World, says, written

ALWAYS_OPEN = """
policies:
  - name: sempre
    targets: {first_response: 5 min, resolution: 24 h}
"""
CLOSED = """
calendars:
  loja: {time_zone: America/Sao_Paulo, hours: {mon-sun: ["00:00-24:00"]}, closed: {TODAY: feriado}}
policies:
  - name: loja
    calendar: loja
    targets: {first_response: 5 min, resolution: 24 h}
"""


def _said(world: World) -> list[str]:
    return [body["text"]["body"] for body in world.sent]


async def _urgent(desk: Desk, words: str = "é urgente!", wamid: str = "wamid.A1") -> None:
    await desk.deliver(written(words, wamid))
    await desk.settle()


async def test_a_word_that_calls_people_never_reaches_the_bot(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, ALWAYS_OPEN)
    world.bot = lambda _: httpx2.Response(503)  # nor does it need one
    await _urgent(desk)
    assert world.turns == []
    assert await owner_of(desk) == ("queue", None, 1)
    (text,) = _said(world)
    assert "urgente" in text
    assert "1001" in text
    assert await desk.rows("SELECT reason FROM handoffs") == [("urgent",)]
    assert await desk.rows("SELECT priority FROM tickets") == [("urgent",)]


async def test_it_is_said_in_the_language_of_the_word_when_none_is_known(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, ALWAYS_OPEN)
    await _urgent(desk, "I was scammed")
    assert "Your ticket number is 1001" in _said(world)[0]
    assert await desk.rows("SELECT reason FROM handoffs") == [("fraud",)]
    intents = await desk.rows(
        "SELECT payload ->> 'intent' AS intent FROM sla_events WHERE payload ? 'intent'"
    )
    assert intents == [("fraud_report",)]


async def test_who_can_answer_and_what_is_promised_go_by_the_language_of_the_word(
    desk: Desk, database: Database
) -> None:
    await with_policies(
        database,
        ALWAYS_OPEN.replace("policies:", "policies:\n  - {name: english, match: {language: en}}"),
    )
    await _urgent(desk, "I was scammed")
    assert await desk.rows("SELECT language FROM conversations") == [("en",)]
    facts = await desk.rows("SELECT details -> 'facts' ->> 'language' FROM handoffs")
    assert facts == [("en",)]
    assert await desk.rows("SELECT state ->> 'policy' FROM sla_tickets") == [("english",)]


async def test_a_word_doesnt_change_the_language_that_is_known(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, ALWAYS_OPEN)
    world.bot = lambda turn: says("Hi!", language="en")
    await desk.deliver(written("hello", "wamid.A0"))
    await desk.settle()
    await _urgent(desk, "it is urgente")
    assert "Your ticket number is" in _said(world)[-1]
    assert await desk.rows("SELECT language FROM conversations") == [("en",)]


async def test_while_people_hold_it_such_a_word_makes_it_matter_more(
    desk: Desk, world: World
) -> None:
    await waits(desk)
    sent = len(world.sent)
    who = {"profile": {"name": "Contato 1"}, "wa_id": "5511987600001", "user_id": "BR.1"}
    await desk.deliver(written("vou ao procon", "wamid.B2", sender=who), contact=who)
    await desk.settle()
    assert await desk.rows("SELECT priority FROM tickets") == [("high",)]
    assert len(world.sent) == sent
    assert await desk.rows("SELECT count(*) FROM handoffs") == [(1,)]


async def test_a_pressed_button_calls_nobody(desk: Desk, world: World) -> None:
    button = {
        **written("", "wamid.A1"),
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": "/x", "title": "Urgente"}},
    }
    await desk.deliver(button)
    await desk.settle()
    assert (await owner_of(desk))[0] == "bot"


async def test_a_bot_that_guesses_twice_in_a_row_gives_it_to_people(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, ALWAYS_OPEN)
    world.bot = lambda turn: _guess(0.2)
    await desk.deliver(written("hmm", "wamid.A1"))
    await desk.settle()
    await desk.deliver(written("então", "wamid.A2"))
    await desk.settle()
    assert await owner_of(desk) == ("queue", None, 1)
    first, second = _said(world)
    assert first == "palpite"
    assert "palpite" not in second
    assert "1001" in second
    assert await desk.rows("SELECT reason FROM handoffs") == [("low_confidence",)]
    intents = await desk.rows("SELECT details -> 'intents' AS intents FROM handoffs")
    assert [one["confidence"] for one in intents[0].intents] == [0.2, 0.2]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0.2, "answered"), (0.9, "answered")),
        ((0.9, "answered"), (0.2, "answered")),
        ((0.2, "lost"), (0.2, "lost")),
    ],
)
async def test_one_guess_is_answered_and_so_is_what_the_bot_knows_it_did_not_understand(
    desk: Desk, world: World, first: tuple[float, str], second: tuple[float, str]
) -> None:
    for number, (confidence, stage) in enumerate((first, second)):
        world.bot = lambda _, c=confidence, s=stage: _guess(c, s)
        await desk.deliver(written("hmm", f"wamid.A{number}"))
        await desk.settle()
    assert _said(world) == ["palpite", "palpite"]
    assert (await owner_of(desk))[0] == "bot"


async def test_what_the_bot_says_when_it_gives_up_itself_is_said(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, ALWAYS_OPEN)
    world.bot = lambda _: _guess(0.3, "lost")
    for number in (1, 2):
        await desk.deliver(written("xyzzy", f"wamid.A{number}"))
        await desk.settle()

    async def third_attempt() -> None:
        await calls_people(desk, key="wamid.A3")

    world.before_answer = third_attempt
    world.bot = lambda _: _guess(0.3, "answered")
    await desk.deliver(written("plugh", "wamid.A3"))
    await desk.settle()
    assert _said(world) == ["palpite", "palpite", "palpite"]
    assert len(await desk.rows("SELECT id FROM handoffs")) == 1


async def test_with_somebody_free_the_contact_is_told_that_it_is_now(
    desk: Desk, database: Database, world: World
) -> None:
    await with_policies(database, ALWAYS_OPEN)
    await is_there(database, BRUNO)
    await _urgent(desk)
    assert "já fala com você" in _said(world)[0]


async def test_somebody_who_does_not_speak_the_language_is_not_promised(
    desk: Desk, database: Database
) -> None:
    await with_policies(database, ALWAYS_OPEN)
    await is_there(database, ALICE)  # English only
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    answer = await calls_people(desk)
    assert answer.json()["wait"]["kind"] == "unknown"


async def test_the_wait_in_minutes_comes_from_what_others_waited(
    desk: Desk, database: Database
) -> None:
    await with_policies(database, ALWAYS_OPEN)
    await is_there(database, BRUNO, capacity=1)
    bruno = await browser_of(desk, BRUNO)
    for number in range(1, 6):
        await waits(desk, number)
        await bruno.takes(number)
    await desk.rows(
        "UPDATE handoffs SET at = at - interval '9 minutes' WHERE to_owner = 'queue' RETURNING 1"
    )
    answer = (await waits(desk, 6)).json()["wait"]
    assert (answer["kind"], answer["minutes"]) == ("minutes", 10)
    assert "10 minutos" in answer["text"]["pt"]
    assert "10 minutes" in answer["text"]["en"]


async def test_outside_business_hours_the_contact_is_told_when_people_are_back(
    desk: Desk, database: Database, world: World
) -> None:
    today = await desk.rows("SELECT (now() AT TIME ZONE 'America/Sao_Paulo')::date AS day")
    await with_policies(database, CLOSED.replace("TODAY", str(today[0].day)))
    await _urgent(desk)
    assert "amanhã às 0h" in _said(world)[0]
    await _urgent(desk, "alô?", "wamid.A2")
    assert len(world.sent) == 1


async def test_the_bot_and_the_desk_do_not_both_say_it(desk: Desk, world: World) -> None:
    answer = await waits(desk)
    assert _said(world) == ["eco: oi"]  # the action says what the answer holds
    wait: dict[str, Any] = answer.json()["wait"]
    assert all(re.search(r"\w", text) for text in wait["text"].values())


async def test_asked_again_for_the_same_turn_the_wait_is_told_again(desk: Desk) -> None:
    first = await waits(desk)
    again = await calls_people(desk)
    assert again.json() == first.json()


def _guess(confidence: float, stage: str = "answered") -> httpx2.Response:
    answer = says("palpite", intent="track_order", stage=stage).json()
    answer["intent"]["confidence"] = confidence
    return httpx2.Response(200, json=answer)
