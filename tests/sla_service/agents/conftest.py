"""People with passwords; each is hashed once for all tests, as hashing is slow on purpose."""

from functools import cache

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from sla_service.agents.tables import Agent
from tests.sla_service.world import Desk

PASSWORD = "uma senha bem longa"


@cache
def _kept() -> str:
    return PasswordHasher().hash(PASSWORD)


@pytest.fixture
async def passwords(desk: Desk) -> None:
    """Everybody has chosen the same password."""
    async with desk.database.transaction() as session:
        await session.execute(update(Agent).values(password_hash=_kept()))
