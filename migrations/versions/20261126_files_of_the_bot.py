"""files that the bot brings."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A file may be the bot's, which is no agent."""
    op.alter_column("uploads", "agent_id", nullable=True)


def downgrade() -> None:
    """The bot's files go, as nobody could say whose they were."""
    op.execute("DELETE FROM uploads WHERE agent_id IS NULL")
    op.alter_column("uploads", "agent_id", nullable=False)
