"""The articles of the files, brought into the tables; what search knows of them is made anew."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from psycopg.types.json import Jsonb

from sla_service.database.sessions import Connection, Database, rows
from sla_service.knowledge import documents
from sla_service.knowledge.documents import Article, ArticlesFaulty
from sla_service.knowledge.folding import STEMMERS, folded

_VERSION = "1"
"""Of what search is told of an article: another one makes all of it anew."""
# How much a word says about the article it stands in.
_SAYS: Mapping[str, float] = {"title": 2, "tag": 1.5, "question": 1, "answer": 1, "body": 0.3}

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed, in articles."""

    changed: int
    removed: int
    kept: int


async def at_start(database: Database, folder: Path) -> None:
    """Bring in what has changed since; articles with faults leave those of before in place."""
    if not await asyncio.to_thread(folder.is_dir):
        return
    try:
        articles = await asyncio.to_thread(documents.read, folder)
    except ArticlesFaulty as faulty:
        logger.warning("articles_faulty", problems=[str(one) for one in faulty.faults[:20]])
        return
    async with database.step() as connection:
        await bring_in(connection, articles)


async def bring_in(connection: Connection, articles: Sequence[Article]) -> Imported:
    """Make the tables say what the articles say; in the caller's transaction."""
    await connection.execute(_ALONE)
    known = {(one.key, one.language): one.digest for one in await rows(connection, _KNOWN)}
    wanted = {(one.key, one.language): one for one in articles}
    changed = [one for at, one in wanted.items() if known.get(at) != _digest(one)]
    gone = [at for at in known if at not in wanted]
    if not changed and not gone:
        return Imported(0, 0, len(known))
    for key, language in gone:
        await connection.execute(_REMOVE, {"key": key, "language": language})
    for one in changed:  # two articles may have exchanged their addresses
        await connection.execute(_FREE, {"key": one.key, "language": one.language})
    for one in changed:
        values = {**asdict(one), "tags": list(one.tags), "digest": _digest(one)}
        await connection.execute(_KEEP, values)
    await connection.execute(_FORGET)
    pieces = [piece for one in articles for piece in _pieces(one)]
    await connection.execute(_LEARN, {"pieces": Jsonb(pieces)})
    return Imported(len(changed), len(gone), len(wanted) - len(changed))


def _pieces(article: Article) -> Iterator[dict[str, Any]]:
    """What an article says, in pieces of which each word counts once."""
    about = {
        "key": article.key,
        "language": article.language,
        "stemmer": STEMMERS[article.language],
    }
    said = [
        ("title", article.title),
        *(("question", one) for one in article.questions),
        *(("tag", one) for one in article.tags),
        ("answer", article.answer),
        *(("body", one) for one in article.body.split("\n\n")),
    ]
    for kind, text in said:
        yield {**about, "says": _SAYS[kind], "text": folded(text, article.language)}


def _digest(article: Article) -> str:
    return sha256(f"{_VERSION} {article.digest}".encode()).hexdigest()


# Web processes that start together bring the same in one after the other.
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('knowledge articles'))"
_KNOWN = "SELECT key, language, digest FROM knowledge_articles"
_REMOVE = "DELETE FROM knowledge_articles WHERE key = %(key)s AND language = %(language)s"
_FREE = """
UPDATE knowledge_articles SET slug = 'moving-' || id
WHERE key = %(key)s AND language = %(language)s
"""
_KEEP = """
INSERT INTO knowledge_articles
  (key, language, slug, title, answer, body, tags, updated, digest)
VALUES (%(key)s, %(language)s, %(slug)s, %(title)s, %(answer)s, %(body)s, %(tags)s, %(updated)s,
        %(digest)s)
ON CONFLICT (key, language) DO UPDATE SET
  slug = EXCLUDED.slug, title = EXCLUDED.title, answer = EXCLUDED.answer, body = EXCLUDED.body,
  tags = EXCLUDED.tags, updated = EXCLUDED.updated, digest = EXCLUDED.digest
"""
_FORGET = "DELETE FROM knowledge_terms"
# A term is a stem (=devoluca) or three letters of a word. The fewer articles have it and the more
# often an article says it, the more it weighs; who says much of everything is held back.
_LEARN = """
INSERT INTO knowledge_terms (article_id, language, term, weight)
WITH pieces AS (
  SELECT a.id AS article_id, p.language, p.stemmer::regconfig AS stemmer, p.says, p.text
  FROM jsonb_to_recordset(%(pieces)s)
    AS p(key text, language text, stemmer text, says float8, text text)
  JOIN knowledge_articles a ON a.key = p.key AND a.language = p.language
), said AS (
  SELECT article_id, language, says, '=' || stem.lexeme AS term
  FROM pieces, unnest(to_tsvector(stemmer, text)) AS stem
  UNION ALL
  SELECT article_id, language, says, gram FROM pieces, unnest(show_trgm(text)) AS gram
), counted AS (
  SELECT article_id, language, term, starts_with(term, '=') AS is_stem, sum(says) AS says
  FROM said GROUP BY article_id, language, term
), sized AS (
  SELECT language, count(DISTINCT article_id)::float8 AS articles FROM counted GROUP BY language
), weighed AS (
  SELECT article_id, language, term, is_stem,
         ln(1 + articles / count(*) OVER (PARTITION BY language, term)) * ln(1 + says) AS weight
  FROM counted JOIN sized USING (language)
)
SELECT article_id, language, term,
       weight / sqrt(sqrt(sum(weight ^ 2) OVER (PARTITION BY article_id, is_stem)))
FROM weighed
"""
