"""consent, erasure and retention."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CAUSES = ("contact", "people", "program", "retention")
_STEPS = ("waiting", "deliveries", "files", "content", "done")
_PURPOSES = ("service", "proactive", "rating", "marketing")


def upgrade() -> None:
    """What contacts agreed to, who was forgotten, and how far that got."""
    op.create_table(
        "retention_marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reached", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_retention_marks")),
    )
    op.create_table(
        "tombstones",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        _now("erased_at"),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", _one_of("erasurecause", _CAUSES), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        _now("requested_at"),
        sa.Column("step", _one_of("erasurestep", _STEPS), server_default="waiting", nullable=False),
        sa.Column("reached", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("counts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_erasures_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_contact_id", "erasures", ["contact_id", "id"])
    op.create_index(
        "ix_erasures_open", "erasures", ["id"], postgresql_where=sa.text("finished_at IS NULL")
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", _one_of("purpose", _PURPOSES), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.Column("wording_version", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        _now("at"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_consents_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_consents_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_contact_id", "consents", ["contact_id", "purpose", "id"])
    op.add_column("contacts", sa.Column("notice_version", sa.Text(), nullable=True))
    op.add_column("contacts", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contacts", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contacts", sa.Column("legal_hold", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("purpose", sa.Text(), nullable=True))


def downgrade() -> None:
    """The desk knows of no consent; who was forgotten stays so."""
    op.drop_column("outbox", "purpose")
    for column in ("legal_hold", "erased_at", "forgotten_at", "notice_version"):
        op.drop_column("contacts", column)
    for table in ("consents", "erasures", "tombstones", "retention_marks"):
        op.drop_table(table)


def _now(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)
