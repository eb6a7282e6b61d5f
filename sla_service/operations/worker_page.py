"""A worker's figures for a scraper, on a port of their own: a thread serves them, seldom asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from sla_service.operations import exposition
from sla_service.operations.routes import is_shown
from sla_service.settings import MetricsSettings, Settings

_log = structlog.get_logger()
_PATIENCE = 5.0  # seconds for a caller to say what it wants


@contextmanager
def served(settings: Settings, registry: CollectorRegistry) -> Iterator[int | None]:
    """Show the figures meanwhile, where settings say so; gives the port."""
    metrics = settings.metrics
    if not (metrics.worker_port and metrics.token.get_secret_value()):
        yield None
        return
    try:
        server = _Server((settings.host, metrics.worker_port), metrics, registry)
    except OSError as error:  # figures are no reason not to work
        _log.error("figures_not_served", port=metrics.worker_port, error=type(error).__name__)
        yield None
        return
    threading.Thread(target=server.serve_forever, name="figures", daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], metrics: MetricsSettings, registry: CollectorRegistry
    ) -> None:
        self.metrics = metrics
        self.registry = registry
        super().__init__(address, _Page)


class _Page(BaseHTTPRequestHandler):
    server: _Server
    timeout = _PATIENCE
    server_version = "balcao"
    sys_version = ""

    def do_GET(self) -> None:
        if self.path != "/metrics":
            self._answer(HTTPStatus.NOT_FOUND, b"")
        elif not is_shown(self.headers.get("authorization", ""), self.server.metrics):
            self._answer(HTTPStatus.UNAUTHORIZED, b"")
        else:
            self._answer(HTTPStatus.OK, exposition.text(self.server.registry))

    def log_message(self, *_: Any) -> None:
        """Nothing of it is worth a line."""

    def _answer(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", exposition.CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
