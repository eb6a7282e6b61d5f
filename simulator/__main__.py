"""Runs the simulator: `python -m simulator`."""

import logging
import sys
from types import FrameType

import uvicorn
from pydantic import ValidationError

from simulator.app import create_app
from simulator.feed import Feed
from simulator.settings import Settings


class Server(uvicorn.Server):
    """A server that ends the streams of open phone pages before it waits for them."""

    def __init__(self, config: uvicorn.Config, feed: Feed) -> None:
        super().__init__(config)
        self._feed = feed

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._feed.close()
        super().handle_exit(sig, frame)


def main() -> int:
    logging.basicConfig(
        format="%(asctime)s %(levelname)-7s %(message)s", datefmt="%H:%M:%S", level=logging.INFO
    )
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        settings = Settings()
    except ValidationError as error:
        sys.stderr.writelines(
            f"SIMULATOR_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}\n"
            for problem in error.errors()
        )
        return 2
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    Server(config, app.state.outside.world.feed).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
