"""A conversation is one small row: the same at message 5 and at 5,000, and never overwritten."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rows import MemoryRows, PostgresRows, Rows
from bot.tracker import DeskTracker
from bot.tracker_store import DeskTrackerStore
from bot.turn import TurnFailedError
from tests.bot.server import Ask

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet, cancel_order]
    slots:
      language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
      pending: {type: categorical, values: [cancel], mappings: [{type: custom}]}
      size: {type: text, mappings: [{type: custom}]}
      named_on: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    forms:
      return_form: {required_slots: [size]}
    """
)


@pytest.fixture
def store(database_url: str, monkeypatch: pytest.MonkeyPatch) -> DeskTrackerStore:
    monkeypatch.setenv("DESK_DATABASE_URL", database_url)
    return DeskTrackerStore(DOMAIN, turns_kept=3)


@pytest_asyncio.fixture(params=["postgres", "memory"])
async def rows(request: pytest.FixtureRequest) -> AsyncIterator[Rows]:
    kept: Rows = MemoryRows()
    if request.param == "postgres":
        kept = PostgresRows(request.getfixturevalue("database_url"), max_connections=2)
    yield kept
    await kept.aclose()


def a_turn(text: str = "oi", *events: Event) -> list[Event]:
    parse = {"text": text, "intent": {"name": "greet"}, "entities": [], "text_tokens": [[0, 2]]}
    return [
        UserUttered(text, parse["intent"], [], parse, metadata={"contact": {"name": "Ana"}}),
        ActionExecuted("utter_hello"),
        BotUttered("Oi!"),
        *events,
        ActionExecuted("action_listen"),
    ]


async def after(store: DeskTrackerStore, conversation: str, events: list[Event]) -> DeskTracker:
    """The tracker as it comes back when the events were added to what was there."""
    tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
    if not tracker.events:
        tracker.update(ActionExecuted("action_session_start"))
        tracker.update(SessionStarted())
        tracker.update(ActionExecuted("action_listen"))
    tracker.update_with_events(events, DOMAIN)
    await store.save(tracker)
    back = await store.retrieve(conversation)
    assert back is not None
    return back


async def test_a_row_stays_as_small_at_any_length(store: DeskTrackerStore) -> None:
    lengths = [len((await after(store, "long", a_turn())).events) for _ in range(40)]
    assert len(set(lengths[5:])) == 1
    tracker = await store.retrieve("long")
    assert tracker is not None
    assert sum(isinstance(event, UserUttered) for event in tracker.events) == 3
    await store.aclose()


async def test_slots_loop_and_pause_outlive_the_turns_that_set_them(
    store: DeskTrackerStore,
) -> None:
    opening: list[Event] = [
        SlotSet("pending", "cancel"),
        ActionExecuted("return_form"),
        ActiveLoop("return_form"),
        SlotSet("requested_slot", "size"),
        ConversationPaused(),
    ]
    await after(store, "slots", a_turn("cancela", *opening))
    for _ in range(10):
        tracker = await after(store, "slots", a_turn())
    assert tracker.get_slot("pending") == "cancel"
    assert tracker.get_slot("requested_slot") == "size"
    assert tracker.active_loop_name == "return_form"
    assert tracker.is_paused()
    # Rasa's policies see the past by replaying the events over empty slots.
    replayed = tracker.copy()
    assert replayed.get_slot("pending") == "cancel"
    assert replayed.active_loop_name == "return_form"
    states = DialogueStateTracker.past_states(tracker, DOMAIN)
    assert all(state["slots"]["pending"] for state in states[1:])
    await store.aclose()


async def test_a_slot_can_be_emptied_again(store: DeskTrackerStore) -> None:
    await after(store, "emptied", a_turn("cancela", SlotSet("pending", "cancel")))
    await after(store, "emptied", a_turn("sim", SlotSet("pending", None)))
    for _ in range(10):
        tracker = await after(store, "emptied", a_turn())
        assert tracker.get_slot("pending") is None
    await store.aclose()


async def test_turns_taken_back_leave_no_trace(store: DeskTrackerStore) -> None:
    await after(store, "back", a_turn("a", SlotSet("size", "38")))
    for _ in range(6):
        tracker = await after(store, "back", a_turn("?", UserUtteranceReverted()))
    assert tracker.get_slot("size") == "38"
    assert len(tracker.events) < 30
    await store.aclose()


@pytest.mark.parametrize("start", [SessionStarted, Restarted])
async def test_a_new_session_knows_the_language_and_when_a_name_was_said(
    store: DeskTrackerStore, start: type[Event]
) -> None:
    english = UserUttered(
        "where is it", parse_data={"language": {"name": "en"}, "intent": {}, "entities": []}
    )
    name = f"session-{start.__name__}"
    said = [SlotSet("size", "38"), SlotSet("named_on", "2026-03-12")]
    await after(store, name, [english, *said, *a_turn()])
    tracker = await after(
        store,
        name,
        [ActionExecuted("action_session_start"), start(), ActionExecuted("action_listen")],
    )
    assert tracker.get_slot("language") == "en"
    assert tracker.get_slot("size") is None
    for _ in range(5):
        tracker = await after(store, name, a_turn())
    assert tracker.get_slot("language") == "en"
    assert tracker.get_slot("named_on") == "2026-03-12"
    await store.aclose()


async def test_sessions_do_not_pile_up(store: DeskTrackerStore) -> None:
    for _ in range(5):
        session = [ActionExecuted("action_session_start"), SessionStarted()]
        listen = ActionExecuted("action_listen")
        tracker = await after(store, "sessions", [*session, listen, *a_turn()])
    assert sum(isinstance(event, SessionStarted) for event in tracker.events) == 1
    await store.aclose()


async def test_what_no_later_turn_reads_is_not_kept(
    store: DeskTrackerStore, database_url: str
) -> None:
    await after(store, "lean", a_turn())
    with psycopg.connect(database_url) as connection:
        query = "select state::text from bot.conversations where conversation = 'lean'"
        row = connection.execute(query).fetchone()
    assert row is not None
    assert "Ana" not in row[0]
    assert "text_tokens" not in row[0]
    await store.aclose()


async def test_two_writers_cannot_overwrite_each_other(store: DeskTrackerStore) -> None:
    await after(store, "both", a_turn())
    first = await store.retrieve("both")
    second = await store.retrieve("both")
    assert first is not None
    assert second is not None
    first.update(SlotSet("size", "38"))
    await store.save(first)
    second.update(SlotSet("size", "40"))
    with pytest.raises(TurnFailedError, match="conversation_changed"):
        await store.save(second)
    kept = await store.retrieve("both")
    assert kept is not None
    assert kept.get_slot("size") == "38"
    await store.aclose()


async def test_events_replaced_through_rasas_own_api_are_kept(store: DeskTrackerStore) -> None:
    await after(store, "replaced", a_turn())
    foreign = DialogueStateTracker.from_events("replaced", a_turn("nova"), DOMAIN.slots)
    await store.save(foreign)
    back = await store.retrieve("replaced")
    assert back is not None
    assert back.latest_message is not None
    assert back.latest_message.text == "nova"
    assert "replaced" in await store.keys()
    await store.aclose()


async def test_a_stale_version_is_refused(rows: Rows) -> None:
    assert await rows.read("c") is None
    assert await rows.write("c", 0, b'{"a": 1}')
    assert not await rows.write("c", 0, b'{"a": 2}')
    assert await rows.write("c", 1, b'{"a": "\xc3\xa3"}')
    row = await rows.read("c")
    assert row is not None
    assert (row[0], row[1].decode()) == (2, '{"a": "ã"}')
    assert "c" in await rows.names()


async def test_several_processes_create_the_table_at_once(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop schema if exists bot cascade")
    many = [PostgresRows(database_url, max_connections=1) for _ in range(6)]
    assert await asyncio.gather(*(one.read("nobody") for one in many)) == [None] * 6
    for one in many:
        await one.aclose()


async def test_a_restarted_server_is_found_again(database_url: str) -> None:
    rows = PostgresRows(database_url, max_connections=1)
    await rows.read("anybody")
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'balcao-bot' and datname = current_database()"
        )
    assert await rows.read("anybody") is None
    await rows.aclose()


async def test_rasa_does_not_wrap_the_store(store: DeskTrackerStore) -> None:
    assert Agent(DOMAIN, tracker_store=store).tracker_store is store


async def test_a_session_that_expired_starts_anew(ask: Ask, database_url: str) -> None:
    await ask("hello, i need some help", conversation="expired")
    await ask("i want to cancel my order", conversation="expired")
    long_ago = time.time() - 2 * 3600
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            """
            update bot.conversations set state = jsonb_set(state::jsonb, '{events}', (
                select jsonb_agg(event || jsonb_build_object('timestamp', %s::float))
                from jsonb_array_elements(state::jsonb->'events') as event))::json
            where conversation = 'expired'
            """,
            (long_ago,),
        )
    body: dict[str, Any] = (await ask("ok", payload="/affirm", conversation="expired")).json()
    # Nothing is pending any more, and the language is remembered.
    assert [reply["text"] for reply in body["replies"]] == ["Pardon?"]
    assert (await ask("hello", conversation="expired")).json()["language"] == "en"
