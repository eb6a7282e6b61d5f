"""A contact is forgotten: words, names and numbers go, what is counted stays."""

from datetime import timedelta

import pytest

from sla_service.conversations import media
from sla_service.privacy import requests
from sla_service.privacy.tables import ErasureCause
from sla_service.web.principals import TERMINAL
from sla_service.whatsapp import ledger
from tests.sla_service.people import BRUNO, CARLA
from tests.sla_service.privacy.telling import found, tells_all
from tests.sla_service.world import ANA, SERVICE_TOKEN, Desk, written

REPORTS = ("attainment", "response-times", "handling-times", "breaches", "satisfaction")


async def erase(desk: Desk, conversation: int) -> int:
    async with desk.database.step() as connection:
        asked = await requests.ask(connection, conversation, ErasureCause.PEOPLE, TERMINAL)
    await desk.settle()
    return asked.id


async def test_nothing_of_a_contact_is_left_in_any_table(desk: Desk) -> None:
    conversation = await tells_all(desk)
    assert len(found(desk.database.url)) > 12
    files = [path for path in desk.settings.media.folder.rglob("*") if path.is_file()]
    assert files
    number = await erase(desk, conversation)
    assert found(desk.database.url) == []
    assert not [path for path in desk.settings.media.folder.rglob("*") if path.is_file()]
    async with desk.database.connection() as connection:
        progress = await requests.one(connection, number)
    assert progress.step == "done"
    assert progress.finished_at is not None
    assert progress.counts["messages"] >= 4
    assert progress.counts["files"] == 1


async def test_what_reports_count_is_the_same_before_and_after(desk: Desk) -> None:
    conversation = await tells_all(desk)
    await desk.sign_in(CARLA)
    before = [(await desk.http.get(f"/api/reports/{name}")).json() for name in REPORTS]
    rows = await _counted(desk)
    await erase(desk, conversation)
    after = [(await desk.http.get(f"/api/reports/{name}")).json() for name in REPORTS]
    assert after == before
    assert await _counted(desk) == rows


async def test_a_webhook_that_comes_again_brings_nothing_back(desk: Desk) -> None:
    first = written("Meu girassol chegou quebrado, sou Ana Souza", "wamid.A1")
    conversation = await tells_all(desk)
    await erase(desk, conversation)
    messages = (await desk.rows("SELECT count(*) AS n FROM messages"))[0].n
    for _ in range(2):
        await desk.deliver(first)
        await desk.settle()
    assert found(desk.database.url) == []
    assert (await desk.rows("SELECT count(*) AS n FROM messages"))[0].n == messages
    assert (await desk.rows("SELECT count(*) AS n FROM contacts"))[0].n == 1


async def test_late_news_of_a_message_that_was_erased_leaves_no_number(desk: Desk) -> None:
    conversation = await tells_all(desk)
    message = (await desk.rows("SELECT id FROM messages WHERE wamid = 'wamid.OUT1'"))[0].id
    await erase(desk, conversation)
    status = {
        "id": "wamid.OUT1", "status": "read", "timestamp": written("x", "x")["timestamp"],
        "recipient_id": ANA["wa_id"], "biz_opaque_callback_data": f"balcao:{message}",
    }  # fmt: skip
    await desk.deliver_value({"statuses": [status]})
    await desk.settle()
    assert found(desk.database.url) == []
    state = await desk.rows("SELECT state, wamid FROM messages WHERE id = :id", id=message)
    assert tuple(state[0]) == ("read", None)


async def test_who_writes_again_starts_anew(desk: Desk) -> None:
    conversation = await tells_all(desk)
    await erase(desk, conversation)
    await desk.deliver(written("oi de novo", "wamid.B1"))
    await desk.settle()
    threads = await desk.rows(
        "SELECT c.id, p.wa_id, p.forgotten_at FROM conversations c "
        "JOIN contacts p ON p.id = c.contact_id ORDER BY c.id"
    )
    assert [row.wa_id for row in threads] == [None, ANA["wa_id"]]
    assert threads[1].forgotten_at is not None
    said = await desk.rows(
        "SELECT text FROM messages WHERE conversation_id = :id AND author = 'contact'",
        id=threads[1].id,
    )
    assert [row.text for row in said] == ["oi de novo"]
    # An old webhook still brings nothing, now that the number is known again.
    await desk.deliver(written("Meu girassol chegou quebrado, sou Ana Souza", "wamid.A1"))
    await desk.settle()
    assert found(desk.database.url, ["girassol"]) == []


async def test_others_in_the_same_delivery_keep_what_they_said(desk: Desk) -> None:
    bia = {"profile": {"name": "Bia Lopes"}, "wa_id": "5521976540009"}
    from_bia = written("e o meu?", "wamid.C1", sender=bia)
    both = {
        "contacts": [ANA, bia],
        "messages": [written("meu girassol", "wamid.A1"), from_bia],
    }
    await desk.deliver_value(both)
    await desk.settle()
    row = await desk.rows("SELECT c.id FROM conversations c JOIN contacts p ON p.id = contact_id "
                          "WHERE p.wa_id = :wa", wa=ANA["wa_id"])  # fmt: skip
    await erase(desk, row[0].id)
    assert found(desk.database.url, ["11987650001", "Souza", "girassol", "wamid.A"]) == []
    assert found(desk.database.url, ["e o meu?", "Bia Lopes"]) != []
    bodies = await desk.rows("SELECT body FROM whatsapp_deliveries")
    assert any(b"e o meu?" in bytes(one.body) for one in bodies)


async def test_the_books_balance_after_an_erasure(desk: Desk) -> None:
    conversation = await tells_all(desk)
    await erase(desk, conversation)
    async with desk.database.transaction() as session:
        assert (await ledger.account(session)).is_balanced


async def test_it_is_asked_for_once(desk: Desk) -> None:
    conversation = await tells_all(desk)
    async with desk.database.step() as connection:
        first = await requests.ask(connection, conversation, ErasureCause.PEOPLE, TERMINAL)
        again = await requests.ask(connection, conversation, ErasureCause.CONTACT, TERMINAL)
    assert first.id == again.id
    await desk.settle()
    with pytest.raises(requests.AlreadyErased):
        async with desk.database.step() as connection:
            await requests.ask(connection, conversation, ErasureCause.PEOPLE, TERMINAL)


async def test_it_goes_on_from_wherever_it_was_left(desk: Desk) -> None:
    conversation = await tells_all(desk)
    number = await erase(desk, conversation)
    for step in ("waiting", "deliveries", "files", "content"):
        await desk.rows(
            "UPDATE erasures SET step = :step, finished_at = NULL RETURNING 1", step=step
        )
        await desk.worker.jobs._handlers[requests.ERASE](erasure=number)
        async with desk.database.connection() as connection:
            assert (await requests.one(connection, number)).finished_at is not None
    assert found(desk.database.url) == []


async def test_an_open_case_of_fraud_is_for_people_to_close_first(desk: Desk) -> None:
    await desk.deliver(written("caí num golpe no jacarandá, fraude no meu cartão", "wamid.A1"))
    await desk.settle()
    row = (await desk.rows("SELECT id FROM conversations"))[0]
    with pytest.raises(requests.CaseStillOpen):
        async with desk.database.step() as connection:
            await requests.ask(connection, row.id, ErasureCause.CONTACT, TERMINAL)
    await desk.sign_in(BRUNO)
    ticket = (await desk.rows("SELECT number FROM tickets"))[0].number
    assert (await desk.http.post(f"/api/tickets/{ticket}/resolution")).is_success
    await erase(desk, row.id)
    assert found(desk.database.url, ["jacarandá"]) == []


async def _counted(desk: Desk) -> list[tuple[object, ...]]:
    """What stays of tickets, promises and ratings, row by row."""
    queries = (
        "SELECT id, number, conversation_id, status, priority, opened_at, resolved_at FROM tickets",
        "SELECT * FROM sla_events",
        "SELECT * FROM sla_clocks",
        "SELECT * FROM sla_effects",
        "SELECT id, score, state, is_bot_only, agent_id FROM ratings",
        "SELECT id, conversation_id, author, kind, said_at, state, ticket_id FROM messages",
        "SELECT id, reason, from_owner, to_owner, at FROM handoffs",
    )
    found = [row for query in queries for row in await desk.rows(query)]
    return sorted(tuple(map(str, row)) for row in found)


async def test_what_the_bot_remembers_goes_too(desk: Desk) -> None:
    conversation = await tells_all(desk)
    async with desk.database.connection() as connection:
        await connection.execute("CREATE SCHEMA bot")
        await connection.execute(
            "CREATE TABLE bot.conversations (conversation text primary key, version bigint,"
            " state json)"
        )
        await connection.execute(
            'INSERT INTO bot.conversations VALUES (%s, 1, \'{"slots": "girassol"}\')',
            (str(conversation),),
        )
    try:
        await erase(desk, conversation)
        assert found(desk.database.url) == []
    finally:
        async with desk.database.connection() as connection:
            await connection.execute("DROP SCHEMA bot CASCADE")


async def test_who_asks_the_bot_hears_its_last_word_before_they_are_forgotten(desk: Desk) -> None:
    token = {"Authorization": f"Bearer {SERVICE_TOKEN}", "Idempotency-Key": "wamid.A1"}
    steps: list[str] = []

    async def ask() -> None:
        path = "/api/conversations/1/erasure-request"
        asked = await desk.http.post(path, headers=token)
        assert asked.json() == {"state": "accepted"}
        await desk.worker.jobs.drain()  # a worker is quicker than the bot
        steps.extend(row.step for row in await desk.rows("SELECT step FROM erasures"))

    desk.world.before_answer = ask
    await desk.deliver(written("apaguem meus dados, sou Ana Souza do girassol", "wamid.A1"))
    await desk.settle()
    assert steps == ["waiting"]
    assert desk.world.sent[-1]["to"].lstrip("+") == ANA["wa_id"]
    await desk.rows("UPDATE procrastinate_jobs SET scheduled_at = now() RETURNING 1")
    await desk.settle()
    assert found(desk.database.url) == []
    causes = await desk.rows("SELECT cause, requested_by FROM erasures")
    assert [row.cause for row in causes] == ["contact"]


async def test_a_file_that_is_fetched_while_its_contact_is_forgotten_is_not_kept(
    desk: Desk,
) -> None:
    conversation = await tells_all(desk)
    async with desk.database.step() as connection:
        await connection.execute(
            "UPDATE media_files SET state = 'waiting', due_at = now(), media_id = 'photo'"
        )
        [wanted] = await media.claim(connection, limit=1, lease=timedelta(minutes=1))
    await erase(desk, conversation)
    await desk.worker.fetcher._fetch(wanted)
    assert not [path for path in desk.settings.media.folder.rglob("*") if path.is_file()]
    assert found(desk.database.url) == []


async def test_who_was_forgotten_is_written_to_by_nobody(desk: Desk) -> None:
    conversation = await tells_all(desk)
    await erase(desk, conversation)
    sent = len(desk.world.sent)
    await desk.sign_in(CARLA)
    await desk.http.post(f"/api/conversations/{conversation}/assignment", json={"agent": CARLA})
    key = {"Idempotency-Key": "k9"}
    path = f"/api/conversations/{conversation}/messages"
    assert (await desk.http.post(path, json={"text": "olá?"}, headers=key)).is_success
    await desk.settle()
    assert len(desk.world.sent) == sent
    failures = await desk.rows("SELECT failure FROM messages WHERE text = 'olá?'")
    assert [row.failure for row in failures] == [{"class": "erased"}]
    assert (await desk.http.get(path)).is_success
    assert (await desk.http.get("/api/conversations")).is_success
