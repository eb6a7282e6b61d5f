"""A connection of the message path behaves as the driver's own, whatever happens to it."""

import asyncio

import psycopg
import pytest

from sla_service.database.sessions import Connection, Database, rows

LARGE = 8_000_000  # more than any socket takes at once


async def test_a_statement_called_off_ends_on_the_server_and_leaves_its_connection_usable(
    database: Database,
) -> None:
    async with database.connection() as connection:
        number = await _server(connection)
        asking = asyncio.create_task(rows(connection, "SELECT pg_sleep(600)"))
        async with database.connection() as other:
            await _is(other, number, "active")
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await _is(other, number, "idle")
        assert await _server(connection) == number


async def test_a_connection_whose_server_ends_while_it_is_idle_is_replaced(
    database: Database,
) -> None:
    async with database.connection() as connection, database.connection() as other:
        number = await _server(connection)
        await rows(other, "SELECT pg_terminate_backend(%(pid)s, 10000)", {"pid": number})
        with pytest.raises(psycopg.OperationalError):
            await _server(connection)
    await database.renew()
    async with database.connection() as first, database.connection() as second:
        assert number not in {await _server(first), await _server(second)}


async def test_a_connection_whose_server_ends_while_it_answers_is_replaced(
    database: Database,
) -> None:
    async with database.connection() as connection, database.connection() as other:
        number = await _server(connection)
        asking = asyncio.create_task(rows(connection, "SELECT pg_sleep(600)"))
        await _is(other, number, "active")
        await rows(other, "SELECT pg_terminate_backend(%(pid)s, 10000)", {"pid": number})
        with pytest.raises(psycopg.OperationalError):
            await asking
    await database.renew()
    async with database.connection() as first, database.connection() as second:
        assert number not in {await _server(first), await _server(second)}


async def test_who_asks_at_the_same_time_on_one_connection_gets_the_answer_to_their_own(
    database: Database,
) -> None:
    async with database.connection() as connection:
        asked = [rows(connection, "SELECT %(n)s::int AS n", {"n": n}) for n in range(20)]
        assert [found[0].n for found in await asyncio.gather(*asked)] == list(range(20))


async def test_a_statement_that_is_refused_leaves_its_connection_usable(database: Database) -> None:
    async with database.connection() as connection:
        number = await _server(connection)
        with pytest.raises(psycopg.errors.DivisionByZero):
            await rows(connection, "SELECT 1 / 0 AS nothing")
        assert await _server(connection) == number


async def test_a_large_statement_and_a_large_answer_go_through_whole(database: Database) -> None:
    async with database.connection() as connection:
        (row,) = await rows(connection, "SELECT %(text)s::text AS text", {"text": "x" * LARGE})
        assert len(row.text) == LARGE
        assert await _server(connection) > 0


async def test_a_statement_without_columns_returns_no_rows(database: Database) -> None:
    async with database.connection() as connection:
        assert await rows(connection, "SET application_name = 'balcao'") == []


async def _server(connection: Connection) -> int:
    """The number of the server process behind a connection."""
    return int((await rows(connection, "SELECT pg_backend_pid() AS pid"))[0].pid)


async def _is(connection: Connection, number: int, state: str) -> None:
    """Wait until a server process is in this state."""
    query = "SELECT state FROM pg_stat_activity WHERE pid = %(pid)s"
    async with asyncio.timeout(30):
        while (await rows(connection, query, {"pid": number}))[0].state != state:
            await asyncio.sleep(0.01)
