"""A desk that hears of orders."""

from collections.abc import AsyncIterator

import pytest

from sla_service.database.sessions import Database
from tests.sla_service.proactive.shop import ana_writes, open_shop
from tests.sla_service.world import Desk, World


@pytest.fixture
async def shop(database: Database, world: World) -> AsyncIterator[Desk]:
    """Ana has written and been answered, and wants to be told of her orders."""
    async with open_shop(database, world) as desk:
        await ana_writes(desk)
        yield desk
