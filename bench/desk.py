"""The desk without a bot as real processes: PostgreSQL, web, workers; Meta takes what they send."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg

from bench.peer import ROOT
from bench.servers import Server, free_port
from bench.workers import Workers
from sla_service.database import embedded, migrations

SECRET = "an app secret of the benches"


class DeskAlone:
    """Started by `with`; `processes` are the desk's own, and those of PostgreSQL's server."""

    def __init__(self, folder: Path, graph_port: int, *, workers: int = 1) -> None:
        self._folder, self._count = folder, workers
        self._env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DESK_DEMO": "true",
            "DESK_LOG_LEVEL": "warning",
            "DESK_LANES__QUIET": "0",
            "DESK_PORT": str(free_port()),
            "DESK_MEDIA__FOLDER": str(folder / "media"),
            "DESK_BOT__URL": f"http://127.0.0.1:{graph_port}",
            "DESK_WHATSAPP__APP_SECRETS": SECRET,
            "DESK_WHATSAPP__GRAPH_URL": f"http://127.0.0.1:{graph_port}",
        }
        self.web = f"http://127.0.0.1:{self._env['DESK_PORT']}"
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        root = self._folder / "postgres"
        with self._ends:
            self._ends.callback(embedded.stop, root)
            self.url = self._server(root)
            web = [sys.executable, "-m", "sla_service.app"]
            env = self._env | {"DESK_DATABASE_URL": self.url}
            served = self._ends.enter_context(
                Server(web, f"{self.web}/readyz", env, str(ROOT), is_quiet=True)
            )
            workers = self._ends.enter_context(Workers(self.url, self._count, env))
            assert served.process is not None
            self.processes = {
                "web": psutil.Process(served.process.pid),
                **{f"worker{n}": one for n, one in enumerate(workers.processes, 1)},
            }
            self.database = psycopg.connect(self.url, autocommit=True)
            self._ends.callback(self.database.close)
            self._ends = self._ends.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def _server(self, root: Path) -> str:
        """A private server that keeps the time of each commit, with the desk's tables."""
        url = embedded.ensure(root)
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        embedded.stop(root)
        url = embedded.ensure(root)
        migrations.upgrade(url)
        postmaster = (root / "postmaster.pid").read_text().split()[0]
        self.postmaster = psutil.Process(int(postmaster))
        return url

    def one(self, query: str, values: Any = None) -> Any:
        """The first row of a question to the database."""
        row = self.database.execute(query, values).fetchone()  # type: ignore[call-overload]
        assert row is not None
        return row


def private_mb(process: psutil.Process) -> float:
    """Memory that is a process's own, in megabytes: what it shares grows with nothing it does."""
    try:
        return float(process.memory_full_info().uss) / 2**20
    except psutil.NoSuchProcess:  # a server of a connection that was closed meanwhile
        return 0.0
