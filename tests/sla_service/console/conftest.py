"""A person who has opened the console."""

from typing import Any

import httpx2
import pytest

from tests.sla_service.world import CONSOLE_KEY, Desk


@pytest.fixture
async def person(desk: Desk) -> httpx2.AsyncClient:
    """Bruno's browser: it has shown the console's key once."""
    answer = await desk.http.get("/console", params={"key": CONSOLE_KEY})
    assert answer.status_code == 303
    return desk.http


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
