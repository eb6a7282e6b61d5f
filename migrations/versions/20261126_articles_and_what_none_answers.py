"""articles, and questions that none answers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What the shop answers to everybody, what search knows of it, and what it doesn't answer."""
    op.create_table(
        "knowledge_articles",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_articles")),
    )
    for columns in (["key", "language"], ["language", "slug"]):
        name = f"uq_knowledge_articles_{'_'.join(columns)}"
        op.create_index(name, "knowledge_articles", columns, unique=True)
    _create_terms()
    _create_unanswered()


def _create_terms() -> None:
    op.create_table(
        "knowledge_terms",
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["knowledge_articles.id"],
            name=op.f("fk_knowledge_terms_article_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("language", "term", "article_id", name=op.f("pk_knowledge_terms")),
    )
    op.create_index("ix_knowledge_terms_article_id", "knowledge_terms", ["article_id"])


def _create_unanswered() -> None:
    op.create_table(
        "unanswered_questions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("article", sa.String(80), nullable=True),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("message_key", sa.String(200), nullable=True),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_unanswered_questions_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["done_by"],
            ["agents.id"],
            name=op.f("fk_unanswered_questions_done_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unanswered_questions")),
        sa.UniqueConstraint("message_key", name=op.f("uq_unanswered_questions_message_key")),
    )
    op.create_index(
        "ix_unanswered_questions_conversation_id", "unanswered_questions", ["conversation_id"]
    )
    op.create_index(
        "ix_unanswered_questions_open",
        "unanswered_questions",
        ["language", "folded"],
        postgresql_where=sa.text("done_at IS NULL"),
    )


def downgrade() -> None:
    """The articles stay in their files; what nobody answered is forgotten."""
    for table in ("unanswered_questions", "knowledge_terms", "knowledge_articles"):
        op.drop_table(table)
