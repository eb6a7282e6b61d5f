"""A made-up desk in a process of its own: the console's page by itself, without a real desk."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from tests.e2e.desk import ROOT, until

WIDE = {"width": 1440, "height": 860}
NARROW = {"width": 360, "height": 740}


@contextmanager
def running() -> Iterator[str]:
    """The address of a made-up desk that runs until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.console_fixture", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(address), "the made-up desk")
        yield address
    finally:
        process.terminate()
        process.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/console"):  # noqa: S310 - an address of our own
            return True
    except URLError:
        return False
