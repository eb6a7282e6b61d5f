"""Conversations that people hold, and what goes on in them: at its own pace, past the bot."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg

from bench import webhooks
from bench.load import request
from sla_service import clock
from sla_service.agents import accounts, sessions
from sla_service.database.sessions import Database
from sla_service.web.principals import Role
from sla_service.whatsapp import signature

CONVERSATIONS = 600
SENT_BEFORE = 40  # messages of each conversation that news may come of
_LINES = 32
_COOKIE = "balcao_session"
Streams = list[tuple[float, Callable[[int], bytes]]]
"""So many requests a second, and the request of each number."""
_Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Load:
    """Requests that are put on open connections at their own time."""

    web: str
    lates: list[float] = field(default_factory=list)
    """Milliseconds from the time a webhook was due until it was answered."""
    refused: int = 0
    _waiting: "asyncio.Queue[tuple[float, bytes]]" = field(default_factory=asyncio.Queue)

    async def run(self, until: float, streams: Streams) -> None:
        """So many requests a second of each kind, until then; then wait for the last answer."""
        lines = [asyncio.create_task(self._line()) for _ in range(_LINES)]
        over = asyncio.create_task(self._over(until, streams))
        await asyncio.wait([over, *lines], return_when=asyncio.FIRST_COMPLETED)
        for task in (over, *lines):
            task.cancel()
        ended = await asyncio.gather(over, *lines, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                raise one

    async def _over(self, until: float, streams: Streams) -> None:
        await asyncio.gather(*(self._offer(rate, make, until) for rate, make in streams))
        await self._waiting.join()

    async def _offer(self, rate: float, make: Callable[[int], bytes], until: float) -> None:
        began = time.perf_counter()
        number = 0
        while (due := began + number / rate) < until:
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            self._waiting.put_nowait((due, make(number)))
            number += 1

    async def _line(self) -> None:
        line = await self._opened()
        while True:
            due, wire = await self._waiting.get()
            try:
                status = await _asked(line, wire)
            except (asyncio.IncompleteReadError, ConnectionError):
                # It was idle for long and closed at the other end; all we ask may be asked twice.
                line = await self._opened()
                status = await _asked(line, wire)
            self.lates.append((time.perf_counter() - due) * 1000)
            self.refused += status not in {b"200", b"202"}
            self._waiting.task_done()

    async def _opened(self) -> _Line:
        host, port = self.web.removeprefix("http://").split(":")
        return await asyncio.open_connection(host, int(port))


async def _asked(line: _Line, wire: bytes) -> bytes:
    """The status of the answer to a request."""
    reader, writer = line
    writer.write(wire)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return head[9:12]


async def prepare(url: str) -> "People":
    """Conversations that an agent holds, with a past."""
    database = Database(url, pool_size=1)
    async with database.transaction() as session:
        agent = await accounts.add(
            session, "carga@loja.example", name="Carla Mendes", role=Role.AGENT
        )
        await session.flush()
        token = await sessions.begin(
            session, agent, browser="bench", at=clock.now(), last=timedelta(days=1)
        )
        agent_id = agent.id
    await database.close()
    values = {"all": CONVERSATIONS, "sent": SENT_BEFORE, "agent": agent_id}
    with psycopg.connect(url, autocommit=True) as server:
        first = server.execute(_FIRST).fetchone()
        assert first is not None
        for statement in _HELD:
            server.execute(statement, values | {"first": first[0]})
    return People(first[0], f"{_COOKIE}={token}")


@dataclass(frozen=True)
class People:
    """An agent, and who writes to them: the first of their conversations, and their cookie."""

    first: int
    cookie: str

    def streams(self, web: str, secret: str, rate: float, wave: str) -> Streams:
        """So many messages a second; half as many news of others; some reactions and replies."""

        def posted(body: bytes) -> bytes:
            signed = signature.sign(body, secret.encode())
            headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed}
            return request(f"{web}/webhooks/whatsapp", body, headers)

        def text(number: int) -> bytes:
            wamid = f"wamid.{wave}{number}"
            said = f"e o pedido #{number}, já saiu?"
            return posted(webhooks.message(_wa_id(number), wamid, said))

        def status(number: int) -> bytes:
            conversation, sent = number % CONVERSATIONS, number // CONVERSATIONS % SENT_BEFORE
            wamid = f"wamid.HELD{conversation + 1}.{sent + 1}"
            reached = ("sent",) if wave == "warm" else ("delivered", "read")
            return posted(webhooks.statuses(_wa_id(number), wamid, *reached))

        def reaction(number: int) -> bytes:
            target = f"wamid.HELD{number % CONVERSATIONS + 1}.1"
            return posted(webhooks.reaction(_wa_id(number), f"wamid.R{wave}{number}", target))

        def reply(number: int) -> bytes:
            return self._reply(web, f"{wave}{number}", self.first + number * 7 % CONVERSATIONS)

        return [(rate, text), (rate / 2, status), (rate / 10, reaction), (rate / 10, reply)]

    def _reply(self, web: str, key: str, conversation: int) -> bytes:
        headers = {
            "Content-Type": "application/json",
            "Cookie": self.cookie,
            "Sec-Fetch-Site": "same-origin",
            "Idempotency-Key": key,
        }
        body = json.dumps({"text": f"Já vi aqui: saiu hoje ({key})."}).encode()
        return request(f"{web}/api/conversations/{conversation}/messages", body, headers)


def _wa_id(number: int) -> str:
    return f"5511{910_000_000 + number % CONVERSATIONS + 1}"


_FIRST = """
SELECT 1 + GREATEST((SELECT max(id) FROM contacts), (SELECT max(id) FROM conversations),
                    (SELECT max(id) FROM tickets), 0)
"""

_HELD = (
    """
INSERT INTO contacts (id, wa_id, phone_key, name)
SELECT %(first)s - 1 + c, '5511' || 910000000 + c, '5511' || 910000000 + c, 'Contato ' || c
FROM generate_series(1, %(all)s) c
""",
    f"""
INSERT INTO conversations (id, contact_id, phone_number_id, language, owner, agent_id, held_since,
                           last_message_at, last_inbound_at)
SELECT %(first)s - 1 + c, %(first)s - 1 + c, '{webhooks.NUMBER}', 'pt', 'agent', %(agent)s, now(),
       now(), now()
FROM generate_series(1, %(all)s) c
""",  # noqa: S608 - our own words
    """
INSERT INTO tickets (id, conversation_id, subject, last_message_at)
SELECT %(first)s - 1 + c, %(first)s - 1 + c, 'cadê meu pedido', now()
FROM generate_series(1, %(all)s) c
""",
    """
INSERT INTO messages (conversation_id, ticket_id, author, agent_id, kind, wamid, text, content,
                      said_at, state)
SELECT %(first)s - 1 + c, %(first)s - 1 + c, 'agent', %(agent)s, 'text',
       'wamid.HELD' || c || '.' || m, 'Já vou ver.', '{}', now() - interval '1 hour', 'sent'
FROM generate_series(1, %(all)s) c, generate_series(1, %(sent)s) m
""",
    *(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
        for table in ("contacts", "conversations", "tickets")
    ),
    "ANALYZE",
)
