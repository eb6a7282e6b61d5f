"""Questions that no article answered, kept for the people who write articles."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents import audit
from sla_service.database.sessions import Connection, driver, rows
from sla_service.errors import NotFound
from sla_service.knowledge.folding import covered, folded
from sla_service.web.principals import Principal

_FEWEST_WORDS = 2


class NoSuchQuestion(NotFound):
    """There is no open question with this id."""


@dataclass(frozen=True, slots=True)
class Question:
    """What people asked in the same words, once or many times."""

    id: int
    """Of the last time."""
    language: str
    text: str
    times: int
    asked_at: datetime
    """The last time."""
    conversation: int | None
    article: str | None
    """The article that was given, and didn't help; None: none was given."""


async def keep(
    connection: Connection,
    words: str,
    language: str,
    *,
    conversation: int,
    message: str,
    article: str | None = None,
) -> None:
    """Keep a question of a conversation; the same message again changes nothing."""
    same = folded(words, language)
    if len(same.split()) < _FEWEST_WORDS:
        return
    values = {
        "language": language,
        "text": covered(words),
        "folded": covered(same),
        "article": article,
        "conversation": conversation,
        "message": message,
    }
    await connection.execute(_KEEP, values)


async def listed(
    connection: Connection, language: str | None = None, *, limit: int = 100
) -> list[Question]:
    """Open questions, the most asked first."""
    values = {"language": language, "limit": limit}
    return [Question(*one) for one in await rows(connection, _LISTED, values)]


async def settle(session: AsyncSession, who: Principal, question: int) -> None:
    """Take a question, and all in the same words, off the list. Raises NoSuchQuestion."""
    values = {"id": question, "agent": who.agent_id}
    if not await rows(await driver(session), _SETTLE, values):
        raise NoSuchQuestion(id=question)
    await audit.record(session, who, "question.settled", "question", question)


_KEEP = """
INSERT INTO unanswered_questions (language, text, folded, article, conversation_id, message_key)
SELECT %(language)s, %(text)s, %(folded)s, %(article)s, id, %(message)s
FROM conversations WHERE id = %(conversation)s
ON CONFLICT (message_key) DO NOTHING
"""
_LISTED = """
SELECT max(id) AS id, language, (array_agg(text ORDER BY id DESC))[1] AS text,
       count(*) AS times, max(asked_at) AS asked_at,
       (array_agg(conversation_id ORDER BY id DESC))[1] AS conversation,
       (array_agg(article ORDER BY id DESC))[1] AS article
FROM unanswered_questions
WHERE done_at IS NULL AND (%(language)s::text IS NULL OR language = %(language)s)
GROUP BY language, folded
ORDER BY count(*) DESC, max(id) DESC
LIMIT %(limit)s
"""
_SETTLE = """
UPDATE unanswered_questions q SET done_at = now(), done_by = %(agent)s
FROM unanswered_questions this
WHERE this.id = %(id)s AND this.done_at IS NULL
  AND q.done_at IS NULL AND q.language = this.language AND q.folded = this.folded
RETURNING q.id
"""
