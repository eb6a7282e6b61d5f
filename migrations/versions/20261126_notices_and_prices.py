"""notices of orders, templates, and what messages cost."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What the shop tells of its orders, what is known of templates, and prices of messages."""
    op.create_table(
        "order_events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "processed", "parked", name="eventstate", native_enum=False, length=32
            ),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_events")),
        sa.UniqueConstraint("webhook_id", name=op.f("uq_order_events_webhook_id")),
    )
    op.create_index(
        "ix_order_events_parked",
        "order_events",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'parked'"),
    )
    op.create_index(
        "ix_order_events_waiting",
        "order_events",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "whatsapp_templates",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("quality", sa.Text(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "name", "language", name=op.f("pk_whatsapp_templates")
        ),
    )
    op.create_table(
        "order_notices",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "shipped",
                "out_for_delivery",
                "delayed",
                "delivered",
                "how_was_it",
                name="noticekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "wanted",
                "owed",
                "sent",
                "failed",
                "dropped",
                name="noticestate",
                native_enum=False,
                length=32,
            ),
            server_default="wanted",
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "quiet_hours",
                "people_talk",
                "template_not_usable",
                "no_template",
                "template_unfillable",
                "no_consent",
                "no_phone",
                "unknown_shopper",
                "old_news",
                "too_late",
                "sent_back",
                "turned_off",
                "refused",
                name="whynot",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_order_notices_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_order_notices_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_notices")),
        sa.UniqueConstraint("order_ref", "kind", name=op.f("uq_order_notices_order_ref_kind")),
    )
    op.create_index(
        "ix_order_notices_conversation_id", "order_notices", ["conversation_id", "id"], unique=False
    )
    op.create_index("ix_order_notices_message_id", "order_notices", ["message_id"], unique=False)
    op.create_index(
        "ix_order_notices_owed",
        "order_notices",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'owed'"),
    )
    op.create_index(
        "ix_order_notices_wanted",
        "order_notices",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'wanted'"),
    )
    op.add_column("messages", sa.Column("is_billable", sa.Boolean(), nullable=True))
    op.add_column("messages", sa.Column("price_category", sa.Text(), nullable=True))
    op.add_column("messages", sa.Column("price_type", sa.Text(), nullable=True))
    op.add_column("messages", sa.Column("price_model", sa.Text(), nullable=True))


def downgrade() -> None:
    """Nothing of it is left; shoppers keep what they were told in their threads."""
    op.drop_column("messages", "price_model")
    op.drop_column("messages", "price_type")
    op.drop_column("messages", "price_category")
    op.drop_column("messages", "is_billable")
    op.drop_index(
        "ix_order_notices_wanted",
        table_name="order_notices",
        postgresql_where=sa.text("state = 'wanted'"),
    )
    op.drop_index(
        "ix_order_notices_owed",
        table_name="order_notices",
        postgresql_where=sa.text("state = 'owed'"),
    )
    op.drop_index("ix_order_notices_message_id", table_name="order_notices")
    op.drop_index("ix_order_notices_conversation_id", table_name="order_notices")
    op.drop_table("order_notices")
    op.drop_table("whatsapp_templates")
    op.drop_index(
        "ix_order_events_waiting",
        table_name="order_events",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(
        "ix_order_events_parked",
        table_name="order_events",
        postgresql_where=sa.text("state = 'parked'"),
    )
    op.drop_table("order_events")
