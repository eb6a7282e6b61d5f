"""What a contact's number may be used for: the last word counts, each is written down."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla_service.conversations import consent
from sla_service.conversations.consent import OPTIONAL, Purpose, Words
from sla_service.database.sessions import Database
from sla_service.dialogue.keywords import KeywordsUnreadable, load
from tests.sla_service.people import BRUNO
from tests.sla_service.tickets.asking import left_at_that
from tests.sla_service.world import ANA, Desk, World, open_desk, says, settings_for, written

_OUT = "Pronto: você não vai mais receber avisos nossos."
_WORDS = st.tuples(st.sets(st.sampled_from(Purpose), min_size=1), st.booleans())


@given(said=st.lists(_WORDS, max_size=8))
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
async def test_the_last_word_about_each_purpose_counts(
    database: Database, said: list[tuple[set[Purpose], bool]]
) -> None:
    async with database.step() as connection:
        cursor = await connection.execute("INSERT INTO contacts DEFAULT VALUES RETURNING id")
        row = await cursor.fetchone()
        assert row is not None
        contact = int(row[0])
        last: dict[Purpose, bool] = {}
        entries = 0
        for purposes, granted in said:
            news = [one for one in purposes if last.get(one) is not granted]
            changed = await consent.record(
                connection, contact, purposes, granted=granted, wording=Words.of("x"), language="pt"
            )
            assert changed == len(news)
            entries += changed
            last |= dict.fromkeys(purposes, granted)
        assert len(await consent.ledger(connection, contact)) == entries
        state = await consent.state(connection, contact)
        for purpose in Purpose:
            expected = last.get(purpose, consent.presumed(purpose)) or purpose is Purpose.SERVICE
            assert await consent.allows(connection, contact, purpose) is expected
            assert state[purpose] is expected
            query = f"SELECT {consent.allowed_sql(str(contact), purpose)}"
            found = await (await connection.execute(query)).fetchone()  # type: ignore[arg-type]
            assert found is not None
            assert found[0] is expected


async def _says(desk: Desk, text: str, wamid: str) -> list[str]:
    """Ana says it; what is sent to her because of it."""
    before = len(desk.world.sent)
    await desk.deliver(written(text, wamid))
    await desk.settle()
    return [_text(body) for body in desk.world.sent[before:]]


def _text(body: dict[str, Any]) -> str:
    if body["type"] == "interactive":
        return str(body["interactive"]["body"]["text"])
    return str(body["text"]["body"])


async def _allowed(desk: Desk) -> dict[str, bool]:
    async with desk.database.connection() as connection:
        return {str(one): value for one, value in (await consent.state(connection, 1)).items()}


@pytest.mark.parametrize(
    "word",
    [
        "SAIR",
        "sair",
        "Sair!",
        " parar. ",
        "STOP",
        "Cancelar envios",
        "unsubscribe",
        "“SAIR”",
        "PARE",
    ],
)
async def test_a_keyword_alone_ends_messages_and_is_confirmed_in_one(desk: Desk, word: str) -> None:
    await _says(desk, "oi", "wamid.1")
    [answer] = await _says(desk, word, "wamid.2")
    assert answer.startswith(_OUT)
    assert len(desk.world.turns) == 1
    allowed = await _allowed(desk)
    assert [allowed[purpose] for purpose in OPTIONAL] == [False, False, False]
    assert allowed["service"]


@pytest.mark.parametrize(
    "text",
    [
        *("cancelar", "cancelar pedido 1234", "quero sair de casa amanhã, chega hoje?"),
        *("pode parar o pedido?", "não para de dar erro", "stop by the store"),
        *("voltar", "start", "entrar"),
    ],
)
async def test_what_is_no_keyword_is_for_the_bot(desk: Desk, text: str) -> None:
    await _says(desk, text, "wamid.1")
    assert [turn["text"] for turn in desk.world.turns] == [text]
    assert (await _allowed(desk))["rating"]


async def test_it_is_obeyed_while_the_bot_asks_while_people_hold_and_while_the_bot_is_down(
    desk: Desk,
) -> None:
    desk.world.bot = lambda _: says("Qual é o pedido?", stage="asked")
    await _says(desk, "cadê meu pedido", "wamid.1")
    [answer] = await _says(desk, "SAIR", "wamid.2")
    assert answer.startswith(_OUT)
    tickets = await desk.rows("SELECT status FROM tickets")
    assert [row.status for row in tickets] == ["pending"]  # the question still waits
    await desk.sign_in(BRUNO)
    taken = await desk.http.post("/api/conversations/1/assignment", json={"agent": BRUNO})
    assert taken.is_success
    [again] = await _says(desk, "voltar", "wamid.3")
    assert again.startswith("Combinado")
    [out] = await _says(desk, "stop", "wamid.4")
    assert out.startswith(_OUT)  # in her language, not the keyword's
    await desk.http.delete("/api/conversations/1/assignment")
    desk.world.bot = lambda _: (_ for _ in ()).throw(ConnectionError)  # type: ignore[assignment]
    [before] = await _says(desk, "SAIR", "wamid.5")
    assert before.startswith("Você já está fora")


async def test_who_stopped_gets_answers_and_no_questions_of_ours(
    database: Database, world: World
) -> None:
    chosen = settings_for(database.url, world, ratings={"delay": 0})
    async with open_desk(database, world, chosen) as desk:
        await _says(desk, "cadê meu pedido", "wamid.1")
        await _says(desk, "SAIR", "wamid.2")
        [answer] = await _says(desk, "chega quando?", "wamid.3")
        assert answer == "eco: chega quando?"
        await left_at_that(desk)
        states = await desk.rows("SELECT state FROM ratings")
        assert [row.state for row in states] == ["passed_over"]
        assert len(world.sent) == 3


async def test_what_was_owed_when_they_stopped_is_not_sent(desk: Desk) -> None:
    await _says(desk, "oi", "wamid.1")
    async with desk.database.step() as connection:
        await consent.record(
            connection, 1, {Purpose.PROACTIVE}, granted=True, wording=Words.of("x"), language="pt"
        )
        await connection.execute(_OWE)
    [only] = await _says(desk, "SAIR", "wamid.2")
    assert only.startswith(_OUT)
    news = await desk.rows("SELECT state, failure FROM messages WHERE text = 'saiu para entrega'")
    assert [(row.state, row.failure) for row in news] == [("refused", {"class": "opted_out"})]


async def test_the_first_message_may_be_the_keyword(desk: Desk) -> None:
    [answer] = await _says(desk, "STOP", "wamid.1")
    assert answer.startswith("Done: you won't get")
    assert await desk.rows("SELECT 1 FROM tickets") == []
    await desk.sign_in(BRUNO)
    assert (await desk.http.get("/api/conversations/1/messages")).is_success
    assert (await desk.http.get("/api/conversations")).is_success


async def test_the_first_answer_ends_with_the_notice_once(database: Database, world: World) -> None:
    chosen = settings_for(database.url, world, privacy={"notice": True})
    async with open_desk(database, world, chosen) as desk:
        world.bot = lambda _: says(
            "Oi!", "Escolha:", buttons=[{"title": "Pedido", "payload": "/x"}]
        )
        [first] = await _says(desk, "oi", "wamid.1")
        assert first.startswith("Oi!\n\nEscolha:\n\n_Guardamos esta conversa")
        [second] = await _says(desk, "oi", "wamid.2")
        assert second == "Oi!\n\nEscolha:"
        ledger = await desk.rows(
            "SELECT purpose, wording, wording_version, language, cause, m.wamid FROM consents "
            "JOIN messages m ON m.id = message_id"
        )
        [entry] = ledger
        assert entry.wording in first
        assert entry.wording_version == Words.of(entry.wording).version
        assert (entry.purpose, entry.language, entry.wamid) == ("service", "pt", "wamid.1")


async def test_a_notice_that_has_no_room_waits_for_the_next_answer(
    database: Database, world: World
) -> None:
    chosen = settings_for(database.url, world, privacy={"notice": True})
    async with open_desk(database, world, chosen) as desk:
        world.bot = lambda _: says("x" * 1000, buttons=[{"title": "Pedido", "payload": "/x"}])
        [first] = await _says(desk, "hi", "wamid.1")
        assert first == "x" * 1000
        world.bot = None
        [second] = await _says(desk, "oi", "wamid.2")
        assert "Guardamos esta conversa" in second


_OWE = """
WITH said AS (
  INSERT INTO messages (conversation_id, author, kind, text, content, said_at, state)
  VALUES (1, 'bot', 'text', 'saiu para entrega', '{"purpose": "proactive"}', now(), 'queued')
  RETURNING id
)
INSERT INTO outbox (conversation_id, message_id, body, owner_fence, purpose, due_at)
SELECT 1, id, '{"type": "text", "text": {"body": "saiu"}}', 0, 'proactive', now() FROM said
"""


async def test_two_contacts_who_are_one_person_keep_every_word(desk: Desk) -> None:
    number, user = {"wa_id": ANA["wa_id"]}, {"user_id": ANA["user_id"]}
    for sender, wamid, word in ((number, "wamid.1", "SAIR"), (user, "wamid.2", "receber avisos")):
        await desk.deliver(written(word, wamid, sender=sender), contact={**sender, "profile": {}})
        await desk.settle()
    assert len(await desk.rows("SELECT 1 FROM contacts")) == 2
    await _says(desk, "oi", "wamid.3")
    assert len(await desk.rows("SELECT 1 FROM contacts")) == 1
    ledger = await desk.rows("SELECT purpose, is_granted FROM consents ORDER BY id")
    assert len(ledger) == 5
    assert (await _allowed(desk))["proactive"]  # her last word


def test_a_word_that_means_two_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    listed = "keywords: {opt_out: {pt: [sair]}, opt_in: {pt: [Sair!]}, opt_in_again: {}}"
    (tmp_path / "desk" / "keywords.yml").write_text(listed, encoding="utf-8")
    with pytest.raises(KeywordsUnreadable):
        load(tmp_path)
