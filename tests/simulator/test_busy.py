"""On a busy day shoppers of a crowd write by themselves, believably, and stop when told to."""

from collections.abc import Callable
from itertools import count
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from simulator import busy_crowd
from simulator.app import create_app
from simulator.busy import BusyOrder
from simulator.busy_talks import LANGUAGES, talks
from simulator.settings import Settings
from tests.simulator.fake_desk import SEND, Clock, FakeDesk, message

CAST = {"5511987650001", "447700900123", "555196540002", "5521991230003", "GB.7712003344556677"}
ROWS = [
    {"id": f'/rate{{"score": {score}}}', "title": f"{score} – nota"} for score in range(5, 0, -1)
]


@pytest.fixture
def day(settings: Settings, desk: FakeDesk, clock: Clock) -> Callable[..., list[tuple[str, str]]]:
    """A busy day of a seed, as what was written by whom, one act every three seconds."""

    def live(seed: int, acts: int = 80, **order: Any) -> list[tuple[str, str]]:
        app = create_app(settings, transport=desk.transport, now=clock.now)
        app.state.busy.set(BusyOrder(on=True, seed=seed, **order))
        for _ in range(acts):
            clock.pass_by(3)
            app.state.busy.act()
        written = sorted(app.state.outside.world.messages(), key=lambda one: one.at)
        return [(_number(app, one.shopper), _gist(one.content)) for one in written]

    return live


def test_the_same_seed_is_the_same_day_and_another_is_another(
    day: Callable[..., list[tuple[str, str]]],
) -> None:
    first = day(seed=7)

    assert len(first) > 40
    assert day(seed=7) == first
    assert day(seed=8) != first


def test_many_write_in_both_languages_and_none_of_them_is_of_the_cast(
    day: Callable[..., list[tuple[str, str]]],
) -> None:
    writers = {number for number, _ in day(seed=1, acts=200)}
    known = {person.number: person.language for person in busy_crowd.crowd()}

    assert not writers & CAST
    assert {known[number] for number in writers} == {"pt", "en"}


def test_a_mix_weighs_languages_and_kinds_of_talks(
    day: Callable[..., list[tuple[str, str]]],
) -> None:
    others = {talk.kind: 0.0 for talk in talks()["en"].talks if talk.kind != "store_hours"}
    written = day(seed=3, mix={"en": 1, **others})

    assert {said for _, said in written} & {"are you open on saturdays?"}
    assert not {said for _, said in written if "order" in said.lower()}


def test_there_are_many_kinds_of_talks_and_a_few_hundred_people() -> None:
    for language in LANGUAGES:
        assert len({talk.kind for talk in talks()[language].talks}) >= 15
    assert len({person.number for person in busy_crowd.crowd()}) >= 300


@pytest.mark.parametrize(
    "order",
    [
        {"on": True, "per_minute": 0},
        {"on": True, "per_minute": 61},
        {"on": True, "mix": {"nonsense_kind": 1}},
        {"on": True, "mix": {"pt": -1}},
    ],
)
async def test_what_no_day_can_be_like_is_refused(
    control: httpx2.AsyncClient, order: dict[str, Any]
) -> None:
    assert (await control.post("/control/busy", json=order)).status_code == 422


async def test_it_writes_until_it_is_switched_off(
    control: httpx2.AsyncClient, desk: FakeDesk
) -> None:
    order = {"on": True, "per_minute": 60, "seed": 5}
    assert (await control.post("/control/busy", json=order)).json()["on"]
    await desk.until(lambda: len(desk.messages) >= 2)

    ended = (await control.post("/control/busy", json={"on": False})).json()
    await desk.until(lambda: len(desk.messages) >= ended["written"])

    assert not ended["on"]
    assert (await control.get("/control/busy")).json()["written"] == len(desk.messages)


async def test_a_reset_ends_the_day(control: httpx2.AsyncClient) -> None:
    await control.post("/control/busy", json={"on": True})
    await control.post("/control/reset")

    assert not (await control.get("/control/busy")).json()["on"]


async def test_a_question_about_the_order_is_answered_with_its_number(
    app: FastAPI, control: httpx2.AsyncClient, graph: httpx2.AsyncClient, clock: Clock
) -> None:
    person = await _first_writer(app)
    body = message(
        "text", {"body": "Me manda o número do pedido? Could you send the order number?"}
    )
    await graph.post(SEND, json={**body, "to": f"+{person.number}"})

    assert str(person.order) in await _next_words(app, person, clock)


async def test_asked_how_it_went_a_shopper_picks_a_score(
    app: FastAPI, control: httpx2.AsyncClient, graph: httpx2.AsyncClient, clock: Clock
) -> None:
    rated = []
    for seed in count(1):
        person = await _first_writer(app, seed)
        asked = message("interactive", _rating())
        await graph.post(SEND, json={**asked, "to": f"+{person.number}"})
        chat = app.state.outside.world.chats[person.key]
        for _ in range(6):
            clock.pass_by(10)
            app.state.busy.act()
        rated = [one for one in chat if one.author == "shopper" and one.type == "interactive"]
        if rated:  # one in five doesn't care
            break

    assert rated[0].content["list_reply"]["id"].startswith("/rate")
    assert rated[0].context is not None


async def _first_writer(app: FastAPI, seed: int = 2) -> busy_crowd.Person:
    """Whoever begins the day of a seed."""
    app.state.busy.set(BusyOrder(on=False))
    app.state.busy.set(BusyOrder(on=True, seed=seed))
    app.state.busy.act()
    app.state.busy.set(BusyOrder(on=False))
    latest = max(app.state.outside.world.messages(), key=lambda one: one.at)
    return next(one for one in busy_crowd.crowd() if one.key == latest.shopper)


async def _next_words(app: FastAPI, person: busy_crowd.Person, clock: Clock) -> str:
    chat = app.state.outside.world.chats[person.key]
    before = len(chat)
    while len(chat) == before:
        clock.pass_by(10)
        app.state.busy.act()
    return _gist(chat[-1].content)


def _rating() -> dict[str, Any]:
    action = {"button": "Dar uma nota", "sections": [{"rows": ROWS}]}
    return {"type": "list", "body": {"text": "Como foi?"}, "action": action}


def _number(app: FastAPI, key: str) -> str:
    return str(app.state.outside.world.shoppers[key].address)


def _gist(content: Any) -> str:
    return str(content.get("body") or content.get("mime_type") or content.get("name"))
