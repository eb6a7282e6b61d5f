"""One order as a shop would send it, and a shop that answers from a script."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from order_system.rest import Patience, RestOrderSystem

Step = httpx2.Response | Exception | dict[str, Any] | int


class ScriptedShop:
    """Answers each question with the next step of its script, the last one for ever."""

    def __init__(self, *script: Step) -> None:
        self.script = list(script)
        self.questions: list[httpx2.Request] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.questions.append(request)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Exception):
            raise step
        if isinstance(step, int):
            return httpx2.Response(step)
        if isinstance(step, dict):
            return httpx2.Response(200, json=step)
        return step


@pytest.fixture
def order_json() -> dict[str, Any]:
    return {
        "order_ref": "pf-48213",
        "display_number": "48213",
        "placed_at": "2026-11-16T18:12:40-03:00",
        "state": "in_transit",
        "items": [
            {
                "ref": "pf-48213-1",
                "name": "Tênis Brisa",
                "size": "38",
                "color": "preto",
                "quantity": 1,
                "unit_price": {"amount": "299.90", "currency": "BRL"},
            }
        ],
        "shipments": [
            {
                "carrier": "Correios",
                "number": "PF482130017BR",
                "url": "https://rastreio.example.com/PF482130017BR",
                "last_event": "Em trânsito",
                "last_event_at": "2026-11-20T09:41:00Z",
                "delivered_at": None,
                "eta": "2026-11-22",
            }
        ],
        "contact": {
            "name": "Ana Souza",
            "email": "ana@example.com",
            "phone": "+55 11 98765-0001",
        },
        "total": {"amount": "319.80", "currency": "BRL"},
        "returnable_items": ["pf-48213-1"],
    }


@pytest.fixture
def ask() -> Callable[..., tuple[RestOrderSystem, ScriptedShop]]:
    """An order system whose shop follows the script, with pauses too short to wait for."""

    def build(*script: Step, **settings: Any) -> tuple[RestOrderSystem, ScriptedShop]:
        shop = ScriptedShop(*script)
        settings.setdefault("patience", Patience(first_pause=0.001, longest_pause=0.002))
        system = RestOrderSystem(
            "https://shop.example/api", "secret", httpx2.MockTransport(shop), **settings
        )
        return system, shop

    return build
