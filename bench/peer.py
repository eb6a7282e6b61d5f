"""django-helpdesk as a process that runs `escalate_tickets` when asked."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Self

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).parent.parent
ENVIRONMENT = ROOT / "var" / "helpdesk-peer"
REQUIREMENTS = ROOT / "bench" / "helpdesk_peer" / "requirements.txt"
DATABASE = "helpdesk"


class Helpdesk:
    """So many open tickets in a database of its own on the server at `url`."""

    def __init__(self, url: str, open_tickets: int, due: int) -> None:
        self._url, self._open, self._due = url, open_tickets, due

    def __enter__(self) -> Self:
        python = environment()
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 LOCALE 'C.UTF-8'")
        command = [str(python), "-W", "ignore", "-m", "bench.helpdesk_peer"]
        self._process = subprocess.Popen(
            [*command, "--open", str(self._open), "--due", str(self._due)],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "DJANGO_SETTINGS_MODULE": "bench.helpdesk_peer.settings",
                "HELPDESK_DATABASE_URL": make_conninfo(self._url, dbname=DATABASE),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"
        self.process = psutil.Process(self._process.pid)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def prepare(self, kind: str) -> None:
        """Let nothing be due (`idle`), or tickets, without (`due`) or with mail (`mailed`)."""
        assert self._ask(kind) == "prepared"

    def run(self) -> float:
        """Milliseconds of one run of what was prepared."""
        return float(self._ask("run"))

    def escalated(self) -> int:
        """How many tickets went up since they were prepared."""
        return int(self._ask("escalated"))

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line: str = self._process.stdout.readline()
        if not line:
            raise RuntimeError("django-helpdesk ended; its own words are above")
        return line.strip()


def environment() -> Path:
    """The interpreter of django-helpdesk's environment, which is made when it isn't as pinned."""
    python = ENVIRONMENT / "bin" / "python"
    made_of = ENVIRONMENT / REQUIREMENTS.name
    if not made_of.exists() or made_of.read_text() != REQUIREMENTS.read_text():
        print("bringing django-helpdesk into var/helpdesk-peer (once)", file=sys.stderr)
        uv = _uv()
        _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT))
        _run(uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(REQUIREMENTS))
        made_of.write_text(REQUIREMENTS.read_text())
    return python


def _uv() -> str:
    """The uv of the scripts in bin/, which find or bring it."""
    given = os.environ.get("BALCAO_UV")
    if given:
        return given
    script = 'source dev/bootstrap.sh && printf %s "$BALCAO_UV"'
    return subprocess.run(
        ["bash", "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def _run(*command: str) -> None:
    outside = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    subprocess.run(command, check=True, env=outside)
