"""Bring the tables to where this version expects them."""

import time

from alembic import command
from alembic.config import Config
from psycopg.errors import LockNotAvailable
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from sla_service.settings import ROOT

_LOCK = 748_233_001  # any number of processes may start at once; one migrates
_PAUSES = (1, 2, 4, 8, 15, 30)  # seconds between tries when a table is locked by somebody's work


def upgrade(url: str, revision: str = "head") -> None:
    """Apply what is missing up to `revision`, under a lock that other processes wait for.

    A desk that runs goes on meanwhile: what can't have a table's lock soon gives up, and is tried
    again from where it was.
    """
    engine = _engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        _upgrade(url, revision)
    engine.dispose()


def configuration(url: str) -> Config:
    """Alembic's configuration for the server at `url`."""
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def _upgrade(url: str, revision: str) -> None:
    for pause in _PAUSES:
        try:
            command.upgrade(configuration(url), revision)
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            time.sleep(pause)
        else:
            return
    command.upgrade(configuration(url), revision)


def _engine(url: str) -> Engine:
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
