"""A desk's first start in the demo: conversations in every state, through its own doors, once."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx2
import orjson
import psycopg
import pytest

from dev.demo import filling, story
from simulator.settings import Settings as SimulatorSettings
from sla_service import clock
from sla_service.agents import accounts, first_run, sessions
from sla_service.app import create_app
from sla_service.database import migrations
from sla_service.database.sessions import Database
from sla_service.settings import Settings
from tests.sla_service.conftest import server_url

__all__ = ["server_url"]
SECRET = "shared by both sides of a wire"


@dataclass
class Filled:
    """A desk that was filled, and what its API shows to its administrator."""

    settings: Settings
    outside: SimulatorSettings
    shown: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str) -> Any:
        """What the API answers."""
        if path not in self.shown:
            self.shown[path] = asyncio.run(_answer(self.settings, path))
        return self.shown[path]

    @property
    def conversations(self) -> list[dict[str, Any]]:
        """All of them, as the list shows them."""
        return list(self.get("/api/conversations?view=all&limit=200")["items"])

    def of(self, name: str) -> dict[str, Any]:
        """Somebody's."""
        return next(one for one in self.conversations if one["contact"]["name"] == name)

    def messages(self, name: str) -> list[dict[str, Any]]:
        """What was said in somebody's."""
        return list(self.get(f"/api/conversations/{self.of(name)['id']}/messages")["messages"])


@pytest.fixture(scope="module")
def database_url(server_url: str, worker_id: str) -> Iterator[str]:
    """A database of this module's own, with today's tables."""
    name = f"balcao_demo_{worker_id}_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        url = urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        migrations.upgrade(url)
        yield url
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def desk(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """A desk on its first day."""
    folder = tmp_path_factory.mktemp("demo")
    filled = Filled(_settings(database_url, folder), _outside(folder))
    assert asyncio.run(_begun(filled))
    return filled


def test_filling_it_twice_fills_it_once(desk: Filled) -> None:
    before = asyncio.run(_answer(desk.settings, "/api/conversations?view=all&limit=200"))

    assert not asyncio.run(filling.fill(desk.settings, desk.outside))

    after = asyncio.run(_answer(desk.settings, "/api/conversations?view=all&limit=200"))
    assert len(before["items"]) == len(after["items"]) == len(story.told().talks)


def test_some_are_with_the_bot_whose_last_answer_was_each_of_the_three(desk: Filled) -> None:
    unsolved = [
        one
        for one in desk.conversations
        if one["owner"] == "bot" and one["ticket"]["status"] != "resolved"
    ]

    assert {one["ticket"]["status"] for one in unsolved} == {"pending", "open"}
    assert {one["contact"]["name"] for one in unsolved} == {
        "Joana Vieira",
        "Jack Shaw",
        "André Melo",
    }


def test_some_wait_for_many_reasons_some_at_risk_and_one_too_late(desk: Filled) -> None:
    waiting = desk.get("/api/conversations?view=waiting&limit=200")["items"]
    ages = [_ago(one["waiting_since"]) for one in waiting]
    late = [one for one in desk.conversations if (one["promise"] or {}).get("breached_at")]

    assert len({one["ticket"]["reason"] for one in waiting}) >= 5
    assert {one["language"] for one in waiting} == {"pt", "en"}
    assert min(ages) < timedelta(minutes=3)
    assert max(ages) > timedelta(minutes=30)
    assert desk.of("Gustavo Gomes") in late
    assert "warned_50" in {
        one["kind"] for one in desk.get(_clocks(desk.of("Isabela Nogueira")))["effects"]
    }


def test_bruno_and_emma_hold_some_and_the_contact_waits_for_neither(desk: Filled) -> None:
    held = [one for one in desk.conversations if one["agent"] is not None]

    assert {one["agent"]["name"] for one in held} >= {"Bruno Tavares", "Emma Hughes"}
    assert not [one for one in held if one["waiting"]]


def test_people_worked_on_them(desk: Filled) -> None:
    number = desk.of("Camila Pereira")["ticket"]["number"]
    [note] = desk.get(f"/api/tickets/{number}/notes")
    [item] = desk.get(f"/api/tickets/{number}/action-items")
    replies = [one for one in desk.messages("Camila Pereira") if one["author"] == "agent"]

    assert note["mentions"]
    assert timedelta() < -_ago(item["due_at"]) < timedelta(hours=24)
    assert replies[0]["text"].startswith("Oi, Camila! Aqui é Bruno")
    assert {one["state"] for one in replies} <= {"delivered", "read"}
    assert desk.of("Camila Pereira")["tags"] == ["presente", "troca"]


def test_some_are_pending_or_on_hold_or_out_of_reach_without_a_template(desk: Filled) -> None:
    held = [one for one in desk.conversations if one["agent"] is not None]
    closed = desk.of("Natália Barros")

    assert {one["ticket"]["status"] for one in held} == {"open", "pending", "on_hold"}
    assert _ago(closed["window_closes_at"]) > timedelta(hours=1)
    assert "retomar_atendimento" in {one["template"] for one in desk.messages("Nathan Reed")}


def test_one_was_merged_into_the_ticket_after_it(desk: Filled) -> None:
    one = desk.of("Mateus Vieira")
    later, earlier = desk.get(f"/api/conversations/{one['id']}/tickets")

    assert earlier["merged_into"] == later["number"] == one["ticket"]["number"]


def test_some_were_solved_and_say_how_it_went(desk: Filled) -> None:
    number = desk.of("Adriana Pinto")["ticket"]["number"]
    rating = desk.get(f"/api/tickets/{number}")["rating"]
    told = desk.get("/api/reports/satisfaction")

    assert (rating["score"], rating["comment"]) == (5, "rápido e simpático!")
    assert {(one["is_bot_only"], one["rated"] > 0) for one in told} == {(True, True), (False, True)}


def test_there_are_files_of_every_kind(desk: Filled) -> None:
    all_messages = [
        message for one in desk.conversations for message in desk.messages(one["contact"]["name"])
    ]
    files = [one for one in all_messages if one["media"]]

    assert {one["kind"] for one in all_messages} >= {"image", "document", "audio", "location"}
    assert {one["media"]["state"] for one in files} == {"stored"}
    assert {one["author"] for one in files} == {"contact", "agent"}


def test_it_is_set_up_as_a_shop_would(desk: Filled) -> None:
    canned = desk.get("/api/canned-replies")
    rules = desk.get("/api/routing-rules")["rules"]
    [team] = desk.get("/api/notify/teams")

    assert 8 <= len(canned) <= 10
    assert sum("{{" in one["text_pt"] and "{{" in one["text_en"] for one in canned) >= 5
    assert len(rules) == 3
    assert (team["name"], team["channels"]) == ("agent", {})


def test_promises_are_what_their_events_fold_to(desk: Filled) -> None:
    with psycopg.connect(desk.settings.server_url()) as connection:
        kept = connection.execute(_EFFECTS).fetchall()
    folded = {
        (one["ticket"]["number"], effect["metric"], effect["kind"])
        for one in desk.conversations
        for effect in desk.get(_clocks(one))["effects"]
    }

    assert kept
    assert {*kept} <= folded


def test_nothing_is_owed_and_the_phones_know_everybody(desk: Filled) -> None:
    assert desk.outside.state is not None
    kept = orjson.loads(desk.outside.state.read_bytes())
    names = {one["name"] for one in kept["shoppers"] if one["group"] == "past"}
    said = {one["id"] for one in kept["messages"]}

    assert names == {one["contact"]["name"] for one in desk.conversations}
    assert kept["deliveries"] == []
    assert len(said) == sum(len(desk.messages(name)) for name in names)


def test_nobody_is_left_signed_in_and_time_is_as_it_was(desk: Filled) -> None:
    url = desk.settings.server_url()
    with psycopg.connect(url) as connection:
        left = connection.execute(
            "SELECT FROM pg_namespace WHERE nspname = 'balcao_past'"
        ).fetchall()
        latest = connection.execute("SELECT max(created_at) <= now() FROM messages").fetchone()
        seen = connection.execute(_SEEN).fetchall()

    assert (left, seen) == ([], [])
    assert latest == (True,)


def _settings(url: str, folder: Path) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=url,
        demo=True,
        service_token=SECRET,
        whatsapp={
            "app_secrets": SECRET,
            "verify_token": SECRET,
            "access_token": SECRET,
            "account_id": "900800700600",
        },
        bot={"token": SECRET},
        media={"folder": folder / "media"},
        ratings={"template": "avaliar_atendimento"},
    )


def _outside(folder: Path) -> SimulatorSettings:
    return SimulatorSettings(
        app_secret=SECRET,
        verify_token=SECRET,
        access_token=SECRET,
        order_token=SECRET,
        state=folder / "simulator.json",
    )


async def _begun(desk: Filled) -> bool:
    database = Database(desk.settings.server_url(), pool_size=2)
    try:
        await first_run.at_first_start(database, desk.settings)
    finally:
        await database.close()
    return await filling.fill(desk.settings, desk.outside)


async def _answer(settings: Settings, path: str) -> Any:
    app = create_app(settings)
    database: Database = app.state.database
    async with app.router.lifespan_context(app):
        async with database.transaction() as session:
            admin = await accounts.by_address(session, first_run.ADMINISTRATOR)
            token = await sessions.begin(
                session, admin, browser="", at=clock.now(), last=timedelta(hours=1)
            )
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk.test") as web:
            answer = await web.get(path, headers={"Cookie": f"balcao_session={token}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _clocks(conversation: dict[str, Any]) -> str:
    return f"/api/tickets/{conversation['ticket']['number']}/clocks"


def _ago(instant: str) -> timedelta:
    return clock.now() - datetime.fromisoformat(instant)


_SEEN = "SELECT FROM agents WHERE last_seen_at IS NOT NULL AND role <> 'admin'"

_EFFECTS = """
SELECT t.number, e.metric, e.kind FROM sla_effects e
JOIN tickets t ON t.id = e.ticket_id AND t.merged_into_id IS NULL
WHERE NOT EXISTS (SELECT FROM tickets n WHERE n.follows_id = t.id)
"""
