"""A shop that tells of its orders, and what the desk makes of it."""

import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import yaml

from order_system.events import sign
from sla_service import clock
from sla_service.conversations import consent
from sla_service.conversations.consent import Purpose, Words
from sla_service.database.sessions import Database
from tests.sla_service.world import ACCOUNT, NUMBER, Desk, World, open_desk, settings_for, written

ROOT = Path(__file__).parents[3]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
SHIPPED = "Seu pedido 48213 saiu da loja e está a caminho. 📦"
DELIVERED = "Seu pedido 48213 foi entregue. Se algo não veio como devia, é só responder aqui."
KINDS = ("shipped", "out_for_delivery", "delayed", "delivered")
_ids = itertools.count(1)


@asynccontextmanager
async def open_shop(
    database: Database, world: World, *, plan: Mapping[str, Any] | None = None, **changes: Any
) -> AsyncIterator[Desk]:
    """A desk that hears of orders at any hour, unless the plan is changed."""
    whole = yaml.safe_load((ROOT / "data" / "notices" / "notices.yml").read_text(encoding="utf-8"))
    whole["notices"].pop("quiet")
    whole["notices"] |= plan or {}
    path = world.folder / "notices.yml"
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")
    heard = {
        "secrets": f"{SECRET},{OLD_SECRET}",
        "plan": path,
        "phone_number_id": NUMBER,
        "pause": 0,
        **changes.pop("order_events", {}),
    }
    world.templates = templates()
    settings = settings_for(database.url, world, order_events=heard, **changes)
    async with open_desk(database, world, settings) as desk:
        await desk.worker.templates.refresh()
        yield desk


def order(
    number: str = "48213",
    phone: str | None = "+5511987650001",
    eta: str | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """An order as the shop tells it."""
    return {
        "order_ref": f"ref-{number}",
        "display_number": number,
        "placed_at": "2026-11-20T12:00:00Z",
        "state": "shipped",
        "items": [],
        "shipments": [
            {
                "carrier": "Correios",
                "number": "BR123456789BR",
                "url": "https://rastreio.example/BR123456789BR",
                "last_event": None,
                "last_event_at": None,
                "delivered_at": None,
                "eta": eta or "2026-12-02",
            }
        ],
        "contact": {"email": None, "phone": phone, "name": "Ana Souza"},
        "total": None,
        "returnable_items": [],
        **changes,
    }


async def tell(
    desk: Desk,
    kind: str,
    of: Mapping[str, Any] | None = None,
    *,
    event_id: str | None = None,
    ago: timedelta = timedelta(),
    secret: str = SECRET,
    body: bytes | None = None,
) -> httpx2.Response:
    """The shop tells what happened to an order."""
    at = clock.now()
    if body is None:
        happened = (at - ago).isoformat()
        told = {"type": f"order.{kind}", "timestamp": happened, "data": {"order": of or order()}}
        body = json.dumps(told).encode()
    headers = sign(secret, event_id or f"evt_{next(_ids)}", at, body)
    return await desk.http.post("/webhooks/orders", content=body, headers=headers)


async def ana_writes(desk: Desk, text: str = "Oi!", wamid: str = "wamid.IN1") -> None:
    """Ana writes and is answered; the first time she also agrees to be told of her orders."""
    await desk.deliver(written(text, wamid))
    await desk.settle()
    if wamid == "wamid.IN1":
        await agrees(desk)
    desk.world.sent.clear()


async def agrees(desk: Desk, contact_id: int = 1, *, granted: bool = True) -> None:
    """A contact wants to be told of orders, or does not any more."""
    async with desk.database.step() as connection:
        await consent.record(
            connection,
            contact_id,
            {Purpose.PROACTIVE},
            granted=granted,
            wording=Words("1", "Pode avisar."),
            language="pt",
        )


async def notices(desk: Desk) -> dict[str, tuple[str, str | None]]:
    """State and reason of each notice, by kind."""
    found = await desk.rows("SELECT kind, state, reason FROM order_notices ORDER BY id")
    return {row.kind: (row.state, row.reason) for row in found}


def told(world: World) -> list[str]:
    """What was sent: the first line of a message, or the name of a template."""
    said = []
    for body in world.sent:
        if body["type"] == "template":
            said.append(body["template"]["name"])
        elif body["type"] == "interactive":
            said.append(body["interactive"]["body"]["text"].splitlines()[0])
        else:
            said.append(body["text"]["body"].splitlines()[0])
    return said


async def window_closes(desk: Desk) -> None:
    """The contact wrote last a day and a half ago."""
    await desk.rows(
        "UPDATE conversations SET last_inbound_at = now() - interval '36 hours' RETURNING id"
    )


def templates() -> list[dict[str, Any]]:
    """What the business account has."""
    return [
        _template("pedido_enviado", "Olá, {{nome}}! Seu pedido {{pedido}} está a caminho."),
        _template("pedido_entregue", "Olá, {{nome}}! Seu pedido {{pedido}} foi entregue."),
    ]


def _template(name: str, text: str) -> dict[str, Any]:
    buttons = [{"type": "URL", "text": "Acompanhar", "url": "https://rastreio.example/{{1}}"}]
    parts: list[dict[str, Any]] = [{"type": "BODY", "text": text}]
    if name == "pedido_enviado":
        parts.append({"type": "BUTTONS", "buttons": buttons})
    return {
        "name": name,
        "language": "pt_BR",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": parts,
    }


async def news_of_template(desk: Desk, **value: Any) -> None:
    """Meta tells of a template."""
    change = {
        "field": "message_template_status_update",
        "value": {
            "message_template_id": 1,
            "message_template_name": "pedido_enviado",
            "message_template_language": "pt_BR",
            **value,
        },
    }
    entry = {"id": ACCOUNT, "time": next(_ids), "changes": [change]}
    envelope = {"object": "whatsapp_business_account", "entry": [entry]}
    answer = await desk.post(json.dumps(envelope).encode())
    assert answer.status_code == 200
