"""Versions of all policies and calendars: each stored for ever, and one of them in force."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from sla_service.database.sessions import Connection, Database, rows
from sla_service.settings import ROOT
from sla_service.sla import documents
from sla_service.sla.library import NoRulebook

SHIPPED = ROOT / "sla_policies.yml"


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version, without what it says."""

    id: int
    comment: str
    created_by: str
    created_at: datetime
    activated_at: datetime | None
    """When it was last put in force; None: never."""
    is_active: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """What a version says."""

    id: int
    source: str
    """As it was imported, with its comments."""
    document: dict[str, Any]
    """`documents.plain` of the frozen document."""


async def store(
    connection: Connection, text: str, *, comment: str = "", by: str = "", activate: bool = False
) -> int:
    """Keep a text as a version and return its id. Raises PolicyErrors.

    A text that says the same as a stored version is that version; only its wording is renewed.
    """
    document, digest = await asyncio.to_thread(_drafted, text)
    values = {
        "source": text,
        "document": Jsonb(document),
        "digest": digest,
        "comment": comment,
        "by": by,
    }
    number = int((await rows(connection, _STORE, values))[0].id)
    if activate:
        await put_in_force(connection, number)
    return number


async def put_in_force(connection: Connection, number: int) -> None:
    """Let a version count for tickets that open from now on. Raises NoRulebook."""
    if not await rows(connection, _ACTIVATE, {"id": number}):
        raise NoRulebook(rulebook=number)


async def ensure_default(connection: Connection, path: Path) -> None:
    """Put the policies in the file at `path` in force where there are none yet."""
    if not await rows(connection, "SELECT 1 AS found FROM sla_rulebooks LIMIT 1"):
        text = await asyncio.to_thread(path.read_text, "utf-8")
        await store(connection, text, comment=path.name, activate=True)


async def at_first_start(database: Database) -> None:
    """Put the shipped policies in force where there are none yet."""
    async with database.step() as connection:
        await ensure_default(connection, SHIPPED)


async def versions(connection: Connection) -> list[Version]:
    """Every version, the newest first."""
    return [Version(*row) for row in await rows(connection, _VERSIONS)]


async def stored(connection: Connection, number: int | None = None) -> Stored:
    """What a version says; without a number, the one in force. Raises NoRulebook."""
    found = await rows(connection, _ACTIVE if number is None else _BY_ID, {"id": number})
    if not found:
        raise NoRulebook(rulebook=number)
    return Stored(*found[0])


def _drafted(text: str) -> tuple[dict[str, Any], str]:
    """What a text says, holidays written out, and its digest; takes up to half a second."""
    document = documents.plain(documents.freeze(documents.parse(text)))
    said = json.dumps(document, sort_keys=True)
    return document, hashlib.sha256(said.encode()).hexdigest()


_STORE = """
INSERT INTO sla_rulebooks (source, document, digest, comment, created_by)
VALUES (%(source)s, %(document)s, %(digest)s, %(comment)s, %(by)s)
ON CONFLICT (digest) DO UPDATE SET source = excluded.source
RETURNING id
"""

_IN_FORCE = """
SELECT id FROM sla_rulebooks WHERE activated_at IS NOT NULL
ORDER BY activated_at DESC, id DESC LIMIT 1
"""

# What is in force already keeps the instant since which it is.
_ACTIVATE = f"""
UPDATE sla_rulebooks
SET activated_at = CASE WHEN id = ({_IN_FORCE}) THEN activated_at ELSE clock_timestamp() END
WHERE id = %(id)s RETURNING id
"""  # noqa: S608 - our own words

_VERSIONS = f"""
SELECT id, comment, created_by, created_at, activated_at,
       coalesce(id = ({_IN_FORCE}), false) AS is_active
FROM sla_rulebooks ORDER BY id DESC
"""  # noqa: S608 - our own words

_BY_ID = "SELECT id, source, document FROM sla_rulebooks WHERE id = %(id)s"
_ACTIVE = f"SELECT id, source, document FROM sla_rulebooks WHERE id = ({_IN_FORCE})"  # noqa: S608
