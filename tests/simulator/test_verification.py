"""The webhook address is verified as Meta does, as soon as the desk is up."""

import httpx2
import pytest

from simulator.settings import Settings
from simulator.verification import verify
from tests.simulator.fake_desk import FakeDesk


async def test_a_desk_that_echoes_the_challenge_is_verified(
    settings: Settings, desk: FakeDesk
) -> None:
    async with httpx2.AsyncClient(transport=desk.transport) as client:
        assert await verify(settings, client)
    query = desk.verifications[0].url.params
    assert query["hub.mode"] == "subscribe"


async def test_a_desk_with_another_token_is_not_verified(
    settings: Settings, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.verify_token = "another"
    async with httpx2.AsyncClient(transport=desk.transport) as client:
        assert not await verify(settings, client)
    assert "NOT verified" in caplog.text


async def test_a_desk_that_is_not_up_yet_is_asked_again(settings: Settings, desk: FakeDesk) -> None:
    downs = 3

    def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal downs
        downs -= 1
        if downs >= 0:
            raise httpx2.ConnectError("down")
        return httpx2.Response(200, text=request.url.params["hub.challenge"])

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        assert await verify(settings, client)
    assert downs == -1
