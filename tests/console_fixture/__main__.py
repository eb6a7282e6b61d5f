"""Serve the made-up desk: `.venv/bin/python -m tests.console_fixture --conversations 500`."""

import argparse

from aiohttp import web

from tests.console_fixture.server import Fixture
from tests.console_fixture.world import World


def main() -> None:
    """Serve until somebody ends it."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--port", type=int, default=8099)
    words.add_argument("--conversations", type=int, default=120)
    words.add_argument("--events", type=float, default=0, help="changes a second")
    words.add_argument("--delay", type=float, default=0, help="seconds before a send is answered")
    asked = words.parse_args()
    world = World(asked.conversations)
    fixture = Fixture(world, rate=asked.events, delay=asked.delay)
    web.run_app(
        fixture.app(), host="127.0.0.1", port=asked.port, access_log=None, shutdown_timeout=0.2
    )


if __name__ == "__main__":
    main()
