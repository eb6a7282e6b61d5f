"""What is old goes by itself, chunk by chunk; what is counted stays."""

from datetime import timedelta

from sla_service import clock
from sla_service.database.sessions import Database
from sla_service.privacy import requests
from sla_service.privacy.retention import Retention
from sla_service.settings import PrivacySettings
from tests.sla_service.privacy.telling import found, tells_all
from tests.sla_service.world import Desk, written


def _retention(desk: Desk, **chosen: int) -> Retention:
    return Retention(desk.database, PrivacySettings(**chosen), desk.worker.fetcher.store)


async def _run(desk: Desk, later: timedelta, **chosen: int) -> None:
    at = clock.now() + later
    while await _retention(desk, **chosen).once(at):
        await desk.settle()


async def test_raw_webhooks_go_after_their_days_and_the_thread_stays(desk: Desk) -> None:
    await tells_all(desk)
    await _run(desk, timedelta(days=89))
    assert any("whatsapp_deliveries" in hit for hit in found(desk.database.url))
    await _run(desk, timedelta(days=91))
    hits = found(desk.database.url)
    assert not any("whatsapp_deliveries" in hit for hit in hits)
    assert "public.messages.text: girassol" in hits


async def test_a_webhook_that_is_parked_stays_as_it_came(desk: Desk) -> None:
    await desk.post(b"not json, but girassol")
    await _run(desk, timedelta(days=91))
    assert found(desk.database.url, ["girassol"]) == ["public.whatsapp_deliveries.body: girassol"]


async def test_a_contact_who_is_silent_for_long_is_forgotten(desk: Desk) -> None:
    await tells_all(desk)
    await _run(desk, timedelta(days=150), content_months=6)
    assert found(desk.database.url) != []
    await _run(desk, timedelta(days=200), content_months=6)
    assert found(desk.database.url) == []
    causes = await desk.rows("SELECT cause, step FROM erasures")
    assert [(row.cause, row.step) for row in causes] == [("retention", "done")]


async def test_who_still_writes_loses_what_is_old_and_keeps_what_is_new(desk: Desk) -> None:
    await tells_all(desk)
    await _age(desk.database, days=400)
    await desk.deliver(written("e as tulipas?", "wamid.Z1"))
    await desk.settle()
    await _run(desk, timedelta(0), content_months=12, raw_days=30)
    words = ("girassol", "tulipas", "11987650001")
    hits = found(desk.database.url, words)
    assert not any(hit.endswith("girassol") for hit in hits), hits
    assert "public.messages.text: tulipas" in hits
    assert "public.contacts.wa_id: 11987650001" in hits
    assert not [path for path in desk.settings.media.folder.rglob("*") if path.is_file()]
    assert len(await desk.rows("SELECT 1 FROM messages WHERE content ? 'erased'")) >= 4


async def test_under_a_legal_hold_nothing_is_old_until_it_is_lifted(desk: Desk) -> None:
    await tells_all(desk)
    await _age(desk.database, days=400)
    await desk.deliver(written("e as tulipas?", "wamid.Z1"))
    await desk.settle()
    contact = (await desk.rows("SELECT id FROM contacts"))[0].id
    await _hold(desk.database, contact, "processo 123")
    before = found(desk.database.url, ["girassol"])
    await _run(desk, timedelta(0), content_months=12, raw_days=0)
    gone = set(before) - set(found(desk.database.url, ["girassol"]))
    assert gone == {"public.webhook_deliveries.body: girassol"}  # a copy of what others were told
    await _hold(desk.database, contact, None)
    await _run(desk, timedelta(0), content_months=12, raw_days=0)
    assert "public.messages.text: girassol" not in found(desk.database.url, ["girassol"])


async def test_nothing_is_forgotten_where_nothing_is_set(desk: Desk) -> None:
    await tells_all(desk)
    before = found(desk.database.url)
    await _run(desk, timedelta(days=4000), raw_days=0)
    assert found(desk.database.url) == before


async def _age(database: Database, *, days: int) -> None:
    """Let everything have happened so long ago."""
    ago = f"interval '{days} days'"
    async with database.step() as connection:
        for table, columns in (
            ("messages", ("created_at", "said_at")),
            ("media_files", ("created_at",)),
            ("whatsapp_deliveries", ("received_at",)),
            ("tickets", ("opened_at", "resolved_at", "last_message_at")),
            ("contacts", ("created_at",)),
            *((table, ("created_at",)) for table in ("notices", "order_notices")),
            ("webhook_deliveries", ("created_at", "due_at")),
            ("unanswered_questions", ("asked_at",)),
            ("conversations", ("last_message_at", "last_inbound_at")),
        ):
            aged = ", ".join(f"{column} = {column} - {ago}" for column in columns)
            await connection.execute(f"UPDATE {table} SET {aged}")  # type: ignore[arg-type]  # noqa: S608


async def _hold(database: Database, contact: int, why: str | None) -> None:
    async with database.step() as connection:
        await requests.hold_back(connection, contact, why)


async def test_a_file_goes_a_month_after_it_was_brought_unless_it_was_sent(desk: Desk) -> None:
    await tells_all(desk)
    async with desk.database.step() as connection:
        for statement in _BROUGHT:
            await connection.execute(statement)
    await _run(desk, timedelta(days=29))
    assert await _brought(desk) == ["sent", "unsent 1", "unsent 2"]
    await _run(desk, timedelta(days=31))
    assert await _brought(desk) == ["sent"]
    assert await _retention(desk).once(clock.now() + timedelta(days=31)) == 0, "once is enough"


async def _brought(desk: Desk) -> list[str]:
    found = await desk.rows("SELECT id FROM uploads WHERE filename = 'nota.pdf' ORDER BY id")
    return [row.id for row in found]


_BROUGHT = (
    """
INSERT INTO uploads (id, filename, mime, size, sha256)
SELECT id, 'nota.pdf', 'application/pdf', 1, id
FROM unnest(ARRAY['unsent 1', 'sent', 'unsent 2']) id
""",
    """
INSERT INTO media_files (message_id, state, sha256, due_at)
SELECT id, 'stored', 'sent', NULL FROM messages
WHERE id NOT IN (SELECT message_id FROM media_files) LIMIT 1
""",
)
