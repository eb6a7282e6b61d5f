"""Articles, what search knows of them, and questions that none of them answered."""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, Double, ForeignKey, Index, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from sla_service.database.base import Base


class KnowledgeArticle(Base):
    """An article in one language, as its file has it."""

    __tablename__ = "knowledge_articles"
    __table_args__ = (
        Index("uq_knowledge_articles_key_language", "key", "language", unique=True),
        Index("uq_knowledge_articles_language_slug", "language", "slug", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(2))
    slug: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    updated: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64))


class KnowledgeTerm(Base):
    """What a stem, or three letters of a word, says about an article."""

    __tablename__ = "knowledge_terms"

    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    term: Mapped[str] = mapped_column(Text, primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge_articles.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    weight: Mapped[float] = mapped_column(Double)


class UnansweredQuestion(Base):
    """A question to which no article had an answer, or not the right one."""

    __tablename__ = "unanswered_questions"
    __table_args__ = (
        Index(
            "ix_unanswered_questions_open",
            "language",
            "folded",
            postgresql_where="done_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    """As it was asked, with addresses and long numbers covered."""
    folded: Mapped[str] = mapped_column(Text)
    """Questions with the same words are one."""
    article: Mapped[str | None] = mapped_column(String(80))
    """The key of the article that was given, and didn't help."""
    conversation_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    message_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    """The message it was asked in: heard again, it is the same question."""
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
