"""an order may be late more than once, and a notice may be tried again."""

from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

_OCCASION, _OLD = "uq_order_notices_occasion", "uq_order_notices_order_ref_kind"


def upgrade() -> None:
    """Which delay it was, and how often it could not be sent."""
    # An index can't be built inside a transaction: what stops halfway is begun anew from here.
    op.execute(
        "ALTER TABLE order_notices ADD COLUMN IF NOT EXISTS occasion text DEFAULT '' NOT NULL"
    )
    op.execute(
        "ALTER TABLE order_notices ADD COLUMN IF NOT EXISTS failures smallint DEFAULT 0 NOT NULL"
    )
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {_OCCASION}")
        op.create_index(
            _OCCASION,
            "order_notices",
            ["order_ref", "kind", "occasion"],
            unique=True,
            postgresql_concurrently=True,
        )
    op.drop_constraint(_OLD, "order_notices", type_="unique")


def downgrade() -> None:
    """Of each order's delays, the last is kept."""
    op.execute("""
        DELETE FROM order_notices AS old USING order_notices AS later
        WHERE old.order_ref = later.order_ref AND old.kind = later.kind AND old.id < later.id
    """)
    op.create_unique_constraint(_OLD, "order_notices", ["order_ref", "kind"])
    op.drop_index(_OCCASION, table_name="order_notices")
    op.drop_column("order_notices", "failures")
    op.drop_column("order_notices", "occasion")
