"""Ana has written, the bot has answered, and Bruno sits at the console."""

import httpx2
import pytest

from tests.sla_service.people import BRUNO
from tests.sla_service.world import Desk, written


@pytest.fixture
async def bruno(desk: Desk) -> httpx2.AsyncClient:
    """Bruno's browser, when Ana's ticket 1001 is open."""
    await desk.deliver(written("cadê meu pedido 48213?", "wamid.A1"))
    await desk.settle()
    return await desk.sign_in(BRUNO)
