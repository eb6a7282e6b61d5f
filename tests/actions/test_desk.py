"""The desk's API as the actions use it."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from actions.talk.desk import Called, Desk, DeskError, DeskUnreachableError, ProofTry
from tests.actions.world import CALLED, WAIT


def a_desk(*answers: httpx2.Response | Exception) -> tuple[Desk, list[httpx2.Request]]:
    heard: list[httpx2.Request] = []
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        heard.append(request)
        now = left.pop(0)
        if isinstance(now, Exception):
            raise now
        return now

    return Desk("http://desk.example/", "secret", httpx2.MockTransport(answer)), heard


async def test_a_handoff_names_its_message_and_returns_the_ticket() -> None:
    desk, heard = a_desk(httpx2.Response(200, json=CALLED))
    known = {"slots": {"order_number": "48213"}, "order": "#48213"}
    called = await desk.hand_over("42", "wamid.1", reason="wish", summary="#48213", details=known)
    assert called == Called(1024, WAIT)
    assert called.wait_in("en") == "A person will answer you here."
    (request,) = heard
    assert (request.method, str(request.url)) == (
        "POST",
        "http://desk.example/api/conversations/42/handoff",
    )
    assert request.headers["Authorization"] == "Bearer secret"
    assert request.headers["Idempotency-Key"] == "wamid.1"
    assert json.loads(request.content) == {
        "reason": "wish",
        "summary": "#48213",
        "priority": None,
        "details": known,
    }


async def test_a_ticket_is_described() -> None:
    desk, heard = a_desk(httpx2.Response(200, json={"ticket": 1024}))
    await desk.describe_ticket("42", "wamid.1", subject="#48213", priority="high")
    assert (heard[0].method, heard[0].url.path) == ("PATCH", "/api/conversations/42/ticket")
    assert json.loads(heard[0].content) == {"subject": "#48213", "priority": "high"}


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_try_is_spent(allowed: bool) -> None:
    desk, heard = a_desk(httpx2.Response(200, json={"allowed": allowed, "left": 0}))
    assert await desk.spend_proof("42", "wamid.1") == ProofTry(allowed, 0)
    assert heard[0].url.path == "/api/conversations/42/order-proofs"


@pytest.mark.parametrize(
    "trouble", [httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow"), httpx2.Response(503)]
)
async def test_what_may_pass_is_tried_once_more_under_the_same_key(trouble: Any) -> None:
    desk, heard = a_desk(trouble, httpx2.Response(200, json=CALLED))
    assert (await desk.hand_over("42", "wamid.1", reason="wish")).ticket == 1024
    assert [request.headers["Idempotency-Key"] for request in heard] == ["wamid.1", "wamid.1"]


@pytest.mark.parametrize(
    "trouble", [lambda: httpx2.ConnectError("refused"), lambda: httpx2.Response(500)]
)
async def test_trouble_that_stays_is_reported(trouble: Callable[[], Any]) -> None:
    desk, heard = a_desk(trouble(), trouble())
    with pytest.raises(DeskUnreachableError):
        await desk.hand_over("42", "wamid.1", reason="wish")
    assert len(heard) == 2


@pytest.mark.parametrize("status", [401, 404, 409, 422])
async def test_a_refusal_is_not_asked_again(status: int) -> None:
    desk, heard = a_desk(httpx2.Response(status, json={"title": "No"}))
    with pytest.raises(DeskError) as refused:
        await desk.hand_over("42", "wamid.1", reason="wish")
    assert refused.value.code == "desk_refused"
    assert len(heard) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b"{}",
        b'{"ticket": "many"}',
        b'{"ticket": 1}',
        b'{"ticket": 1, "wait": {"text": {"pt": "Logo."}}}',
    ],
)
async def test_nonsense_is_a_refusal(body: bytes) -> None:
    desk, _ = a_desk(httpx2.Response(200, content=body))
    with pytest.raises(DeskError):
        await desk.hand_over("42", "wamid.1", reason="wish")


async def test_a_conversation_is_one_segment_of_the_path() -> None:
    desk, heard = a_desk(httpx2.Response(200, json=CALLED))
    await desk.hand_over("../tickets", "wamid.1", reason="wish")
    assert heard[0].url.raw_path == b"/api/conversations/..%2Ftickets/handoff"
