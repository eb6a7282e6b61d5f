"""indexes for what would be looked through whole when there is much of it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_tickets_tags", "tickets", ["tags"], "tags <> '{}'", "gin"),
    ("ix_tickets_priority", "tickets", ["priority", "id"], "priority <> 'normal'", "btree"),
    ("ix_tickets_resolved_at", "tickets", ["resolved_at"], "resolved_at IS NOT NULL", "btree"),
    ("ix_handoffs_ticket_id", "handoffs", ["ticket_id"], None, "btree"),
    ("ix_media_files_sha256", "media_files", ["sha256"], "sha256 IS NOT NULL", "btree"),
    ("ix_uploads_sha256", "uploads", ["sha256"], None, "btree"),
    ("ix_uploads_created_at", "uploads", ["created_at", "id"], None, "btree"),
)


def upgrade() -> None:
    """Tickets by tag, priority and resolution, handoffs by ticket, files by what is in them."""
    with op.get_context().autocommit_block():
        for name, table, columns, where, using in _INDEXES:
            # What stopped halfway left an index behind that is no good.
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.create_index(
                name,
                table,
                columns,
                postgresql_concurrently=True,
                postgresql_using=using,
                postgresql_where=None if where is None else sa.text(where),
            )


def downgrade() -> None:
    """Without them everything works as before, and slower."""
    for name, table, *_ in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
