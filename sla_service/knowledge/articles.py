"""Articles as they are kept: one by its address, and all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sla_service.database.sessions import Connection, rows
from sla_service.errors import NotFound
from sla_service.settings import Settings


@dataclass(frozen=True, slots=True)
class Kept:
    """An article without its search."""

    key: str
    language: str
    slug: str
    title: str
    answer: str
    body: str
    updated: date


class NoSuchArticle(NotFound):
    """There is no such article."""


async def at(connection: Connection, language: str, slug: str) -> Kept:
    """The article at an address. Raises NoSuchArticle."""
    found = await _read(connection, {"language": language, "slug": slug})
    if not found:
        raise NoSuchArticle
    return found[0]


async def every(connection: Connection, language: str | None = None) -> list[Kept]:
    """All articles, by their titles."""
    return await _read(connection, {"language": language, "slug": None})


def address(settings: Settings, language: str, slug: str = "") -> str:
    """Where a shopper opens an article, or the list of them."""
    site = settings.knowledge.site or settings.notify.desk_url
    return "/".join([site.rstrip("/"), "knowledge", language, *([slug] if slug else [])])


async def _read(connection: Connection, values: Mapping[str, Any]) -> list[Kept]:
    return [Kept(*one) for one in await rows(connection, _ARTICLES, values)]


_ARTICLES = """
SELECT key, language, slug, title, answer, body, updated FROM knowledge_articles
WHERE (%(language)s::text IS NULL OR language = %(language)s)
  AND (%(slug)s::text IS NULL OR slug = %(slug)s)
ORDER BY language DESC, title
"""
