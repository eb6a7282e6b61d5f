"""The world outside for benches of the desk's own work: Meta and a bot that answer at once."""

import asyncio
from typing import Any

from bench.graph import Graph, write
from sla_service.settings import Settings

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

    def settings(self, database_url: str) -> Settings:
        """Those of a desk on this database that has no world but this one."""
        here = f"http://127.0.0.1:{self.port}"
        return Settings(
            _env_file=None,  # type: ignore[call-arg]
            database_url=database_url,
            demo=True,
            whatsapp={"graph_url": here},
            bot={"url": here},
            lanes={"quiet": 0},
        )

    def _answer(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if "conversation" in body:
            write(writer, _HEARD | {"message_id": body["message_id"]})
            return
        self.sent += "status" not in body
        super()._answer(body, writer)
