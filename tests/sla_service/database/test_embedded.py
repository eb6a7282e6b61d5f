"""The private server starts, stops, starts again, and outlives a kill."""

import contextlib
from pathlib import Path

import psutil
import psycopg
import pytest

from sla_service.database import embedded


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the server of a test lives."""
    return tmp_path / "postgres"


def _answers(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_it_starts_again_after_a_stop_and_after_a_kill(root: Path) -> None:
    url = embedded.ensure(root)
    try:
        assert _answers(url)
        assert embedded.ensure(root) == url
        embedded.stop(root)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
        assert _answers(embedded.ensure(root))
        pid = int((root / "postmaster.pid").read_text().splitlines()[0])
        server = psutil.Process(pid)
        processes = [server, *server.children()]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=10)
        assert _answers(embedded.ensure(root))
    finally:
        embedded.stop(root)


def test_stopping_what_does_not_run_is_no_error(root: Path) -> None:
    embedded.stop(root)
