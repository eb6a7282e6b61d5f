"""Alembic's entry: the tables of every room, on the server it is told of."""

from alembic import context
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from sla_service.agents import tables as _agents
from sla_service.conversations import consent_tables as _consent
from sla_service.conversations import media_tables as _media
from sla_service.conversations import tables as _conversations
from sla_service.database.base import Base
from sla_service.handoff import tables as _handoff
from sla_service.knowledge import tables as _knowledge
from sla_service.notify import tables as _notify
from sla_service.privacy import tables as _privacy
from sla_service.proactive import tables as _proactive
from sla_service.sla import tables as _sla
from sla_service.tickets import tables as _tickets
from sla_service.whatsapp import tables as _whatsapp

ROOMS = (
    *(_whatsapp, _conversations, _consent, _agents, _media, _sla, _notify, _tickets, _handoff),
    *(_privacy, _knowledge, _proactive),
)

url = make_url(context.config.attributes["url"]).set(drivername="postgresql+psycopg")
engine = create_engine(url, poolclass=NullPool)
with engine.connect() as connection:
    # Whoever waits for a lock makes all others wait behind it: rather give up, and come again.
    connection.exec_driver_sql("SET lock_timeout = '4s'")
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_schemas=False,
        include_name=lambda name, kind, _: (
            kind != "table" or not (name or "").startswith("procrastinate_")
        ),
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
