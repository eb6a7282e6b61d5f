"""A list is read from its index, however many conversations there are."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from sla_service.console import counting
from sla_service.console.conversations import Reader, Wanted, page
from sla_service.console.listing import Listing, View
from sla_service.database.sessions import Database
from sla_service.tickets.tables import Priority
from tests.sla_service import people

_ALL, _OPEN = 20_000, 400

_FILL = [
    """
INSERT INTO contacts (wa_id, phone_key, name)
SELECT '5511' || 900000000 + n, '5511' || 900000000 + n, 'Contato ' || md5(n::text)
FROM generate_series(1, :all) n
""",
    """
INSERT INTO conversations (contact_id, phone_number_id, owner, agent_id, last_message_at,
                           last_inbound_at)
SELECT n, '700100200300', CASE WHEN n > :all - :open THEN CASE n % 2 WHEN 0 THEN 'queue'
       ELSE 'agent' END ELSE 'bot' END,
       CASE WHEN n > :all - :open AND n % 2 = 1 THEN 1 + n % 2 END, now() - n * interval '1 second',
       now() - n * interval '1 second'
FROM generate_series(1, :all) n
""",
    """
INSERT INTO tickets (conversation_id, status, subject, last_message_at)
SELECT n, CASE WHEN n > :all - :open OR n % 100 = 0 THEN 'open' ELSE 'resolved' END,
       'assunto ' || md5(n::text), now()
FROM generate_series(1, :all) n
""",
    """
INSERT INTO messages (conversation_id, ticket_id, author, kind, wamid, text, content, said_at)
SELECT n, n, 'contact', 'text', 'wamid.' || n || '.' || m, 'mensagem ' || md5(n::text || m), '{}',
       now() - n * interval '1 second' - m * interval '1 minute'
FROM generate_series(1, :all) n, generate_series(0, 2) m
""",
    """
INSERT INTO sla_clocks (ticket_id, metric, cycle, state, rulebook_id, policy, priority, target,
                        consumed, started_at, due_at, fired, runs)
SELECT n, 'first_response', 1, 'running', 1, 'loja', 'normal', 1, 0, now(),
       now() + n * interval '1 second', '{}', '[]'
FROM generate_series(:all - :open, :all) n
""",
]


_PLANS = """
SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements
WHERE statement LIKE '%FROM conversations%'
"""


async def filled(database: Database) -> None:
    """A desk with a past."""
    await people.seat(database)
    async with database.transaction() as session:
        for statement in _FILL:
            sized = statement.replace(":all", str(_ALL)).replace(":open", str(_OPEN))
            await session.execute(text(sized))
    async with database.connection() as connection:
        await connection.execute("ANALYZE")


def scanned(plan: Any) -> set[str]:
    """Tables that a plan reads from end to end."""
    found = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    for part in plan.get("Plans", ()):
        found |= scanned(part)
    return found


async def plan(database: Database, statement: str, values: dict[str, Any]) -> Any:
    async with database.transaction() as session:
        row = await session.scalar(text(f"EXPLAIN (FORMAT JSON) {statement}"), values)
    found = json.loads(row) if isinstance(row, str) else row
    return found[0]["Plan"]


async def test_no_list_reads_everything_there_is(database: Database) -> None:
    await filled(database)
    large = {"conversations", "messages", "tickets", "contacts", "sla_clocks"}
    views: list[View] = [
        "mine",
        "waiting",
        "open",
        "bot",
        "resolved",
        "all",
    ]
    for view in views:
        listing = Listing(people.BRUNO)
        listing.of(view)
        found = await plan(database, listing.statement(60), listing.values)
        assert not scanned(found) & large, view
    for query in ("rasgado", "c4ca42", "900017"):
        listing = Listing(people.BRUNO)
        listing.found(query)
        found = await plan(database, listing.statement(60), listing.values)
        assert "messages" not in scanned(found), query
    for counted in (counting.WITH_PEOPLE, counting.UNRESOLVED):
        assert not scanned(await plan(database, counted, {})) & large


@pytest.mark.parametrize("view", ["mine", "waiting", "open"])
async def test_a_page_of_those_with_people_does_not_look_at_the_others(
    database: Database, view: View
) -> None:
    await filled(database)
    listing = Listing(people.BRUNO)
    listing.of(view)
    found = await analyzed(database, listing)
    assert looked_at(found, "conversations") <= _OPEN


async def test_a_page_of_those_with_the_bot_does_not_look_at_what_is_over(
    database: Database,
) -> None:
    await filled(database)
    listing = Listing(people.BRUNO)
    listing.of("bot")
    found = await analyzed(database, listing)
    assert looked_at(found, "conversations") <= 2 * _OPEN


@pytest.mark.parametrize("narrowed", [{"tag": "ninguém"}, {"priority": Priority.URGENT}])
async def test_a_list_narrowed_to_what_nobody_has_looks_at_nothing(
    database: Database, narrowed: dict[str, Any]
) -> None:
    await filled(database)
    listing = Listing(people.BRUNO)
    listing.of("all")
    listing.narrowed(
        **{"priority": None, "language": None, "tag": None, "agent": None, "unread": False}
        | narrowed
    )
    found = await analyzed(database, listing)
    assert looked_at(found, "conversations") == looked_at(found, "tickets") == 0


@pytest.mark.parametrize("word", ["assunto", "mensagem", "contato"])
async def test_a_word_that_everybody_says_looks_at_the_newest_alone(
    database: Database, word: str
) -> None:
    await filled(database)
    listing = Listing(people.BRUNO)
    listing.of("all")
    listing.found(word)
    found = await analyzed(database, listing)
    assert looked_at(found, "conversations") <= _ALL / 10
    assert looked_at(found, "tickets") <= _ALL / 10


async def test_a_phone_looks_at_those_who_have_it_alone(database: Database) -> None:
    await filled(database)
    for typed in ("5511900017000", "11900017000", "00017000", "551190001700"):
        listing = Listing(people.BRUNO)
        listing.of("all")
        listing.found(typed)
        found = await analyzed(database, listing)
        # At most ten begin so: looked at once for their numbers and once for their names.
        assert 0 < looked_at(found, "contacts") <= 20, typed
        assert looked_at(found, "messages") <= 60, typed  # of those that are shown
        assert "ix_messages_words" not in used(found), typed


async def test_a_number_looks_at_those_who_said_it_alone(database: Database) -> None:
    await filled(database)
    async with database.transaction() as session:
        said = "UPDATE messages SET text = 'é o PF-4821377' WHERE id IN (11111, 33333)"
        await session.execute(text(said))
    listing = Listing(people.BRUNO)
    listing.of("all")
    listing.found("4821377")
    found = await analyzed(database, listing)
    assert looked_at(found, "conversations") == 2
    assert looked_at(found, "messages") <= 20
    assert "ix_messages_numbers" in used(found)
    assert "ix_messages_words" not in used(found)


async def test_what_is_looked_for_has_a_plan_of_its_own_each_time(database: Database) -> None:
    await filled(database)
    reader = Reader(people.BRUNO, timedelta(hours=24))
    async with database.transaction() as session:
        await session.execute(text("UPDATE tickets SET tags = '{troca}' WHERE id % 3 = 0"))
    async with database.transaction() as session:
        for wanted in (Wanted(tag="troca"), Wanted(query="assunto"), Wanted(query="5511")):
            for _ in range(12):
                await page(session, reader, wanted, cursor=None, limit=50)
        generic, own = (await session.execute(text(_PLANS))).one()
    assert generic == 0
    assert own > 0


async def analyzed(database: Database, listing: Listing) -> Any:
    """What a page's plan has read."""
    async with database.transaction() as session:
        statement = f"EXPLAIN (ANALYZE, FORMAT JSON) {listing.statement(60)}"
        row = await session.scalar(text(statement), listing.values)
    return (json.loads(row) if isinstance(row, str) else row)[0]["Plan"]


def looked_at(plan: Any, table: str) -> int:
    """How many rows of a table a plan has read."""
    own = plan["Actual Rows"] * plan["Actual Loops"] if plan.get("Relation Name") == table else 0
    return round(own) + sum(looked_at(part, table) for part in plan.get("Plans", ()))


def used(plan: Any) -> set[str]:
    """Indexes that a plan has looked at."""
    own = {plan["Index Name"]} if plan.get("Index Name") and plan["Actual Loops"] else set()
    return own.union(*(used(part) for part in plan.get("Plans", ())))
