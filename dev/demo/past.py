"""A past that is lived through quickly: for this process and its own connections alone.

Python's clock is moved, and on connections with the address `Past.url` PostgreSQL's `now()` too:
they look functions up in a schema of ours first, and triggers date what columns default to. Other
connections notice nothing, and at the end the schema is gone with all that hangs on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import quote

import psycopg
import time_machine
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

# Nobody was told of anything in this past: a commit need not wait for the disk.
_OPTIONS = (
    "-c search_path=balcao_past,pg_catalog,public -c balcao.past=on -c synchronous_commit=off"
)


class Past:
    """The time as the story has it; it goes on by itself and is moved ahead."""

    def __init__(
        self, url: str, connection: psycopg.Connection[Any], traveller: time_machine.Traveller
    ) -> None:
        self.url = url
        self._connection = connection
        self._traveller = traveller

    def move_to(self, at: datetime) -> None:
        """Let it be `at`."""
        self._connection.execute(_MOVE, {"at": at})
        self._traveller.move_to(at)


@contextmanager
def lived_through(url: str, since: datetime) -> Iterator[Past]:
    """Begin at `since`."""
    with psycopg.connect(url, autocommit=True) as connection:
        forget(connection)
        connection.execute(_SCHEMA)
        for table, columns in connection.execute(_DATED).fetchall():
            trigger = sql.SQL(_TRIGGER).format(
                table=sql.Identifier(table),
                columns=sql.SQL(", ").join(sql.Literal(column) for column in columns),
            )
            connection.execute(trigger)
        try:
            with time_machine.travel(since) as traveller:
                past = Past(_with_options(url), connection, traveller)
                past.move_to(since)
                yield past
        finally:
            forget(connection)


def forget(connection: psycopg.Connection[Any]) -> None:
    """Leave nothing of a past behind, be it one that was broken off."""
    with connection.transaction():
        connection.execute("SET LOCAL client_min_messages = warning")
        connection.execute(_GONE)


def _with_options(url: str) -> str:
    given = conninfo_to_dict(url).get("options") or ""
    joined = "&" if "?" in url else "?"
    return f"{url}{joined}options={quote(f'{given} {_OPTIONS}'.strip())}"


_GONE = "DROP SCHEMA IF EXISTS balcao_past CASCADE"

_MOVE = "UPDATE balcao_past.clock SET ahead = %(at)s - pg_catalog.clock_timestamp()"

_SCHEMA = """
CREATE SCHEMA balcao_past;
CREATE TABLE balcao_past.clock (ahead interval NOT NULL);
INSERT INTO balcao_past.clock VALUES ('0');
CREATE FUNCTION balcao_past.now() RETURNS timestamptz LANGUAGE sql STABLE AS
  'SELECT pg_catalog.now() + (SELECT ahead FROM balcao_past.clock)';
CREATE FUNCTION balcao_past.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
  'SELECT pg_catalog.clock_timestamp() + (SELECT ahead FROM balcao_past.clock)';
CREATE FUNCTION balcao_past.date_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  dated text;
BEGIN
  IF current_setting('balcao.past', true) IS DISTINCT FROM 'on' THEN
    RETURN NEW;
  END IF;
  FOREACH dated IN ARRAY TG_ARGV LOOP
    IF (to_jsonb(NEW) ->> dated)::timestamptz = pg_catalog.now() THEN
      NEW := jsonb_populate_record(NEW, jsonb_build_object(dated, balcao_past.now()));
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
"""

_DATED = """
SELECT table_name, array_agg(column_name::text) FROM information_schema.columns
WHERE table_schema = 'public' AND column_default LIKE '%now()%'
  AND table_name NOT LIKE 'procrastinate%'
GROUP BY table_name
"""

_TRIGGER = """
CREATE TRIGGER balcao_past BEFORE INSERT ON public.{table}
FOR EACH ROW EXECUTE FUNCTION balcao_past.date_back({columns})
"""
