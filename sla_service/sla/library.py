"""Rulebooks as values, kept in memory: a version never changes, so it is built once a process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sla_service.database.sessions import Connection, rows
from sla_service.errors import NotFound
from sla_service.sla import documents
from sla_service.sla.policy import Rulebook

_built: dict[tuple[int, str], Rulebook] = {}
_LIMIT = 64


class NoRulebook(NotFound):
    """There are no SLA policies with this number."""


@dataclass(slots=True)
class Shelf:
    """The rulebooks that one piece of work needs, by id."""

    connection: Connection
    books: dict[int, Rulebook] = field(default_factory=dict)

    def find(self, number: int) -> Rulebook:
        """A rulebook that was fetched before."""
        return self.books[number]

    async def fetch(self, number: int, digest: str | None = None) -> Rulebook:
        """The rulebook of an id; its digest saves the question. Raises NoRulebook."""
        book = _built.get((number, digest)) if digest else None
        if book is None:
            found = await rows(self.connection, _BY_ID, {"id": number})
            if not found:
                raise NoRulebook(rulebook=number)
            book = _build(number, found[0].digest, found[0].document)
        self.books[number] = book
        return book

    async def active(self) -> tuple[Rulebook, datetime]:
        """The one in force, and the database's time. Raises NoRulebook."""
        found = await rows(self.connection, _ACTIVE)
        if not found:
            raise NoRulebook
        return await self.fetch(found[0].id, found[0].digest), found[0].now


def _build(number: int, digest: str, document: Mapping[str, Any]) -> Rulebook:
    key = (number, digest)
    if key not in _built:
        if len(_built) >= _LIMIT:
            _built.pop(next(iter(_built)))
        _built[key] = documents.rulebook(documents.thaw(document), number)
    return _built[key]


_BY_ID = "SELECT digest, document FROM sla_rulebooks WHERE id = %(id)s"
_ACTIVE = """
SELECT id, digest, now() AS now FROM sla_rulebooks
WHERE activated_at IS NOT NULL ORDER BY activated_at DESC, id DESC LIMIT 1
"""
