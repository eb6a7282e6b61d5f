"""Bring the tables to where this version expects them."""

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from sla_service.settings import ROOT

_LOCK = 748_233_001  # any number of processes may start at once; one migrates


def upgrade(url: str, revision: str = "head") -> None:
    """Apply what is missing up to `revision`, under a lock that other processes wait for."""
    engine = _engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        command.upgrade(configuration(url), revision)
    engine.dispose()


def configuration(url: str) -> Config:
    """Alembic's configuration for the server at `url`."""
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def _engine(url: str) -> Engine:
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
