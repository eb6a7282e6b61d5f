"""However much somebody brings, the desk holds little of it, and answers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from sla_service.web import limits
from tests.sla_service.people import ALICE, OWN
from tests.sla_service.world import Desk

ROUTES = [
    ("POST", "/api/session"),
    ("POST", "/console/session"),
    ("POST", "/api/invitations/x"),
    ("PATCH", "/api/me"),
    ("POST", "/api/canned-replies"),
    ("POST", "/api/sla/rulebooks/check"),
]


@dataclass
class Flood:
    """A body of 64 MB that counts how much of itself was taken."""

    taken: int = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(1000):
            self.taken += 65536
            yield b" " * 65536


async def test_what_is_too_large_is_not_read_to_its_end(desk: Desk) -> None:
    await desk.sign_in(ALICE)
    for method, path in ROUTES:
        flood = Flood()
        is_form = path.startswith("/console")
        kind = "application/x-www-form-urlencoded" if is_form else "application/json"
        headers = {**OWN, "Content-Type": kind}
        answer = await desk.http.request(method, path, content=flood, headers=headers)
        assert answer.status_code == 413, (path, answer.text)
        assert flood.taken <= limits.MOST + 2 * 65536


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
async def test_json_nested_without_end_is_refused(desk: Desk, opening: bytes) -> None:
    person = await desk.sign_in(ALICE)
    headers = {"Content-Type": "application/json"}
    for path in ("/api/session", "/api/canned-replies", "/api/keys"):
        answer = await person.post(path, content=opening * 100_000, headers=headers)
        assert 400 <= answer.status_code < 500, answer.text


async def test_a_page_of_everything_has_an_end(desk: Desk) -> None:
    person = await desk.sign_in(ALICE)
    for path in ("/api/conversations", "/api/audit", "/api/notices"):
        answer = await person.get(path, params={"limit": 1_000_000})
        assert answer.status_code == 422, path
