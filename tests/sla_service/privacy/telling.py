"""Ana tells the desk everything about herself, in every way there is; and where it can be found."""

import json
from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

from tests.sla_service.people import BRUNO, CARLA
from tests.sla_service.world import ANA, Desk, says, written

SECRETS = (
    *("11987650001", "1187650001", "8842017735519024", "Souza", "girassol", "ana.souza@"),
    *("wamid.A", "wamid.OUT"),
)
"""Her number in both spellings, her user id, her name, what she said, and the channel's names of
messages: they hold a number too."""


async def tells_all(desk: Desk) -> int:
    """Ana writes, sends a file, is answered, noted, rated; returns her conversation's id."""
    desk.world.files["photo"] = b"\x89PNG\r\n\x1a\n girassol"
    desk.world.bot = lambda _: says("Anotado, Souza: ana.souza@example.com", intent="complaint")
    await desk.deliver(written("Meu girassol chegou quebrado, sou Ana Souza", "wamid.A1"))
    photo = {
        "from": ANA["wa_id"], "from_user_id": ANA["user_id"], "id": "wamid.A2",
        "timestamp": written("x", "x")["timestamp"], "type": "image",
        "image": {"id": "photo", "mime_type": "image/png", "caption": "o girassol"},
    }  # fmt: skip
    await desk.deliver(photo)
    await desk.settle()
    conversation = (await desk.rows("SELECT id FROM conversations"))[0].id
    await _told_of(desk, "wamid.OUT1")
    await _with_people(desk, conversation)
    await desk.deliver(_reaction("wamid.A1"))
    await desk.settle()
    await _told_elsewhere(desk)
    return int(conversation)


async def _told_of(desk: Desk, wamid: str) -> None:
    message = (await desk.rows("SELECT id FROM messages WHERE wamid = :w", w=wamid))[0].id
    status = {
        "id": wamid, "status": "delivered", "timestamp": written("x", "x")["timestamp"],
        "recipient_id": ANA["wa_id"], "biz_opaque_callback_data": f"balcao:{message}",
    }  # fmt: skip
    await desk.deliver_value({"statuses": [status]})
    await desk.settle()


async def _with_people(desk: Desk, conversation: int) -> None:
    token = {"Authorization": f"Bearer {desk.settings.service_token.get_secret_value()}"}
    told = {"reason": "complaint", "summary": "girassol quebrado de Souza", "details": {}}
    path = f"/api/conversations/{conversation}"
    await _ok(
        desk.http.post(
            f"{path}/handoff", json=told, headers={**token, "Idempotency-Key": "wamid.A1"}
        )
    )
    await desk.sign_in(BRUNO)
    await _ok(desk.http.post(f"{path}/assignment", json={"agent": BRUNO}))
    ticket = (await desk.rows("SELECT number FROM tickets"))[0].number
    await _ok(desk.http.post(f"/api/tickets/{ticket}/notes", json={"text": "Souza, do girassol"}))
    item = {"text": "ligar para Souza", "owner": BRUNO, "due_at": None}
    await _ok(desk.http.post(f"/api/tickets/{ticket}/action-items", json=item))
    answer, key = {"text": "Oi Souza, sinto pelo girassol"}, {"Idempotency-Key": "k1"}
    await _ok(desk.http.post(f"{path}/messages", json=answer, headers=key))
    await desk.settle()
    await _ok(desk.http.post(f"/api/tickets/{ticket}/resolution"))
    await desk.rows(
        "UPDATE ratings SET state = 'rated', score = 2, comment = 'pobre girassol' RETURNING 1"
    )
    await desk.sign_in(CARLA)


async def _told_elsewhere(desk: Desk) -> None:
    """What other parts of the desk keep of her: alerts, webhooks, the shop's events, questions."""
    async with desk.database.step() as connection:
        for statement in _ELSEWHERE:
            await connection.execute(statement)  # type: ignore[arg-type]


def _reaction(target: str) -> dict[str, Any]:
    return {
        "from": ANA["wa_id"], "id": "wamid.A3", "timestamp": written("x", "x")["timestamp"],
        "type": "reaction", "reaction": {"message_id": target, "emoji": "🌻"},
    }  # fmt: skip


async def _ok(asked: Any) -> Any:
    answer = await asked
    assert answer.is_success, answer.text
    return answer


def found(url: str, words: Iterable[str] = SECRETS) -> list[str]:
    """Every column of every table in which one of the words stands, whatever its type."""
    hits: list[str] = []
    with psycopg.connect(url) as connection:
        columns = connection.execute(_COLUMNS).fetchall()
        for schema, table, column, kind in columns:
            one = sql.Identifier(column)
            as_text = sql.SQL("encode({}, 'escape')" if kind == "bytea" else "{}::text").format(one)
            place = sql.Identifier(schema, table)
            query = sql.SQL("SELECT {} FROM {}").format(as_text, place)
            for (value,) in connection.execute(query):
                hits += [
                    f"{schema}.{table}.{column}: {word}"
                    for word in words
                    if value is not None and word.lower() in _spelt(value)
                ]
    return sorted(set(hits))


def _spelt(value: str) -> str:
    """A value with what JSON escapes written out."""
    try:
        return f"{value} {json.loads(value)}".lower()
    except ValueError:
        return value.lower()


_ELSEWHERE = (
    """INSERT INTO notices (key, team, kind, at, ticket_id, metric, facts)
       SELECT 'k', 'agent', 'breached', now(), id, 'resolution',
              jsonb_build_object('number', number, 'subject', subject, 'text', 'Souza')
       FROM tickets""",
    """INSERT INTO webhook_endpoints (url, secrets, events)
       VALUES ('https://x.example', '{}', '{}')""",
    """INSERT INTO webhook_deliveries (id, endpoint_id, event, key, due_at, body)
       SELECT 'msg_1', e.id, 'x', 'k', NULL,
              jsonb_build_object('type', 'x', 'data',
                                 jsonb_build_object('ticket_id', t.id, 'subject', t.subject))
       FROM tickets t, webhook_endpoints e""",
    """INSERT INTO order_events (webhook_id, body, state)
       VALUES ('e1', '{"phone": "+55 11 98765-0001", "buyer": "Ana Souza"}', 'parked')""",
    """INSERT INTO order_notices (order_ref, order_number, kind, happened_at, facts,
                                  conversation_id, due_at, state)
       SELECT 'r1', '1042', 'shipped', now(), '{"item": "girassol"}', id, now(), 'sent'
       FROM conversations""",
    """INSERT INTO unanswered_questions (language, text, folded, conversation_id)
       SELECT 'pt', 'o girassol murcha?', 'girassol murcha', id FROM conversations""",
)

_COLUMNS = """
SELECT c.table_schema, c.table_name, c.column_name, c.data_type FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE t.table_type = 'BASE TABLE' AND t.table_schema NOT IN ('pg_catalog', 'information_schema')
"""
