"""What the demo shop tells of its own accord: signed events of orders, again until they arrive."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
import orjson

from order_system.events import sign
from simulator.shop_till import instant

log = logging.getLogger("simulator.shop")
TOLD_OF = {
    "shipped": "order.shipped",
    "out_for_delivery": "order.out_for_delivery",
    "late": "order.delayed",
    "delivered": "order.delivered",
}
_ATTEMPTS = 8
_MOST = 500


@dataclass
class Event:
    """One event, and what became of it; `state` is waiting, delivered, failed or not_sent."""

    id: str
    kind: str
    order: str
    at: datetime
    body: bytes
    state: str = "waiting"
    attempts: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "order": self.order,
            "at": self.at.isoformat(),
            "state": self.state,
            "attempts": self.attempts,
        }


class Events:
    """Brings events to `url`, signed with `secret`; without a URL it only keeps them."""

    def __init__(
        self,
        url: str,
        secret: str,
        client: httpx2.AsyncClient,
        clock: Callable[[], datetime],
        first_pause: float = 0.5,
    ) -> None:
        if url and not secret:
            raise ValueError("events need a secret to be signed with")
        self._url = url
        self._secret = secret
        self._client = client
        self._clock = clock
        self._first_pause = first_pause
        self._events: list[Event] = []
        self._waiting: asyncio.Queue[Event] = asyncio.Queue()
        self._count = 0

    def tell(self, what: str, order: dict[str, Any], at: datetime) -> None:
        """Tell that this happened to an order, if it is anything one tells of."""
        kind = TOLD_OF.get(what)
        if kind is None:
            return
        self._count += 1
        number = order["display_number"]
        body = orjson.dumps({"type": kind, "timestamp": instant(at), "data": {"order": order}})
        event = Event(f"evt_{number}_{self._count}_{int(at.timestamp())}", kind, number, at, body)
        self._events.append(event)
        del self._events[:-_MOST]
        if self._url:
            self._waiting.put_nowait(event)
        else:
            event.state = "not_sent"

    def of(self, number: str) -> list[Event]:
        """The events of an order, newest first."""
        return [one for one in reversed(self._events) if one.order == number]

    async def run(self) -> None:
        """Bring events, each on its own, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                tasks.create_task(self._bring(await self._waiting.get()))

    async def _bring(self, event: Event) -> None:
        for attempt in range(_ATTEMPTS):
            event.attempts = attempt + 1
            if await self._arrives(event):
                event.state = "delivered"
                return
            await asyncio.sleep(self._first_pause * 2**attempt)
        event.state = "failed"
        log.warning("event %s was not taken by the desk", event.id)

    async def _arrives(self, event: Event) -> bool:
        # Signed anew each time: an old signature is refused.
        headers = sign(self._secret, event.id, self._clock(), event.body)
        try:
            answer = await self._client.post(
                self._url,
                content=event.body,
                headers=headers | {"Content-Type": "application/json"},
            )
        except httpx2.RequestError:
            return False
        return answer.is_success
