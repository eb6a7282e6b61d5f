"""A shop's past in a database: messages by the million, made by SQL in minutes.

Each conversation has ten messages within ten minutes, one ticket, and what a desk keeps beside
them. The shop has always had as much to do as it has now; a longer past is only longer. The last
conversations are open: with the bot, in the queue, with an agent.
"""

import random
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from bench import past_rows, promised
from sla_service.database.sessions import Database
from sla_service.sla import recording
from sla_service.sla.events import EventKind
from sla_service.sla.recording import Happened

MESSAGES = 10  # a conversation
OPEN = 300
NUMBER = "700100200300"
COMMON = [
    "oi",
    "bom",
    "dia",
    "cadê",
    "meu",
    "pedido",
    "que",
    "comprei",
    "ontem",
    "obrigada",
    "tudo",
    "bem",
    "quero",
    "trocar",
    "o",
    "tênis",
    "tamanho",
    "chegou",
    "errado",
    "quando",
    "chega",
    "entrega",
    "pagamento",
    "boleto",
    "pix",
    "cartão",
    "reembolso",
    "devolver",
    "camisa",
    "vestido",
    "azul",
    "preto",
    "loja",
    "endereço",
    "mudar",
    "cancelar",
    "nota",
    "fiscal",
    "rastreio",
    "correios",
    "atrasado",
]
_SENTENCES = 5000
_NAMES = [
    "Ana",
    "Bruno",
    "Carla",
    "Diego",
    "Elisa",
    "Fábio",
    "Gabriela",
    "Heitor",
    "Iara",
    "João",
    "Larissa",
    "Marina",
]
_FAMILIES = [
    "Souza",
    "Tavares",
    "Mendes",
    "Rocha",
    "Duarte",
    "Lima",
    "Castro",
    "Nunes",
    "Prado",
    "Viana",
    "Teles",
    "Moura",
]
_LATER = ("ix_messages_words", "ix_messages_numbers", "ix_tickets_words", "ix_contacts_names")
"""Indexes that are made faster of rows which are there already."""


async def fill(
    database: Database, server: psycopg.Connection[Any], *, messages: int, days: int
) -> int:
    """So many messages, spread over so many days until now; returns how many conversations."""
    count = messages // MESSAGES
    await promised.record_pattern(database)
    await _record_solved(database)
    values = {"all": count, "open": OPEN, "gap": days * 86_400 / count, "number": NUMBER}
    later = [_index(server, name) for name in _LATER]
    with server.transaction():
        server.execute("SET LOCAL session_replication_role = replica")  # keys are right as made
        for name in _LATER:
            server.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        _words(server)
        for statement in past_rows.FILL:
            server.execute(statement, values)
    promised.fill(server, count - OPEN + 1, count)
    for definition in later:
        server.execute(definition)
    server.execute("VACUUM (ANALYZE)")
    return count


def sentences() -> Iterator[str]:
    """What shoppers say: a few words often, many seldom, and one in each that only it has."""
    chance = random.Random(7)
    rare = [_made_up(chance) for _ in range(3000)]
    for number in range(_SENTENCES):
        said = chance.choices(COMMON, k=chance.randint(3, 9))
        said += [rare[int(len(rare) * chance.random() ** 3)] for _ in range(2)]
        chance.shuffle(said)
        yield " ".join([*said, f"{_made_up(chance)}{number}"])


def phone(contact: int) -> str:
    """The number of a contact: no two have the same, and neighbours have little in common."""
    return f"55119{contact * 48_271 % 99_999_989:08d}"


async def _record_solved(database: Database) -> None:
    """The ticket that all solved ones are copies of; it was solved in no time."""
    kinds: list[tuple[EventKind, dict[str, Any]]] = [
        (EventKind.OPENED, {"priority": "normal", "channel": "whatsapp"}),
        (EventKind.ASSIGNMENT, {"tier": "agent"}),
        (EventKind.CONTACT_MESSAGE, {}),
        (EventKind.AGENT_MESSAGE, {}),
        (EventKind.STATUS, {"status": "resolved"}),
    ]
    happened = [Happened(kind, told, promised.BEGAN) for kind, told in kinds]
    async with database.step() as connection:
        await recording.record(connection, 0, happened)
        for statement in past_rows.SET_ASIDE:
            await connection.execute(statement)


def _words(server: psycopg.Connection[Any]) -> None:
    server.execute("CREATE TEMP TABLE said (nth bigint PRIMARY KEY, text text) ON COMMIT DROP")
    with server.cursor().copy("COPY said FROM STDIN") as copy:
        for nth, said in enumerate(sentences()):
            copy.write_row((nth, said))
    server.execute("ANALYZE said")
    server.execute("CREATE TEMP TABLE names (nth bigint, name text) ON COMMIT DROP")
    with server.cursor().copy("COPY names FROM STDIN") as copy:
        for nth in range(len(_NAMES) * len(_FAMILIES)):
            first, last = divmod(nth, len(_FAMILIES))
            copy.write_row((nth, f"{_NAMES[first]} {_FAMILIES[last]}"))


def _index(server: psycopg.Connection[Any], name: str) -> sql.SQL:
    row = server.execute("SELECT pg_get_indexdef(%s::regclass)", [name]).fetchone()
    assert row is not None
    return sql.SQL(row[0])


def _made_up(chance: random.Random) -> str:
    return "".join(
        chance.choice("bcdfglmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(2, 4))
    )
