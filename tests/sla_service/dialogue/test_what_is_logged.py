"""What a shopper writes is in no line of the log, whatever goes wrong with it."""

import logging

import httpx2
import pytest
from structlog.testing import capture_logs

from tests.sla_service.world import Desk, World, written

_CARD = "4111 1111 1111 1111"


async def test_a_card_number_is_in_no_line_of_the_log(
    desk: Desk, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.bot = lambda _: httpx2.Response(500, json={"error": "turn_failed"})
    with capture_logs() as lines:
        await desk.deliver(written(f"meu cartão é {_CARD}", "wamid.A1"))
        await desk.settle()
    assert [line["event"] for line in lines if line["event"] == "turn_postponed"]
    assert _CARD not in f"{lines} {caplog.text}"
    assert "11987650001" not in str(lines)
