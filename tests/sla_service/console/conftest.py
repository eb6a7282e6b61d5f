"""A person who has opened the console."""

from typing import Any

import httpx2
import pytest

from sla_service.handoff import holding, ownership
from sla_service.web.principals import Principal, Role
from tests.sla_service.people import BRUNO
from tests.sla_service.world import Desk, written


@pytest.fixture
async def person(desk: Desk) -> httpx2.AsyncClient:
    """Bruno's browser."""
    return await desk.sign_in(BRUNO)


@pytest.fixture
def hand_over(desk: Desk) -> Any:
    """What the bot's action does when a conversation needs people."""

    async def post(conversation: int, reason: str, key: str = "K1", **more: Any) -> None:
        answer = await desk.http.post(
            f"/api/conversations/{conversation}/handoff",
            json={"reason": reason, **more},
            headers={
                "Authorization": f"Bearer {desk.settings.service_token.get_secret_value()}",
                "Idempotency-Key": key,
            },
        )
        assert answer.status_code == 200, answer.text

    return post


@pytest.fixture
def take(desk: Desk) -> Any:
    """Somebody takes a conversation."""

    async def assign(conversation: int = 1, agent: int = BRUNO) -> None:
        who = Principal("agent", agent, "", Role.SUPERVISOR)
        async with desk.database.step() as connection:
            seen = (await holding.hold(connection, conversation)).fence
            await ownership.assign(connection, conversation, agent, who, seen=seen)

    return assign


@pytest.fixture
async def held(desk: Desk, person: httpx2.AsyncClient, hand_over: Any, take: Any) -> Desk:
    """Ana asked for a person, and Bruno has her conversation; nothing is on its way."""
    await desk.deliver(written("quero falar com uma pessoa", "wamid.1"))
    await desk.settle()
    await hand_over(1, "wish")
    await take()
    await desk.settle()
    desk.world.sent.clear()
    return desk
