"""The world outside for benches of the desk's own work: Meta and a bot that answer at once."""

import asyncio
from typing import Any

from bench.graph import Graph, write

_HEARD = {
    "language": "pt",
    "intent": {"name": "track_order", "confidence": 0.97},
    "entities": [],
    "stage": "answered",
    "repeated": False,
    "replies": [{"text": "Seu pedido saiu para entrega e chega até amanhã."}],
}


class Outside(Graph):
    """A Graph API that takes everything, and a bot that has one answer."""

    sent = 0
    """How many messages it took."""

    def _answer(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if "conversation" in body:
            write(writer, _HEARD | {"message_id": body["message_id"]})
            return
        self.sent += "status" not in body
        super()._answer(body, writer)
