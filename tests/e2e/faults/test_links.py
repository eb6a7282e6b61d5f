"""The links misbehave as they say: a harness that breaks nothing finds nothing."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from dev.ports import HOST
from tests.e2e.faults import links, stage
from tests.e2e.faults.links import Link, Wire

_PATIENCE = 1.5  # seconds, for an answer that never comes


class _Far(ThreadingHTTPServer):
    """Who is called in the end, and what they heard."""

    heard: list[bytes]


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Far

    def do_POST(self) -> None:
        self.server.heard.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def far() -> Iterator[_Far]:
    server = _Far((HOST, 0), _Answering)
    server.heard = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("is_open", [False, True], ids=["a new call", "an open one"])
@pytest.mark.parametrize(
    ("wire", "outcome", "hears"),
    [
        (Wire.FINE, 200, True),
        (Wire.SLOW, 200, True),
        (Wire.SILENT, httpx2.ReadTimeout, False),
        (Wire.DEAF, httpx2.ReadTimeout, True),
        (Wire.CUT, httpx2.TransportError, False),
    ],
)
def test_a_link_does_to_a_call_what_it_is_told(
    far: _Far, wire: Wire, outcome: object, hears: bool, is_open: bool
) -> None:
    link = Link("to far", _nobody(), [_nobody(), far.server_port])
    patience = 30.0 if outcome == 200 else _PATIENCE
    with links.running([link]) as change, httpx2.Client(timeout=patience) as client:
        if is_open:
            assert _call(client, link) == 200
            far.heard.clear()
        change(link, wire)
        found = _call(client, link)
        assert found == outcome or (isinstance(outcome, type) and isinstance(found, outcome))
        assert far.heard == ([b"hello"] if hears else [])
        change(link, Wire.FINE)
        assert _call(client, link) == 200, "and when it is over, a new call is answered"


def test_a_broken_link_answers_for_the_other_end(far: _Far) -> None:
    link = Link("to far", _nobody(), [far.server_port])
    with links.running([link]) as change, httpx2.Client(timeout=_PATIENCE) as client:
        change(link, Wire.BROKEN)
        assert _call(client, link) == 503
    assert far.heard == []


def _call(client: httpx2.Client, link: Link) -> object:
    try:
        return client.post(link.url, content=b"hello").status_code
    except httpx2.TransportError as error:
        return error


def _nobody() -> int:
    """A port that nobody listens on."""
    return stage.free_ports(["nobody"])["nobody"]
