"""Which articles answer a question: by its stems and by its letters, fused into one figure."""

from dataclasses import dataclass

from sla_service.database.sessions import Connection, rows
from sla_service.knowledge.folding import STEMMERS, folded


@dataclass(frozen=True, slots=True)
class Found:
    """An article that a search came to."""

    key: str
    language: str
    slug: str
    title: str
    answer: str
    near: float
    """How much of what was asked the article speaks about, 0 to 1."""
    lead: float
    """By how much it is nearer than the next."""

    @property
    def sure(self) -> float:
        """One figure for how far the article can be claimed to be the answer, 0 to 1."""
        return round(min(1.0, self.near / 2 + self.lead), 4)


async def search(
    connection: Connection, words: str, language: str, *, limit: int = 5
) -> list[Found]:
    """The articles of a language that come nearest to a question, the nearest first."""
    asked = folded(words, language)
    if not asked:
        return []
    values = {
        "words": asked,
        "language": language,
        "stemmer": STEMMERS[language],
        "limit": limit + 1,
    }
    found = await rows(connection, _SEARCH, values)
    following = [*(one.near for one in found[1:]), 0.0]
    return [
        Found(
            key=one.key,
            language=language,
            slug=one.slug,
            title=one.title,
            answer=one.answer,
            near=one.near,
            lead=one.near - after,
        )
        for one, after in zip(found, following, strict=False)
    ][:limit]


# Of each kind of term an article's share is what its terms weigh, out of the most they weigh in
# any article; what no article has lessens the share of all.
_SEARCH = """
WITH asked AS (
  SELECT '=' || lexeme AS term FROM unnest(to_tsvector(%(stemmer)s::regconfig, %(words)s))
  UNION
  SELECT unnest(show_trgm(%(words)s))
), known AS (
  SELECT term, max(t.weight) AS most
  FROM asked LEFT JOIN knowledge_terms t USING (term)
  WHERE coalesce(t.language, %(language)s) = %(language)s
  GROUP BY term
), whole AS (
  SELECT starts_with(asked.term, '=') AS is_stem, sum(known.most) AS most,
         count(known.most)::float8 / count(*) AS known
  FROM asked LEFT JOIN known USING (term) GROUP BY is_stem
), shares AS (
  SELECT t.article_id, whole.is_stem, sum(t.weight) / min(whole.most) * min(whole.known) AS share
  FROM asked
  JOIN knowledge_terms t ON t.term = asked.term AND t.language = %(language)s
  JOIN whole ON whole.is_stem = starts_with(asked.term, '=')
  GROUP BY t.article_id, whole.is_stem
), fused AS (
  SELECT article_id, sum(share * CASE WHEN is_stem THEN 0.3 ELSE 0.7 END) AS near
  FROM shares GROUP BY article_id
)
SELECT a.key, a.slug, a.title, a.answer, f.near::float8 AS near
FROM fused f JOIN knowledge_articles a ON a.id = f.article_id
ORDER BY f.near DESC, a.key
LIMIT %(limit)s
"""
