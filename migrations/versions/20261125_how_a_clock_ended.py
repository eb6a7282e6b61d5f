"""how a clock ended, and which tickets opened when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sla_clocks", sa.Column("ending", sa.String(length=32), nullable=True))
    op.create_index(
        "ix_sla_events_opened", "sla_events", ["at"], postgresql_where=sa.text("seq = 1")
    )


def downgrade() -> None:
    op.drop_index("ix_sla_events_opened", table_name="sla_events")
    op.drop_column("sla_clocks", "ending")
