"""numbers are found by how they begin or end."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ACCENTS = (
    "'áàâãäåéèêëíìîïóòôõöúùûüçñÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑ', "
    "'aaaaaaeeeeiiiiooooouuuucnaaaaaaeeeeiiiiooooouuuucn'"
)
_PLAIN = [
    sa.literal_column(f"lower(translate({name}, {_ACCENTS}))").label(f"plain_{name}")
    for name in ("name", "username")
]
_NAMES = {"plain_name": "gin_trgm_ops", "plain_username": "gin_trgm_ops"}
_NUMBERS = sa.literal_column(
    "array_to_tsvector(string_to_array(btrim(regexp_replace(plain_text, "
    "'([^0-9]|[0-9]{30,})+', ' ', 'g')), ' '))"
).label("numbers")


def upgrade() -> None:
    """Phones by their ends, numbers in messages; the version before finds phones more slowly."""
    with op.get_context().autocommit_block():
        # What stopped halfway left an index behind that is no good.
        for name in ("ix_contacts_names", "ix_contacts_phone_key_end", "ix_messages_numbers"):
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.create_index(
            "ix_contacts_names",
            "contacts",
            _PLAIN,
            postgresql_concurrently=True,
            postgresql_using="gin",
            postgresql_ops=_NAMES,
        )
        op.create_index(
            "ix_contacts_phone_key_end",
            "contacts",
            [sa.text("reverse(phone_key)")],
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_messages_numbers",
            "messages",
            [_NUMBERS],
            postgresql_concurrently=True,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
            postgresql_where=sa.text("plain_text ~ '[0-9]{5}'"),
        )
        # Until they are counted, PostgreSQL expects every 200th row in what is looked up by them.
        op.execute("ANALYZE contacts, messages")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_contacts_words")


def downgrade() -> None:
    """Without them everything works as before, and slower."""
    op.drop_index("ix_messages_numbers", table_name="messages")
    op.drop_index("ix_contacts_phone_key_end", table_name="contacts")
    op.drop_index("ix_contacts_names", table_name="contacts")
    op.create_index(
        "ix_contacts_words",
        "contacts",
        [*_PLAIN, "phone_key", "wa_id"],
        postgresql_using="gin",
        postgresql_ops={**_NAMES, "phone_key": "gin_trgm_ops", "wa_id": "gin_trgm_ops"},
    )
