"""The webhook stores before it answers, and answers only what is genuine."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import psycopg
import pytest

from sla_service.database.sessions import Database
from sla_service.whatsapp import inbox, ledger
from sla_service.whatsapp.inbox import Inbox
from tests.sla_service.whatsapp import samples
from tests.sla_service.world import Desk, World, written

_VERIFY = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}


async def test_meta_verifies_the_address_with_our_token(desk: Desk) -> None:
    token = {"hub.verify_token": "a verify token of the tests"}
    answer = await desk.http.get("/webhooks/whatsapp", params={**_VERIFY, **token})
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "changes",
    [{"hub.verify_token": "wrong"}, {"hub.mode": "unsubscribe"}, {"hub.verify_token": ""}],
    ids=["token", "mode", "empty"],
)
async def test_nobody_else_is_verified(desk: Desk, changes: dict[str, str]) -> None:
    token = {"hub.verify_token": "a verify token of the tests"}
    answer = await desk.http.get("/webhooks/whatsapp", params={**_VERIFY, **token, **changes})
    assert answer.status_code == 403
    assert "1158201444" not in answer.text


async def test_a_forged_delivery_leaves_no_trace(desk: Desk) -> None:
    body = json.dumps(samples.envelope(samples.change(messages=[written("oi", "wamid.A1")])))
    for signature in ("sha256=" + "0" * 64, "nonsense"):
        assert (await desk.post(body.encode(), signature)).status_code == 403
    unsigned = await desk.http.post("/webhooks/whatsapp", content=body)
    assert unsigned.status_code == 403
    assert await desk.rows("SELECT count(*) FROM whatsapp_deliveries") == [(0,)]


async def test_a_body_over_the_limit_is_refused_and_one_under_it_is_not(desk: Desk) -> None:
    limit = desk.settings.whatsapp.max_body_bytes
    fitting = json.dumps({"entry": [], "pad": "a" * (3 * 1024 * 1024)}).encode()
    assert (await desk.post(fitting)).status_code == 200
    assert (await desk.post(b"{" + b" " * limit)).status_code == 413


async def test_an_authentic_body_nobody_can_read_is_parked_and_acknowledged(desk: Desk) -> None:
    for body in (b"not json", b"[1]", b'{"entry": "x"}'):
        assert (await desk.post(body)).status_code == 200
    await desk.deliver(written("oi", "wamid.A1"))
    await desk.settle()
    async with desk.database.transaction() as session:
        account = await ledger.account(session)
        parked = await ledger.parked(session)
    assert account == ledger.Account(received=4, processed=1, waiting=0, duplicate=0, parked=3)
    assert [one.kind for one in parked] == ["delivery"] * 3


async def test_everything_received_is_accounted_for(desk: Desk) -> None:
    messages = [written("oi", f"wamid.A{n}") for n in range(5)]
    await desk.deliver(*messages)
    await desk.deliver(*messages, written("mais uma", "wamid.A9"))
    await desk.deliver(written("duas", "wamid.B1"), written("vezes", "wamid.B1"))
    await desk.settle()
    async with desk.database.transaction() as session:
        account = await ledger.account(session)
    assert account == ledger.Account(received=13, processed=7, waiting=0, duplicate=6, parked=0)
    assert account.is_balanced
    await desk.rows("DELETE FROM whatsapp_updates WHERE key = 'm:wamid.A9' RETURNING 1")
    async with desk.database.transaction() as session:
        assert not (await ledger.account(session)).is_balanced


async def test_concurrent_requests_share_a_commit_and_each_is_stored(desk: Desk) -> None:
    answers = await asyncio.gather(
        *(desk.deliver(written("oi", f"wamid.C{n}")) for n in range(100))
    )
    assert {answer.status_code for answer in answers} == {200}
    ((stored, commits),) = await desk.rows(
        "SELECT count(*), count(DISTINCT xmin::text) FROM whatsapp_deliveries"
    )
    assert stored == 100
    assert commits < 50


async def test_one_delivery_that_can_not_be_stored_fails_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Inbox(database.url)
    store.start()
    known = inbox.payload.split

    def split(body: bytes) -> list[inbox.Update]:
        updates = known(body)
        return [replace(one, lane="\x00") for one in updates] if b"poison" in body else updates

    monkeypatch.setattr(inbox.payload, "split", split)
    bodies = [
        json.dumps(samples.envelope(samples.change(messages=[written(text, f"w.{n}")]))).encode()
        for n, text in enumerate(["oi", "poison", "tchau"])
    ]
    await asyncio.gather(*(store.store(body) for body in bodies))
    await store.stop()
    async with database.transaction() as session:
        account = await ledger.account(session)
    assert (account.waiting, account.parked) == (2, 1)


async def test_a_delivery_is_not_acknowledged_while_postgresql_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Inbox("postgresql://postgres@/nowhere?host=/nonexistent")
    store.start()
    with pytest.raises(psycopg.OperationalError):
        await store.store(b"{}")
    await store.stop()


async def test_a_server_in_trouble_is_no_fault_of_what_came(desk: Desk, world: World) -> None:
    """As when the quota of its disk is used up: PostgreSQL has no word for that but XX000."""
    async with _full(desk, "whatsapp_updates"):
        assert (await desk.deliver(written("oi", "wamid.A1"))).status_code == 503
    async with _full(desk, "messages"):
        assert (await desk.deliver(written("oi", "wamid.A1"))).status_code == 200
        for _ in range(desk.settings.lanes.attempts + 2):
            await _taken_at_once(desk)
        async with desk.database.transaction() as session:
            account = await ledger.account(session)
        assert (account.received, account.waiting, account.parked) == (1, 1, 0)
    await _taken_at_once(desk)
    assert [body["text"]["body"] for body in world.sent] == ["eco: oi"]


@asynccontextmanager
async def _full(desk: Desk, table: str) -> AsyncIterator[None]:
    """PostgreSQL can't write to a table."""
    async with desk.database.connection() as connection:
        await connection.execute(_FULL)
        await connection.execute(
            f"CREATE TRIGGER is_full BEFORE INSERT ON {table} EXECUTE FUNCTION is_full()"
        )
        yield
        await connection.execute(f"DROP TRIGGER is_full ON {table}")


async def _taken_at_once(desk: Desk) -> None:
    await desk.rows("UPDATE whatsapp_updates SET due_at = now() RETURNING 1")
    await desk.settle()


async def test_something_parked_is_replayed_by_its_name(desk: Desk) -> None:
    await desk.deliver({**written("oi", "wamid.X1"), "timestamp": "never"})
    await desk.rows("UPDATE whatsapp_updates SET state = 'parked', attempts = 5 RETURNING 1")
    await desk.rows(
        "UPDATE whatsapp_deliveries SET body = convert_to(replace(convert_from(body, 'utf8'),"
        " 'never', '1795435200'), 'utf8') RETURNING 1"
    )
    async with desk.database.transaction() as session:
        (parked,) = await ledger.parked(session)
        await ledger.replay(session, parked.name)
    await desk.settle()
    assert await desk.rows("SELECT state FROM whatsapp_updates") == [("processed",)]
    async with desk.database.transaction() as session:
        for name in (parked.name, "99/0", "7", "x/y"):
            with pytest.raises(ledger.NothingParked):
                await ledger.replay(session, name)


_FULL = """
CREATE OR REPLACE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'could not extend file: Disk quota exceeded' USING ERRCODE = 'XX000';
END $$
"""
