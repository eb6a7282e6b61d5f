"""What shoppers of the made-up desk were told of their orders, its templates, and its bill."""

from datetime import timedelta
from typing import Any

from sla_service import clock

Json = Any

_NOTICES = (
    ("48213", "shipped", "Marina Duarte", "sent", None, None),
    ("48391", "out_for_delivery", "Marina Duarte", "wanted", "quiet_hours", None),
    ("48320", "delivered", "Antônio Ferraz", "sent", None, "pedido_entregue"),
    ("48310", "out_for_delivery", "Priya Nair", "dropped", "no_consent", None),
    ("48999", "shipped", None, "dropped", "unknown_shopper", None),
    ("48188", "how_was_it", "Antônio Ferraz", "sent", None, None),
)
_TEMPLATES = (
    ("pedido_enviado", "UTILITY", "APPROVED", "GREEN", None),
    ("pedido_entregue", "UTILITY", "APPROVED", None, None),
    ("promocao_antiga", "MARKETING", "PAUSED", "RED", "LOW_QUALITY"),
)


def order_notices(_: Any) -> Json:
    """A page of notices."""
    items = [
        {
            "id": len(_NOTICES) - place, "order": order, "kind": kind, "contact_name": name,
            "conversation": 1 if name else None, "state": state, "reason": reason,
            "template": template, "happened_at": _ago(place + 2),
            "due_at": _ago(-3) if state == "wanted" else None,
            "told_at": _ago(place + 1) if state == "sent" else None,
            "score": 5 if kind == "how_was_it" else None,
        }
        for place, (order, kind, name, state, reason, template) in enumerate(_NOTICES)
    ]  # fmt: skip
    return {"items": items, "next": None}


def template_registry(_: Any) -> Json:
    """What WhatsApp told of templates."""
    return [
        {
            "name": name, "language": "pt_BR", "category": category.lower(), "status": status,
            "quality": quality, "reason": reason, "body": "Olá, {{nome}}! Temos novidades.",
            "is_usable": status == "APPROVED", "updated_at": _ago(30),
        }
        for name, category, status, quality, reason in _TEMPLATES
    ]  # fmt: skip


def parked_events(_: Any) -> Json:
    """One event that nobody can read."""
    return [
        {"id": 7, "webhook_id": "evt_48213_9", "received_at": _ago(5), "attempts": 1,
         "error": "OrderSystemRefused: malformed event.order.state"}
    ]  # fmt: skip


def costs(_: Any) -> Json:
    """What is on the bill."""
    return {
        "currency": "BRL",
        "categories": [
            {"category": "service", "billable": 4210, "free": 1000, "unasked": 0, "cost": "147.35"},
            {"category": "utility", "billable": 812, "free": 0, "unasked": 640, "cost": "28.42"},
        ],
        "conversations": [
            _solved(is_bot_only=True, resolved=980, billable=2744, shares=(3, 5), cost="96.04"),
            _solved(is_bot_only=False, resolved=240, billable=1466, shares=(5, 11), cost="51.31"),
        ],
    }


def _solved(
    *, is_bot_only: bool, resolved: int, billable: int, shares: tuple[int, int], cost: str
) -> Json:
    return {
        "is_bot_only": is_bot_only, "language": None, "intent": None, "resolved": resolved,
        "billable": billable, "per_conversation": round(billable / resolved, 2),
        "p50": shares[0], "p90": shares[1], "cost": cost,
        "cost_per_conversation": str(round(float(cost) / resolved, 4)),
    }  # fmt: skip


def _ago(hours: float) -> str:
    return (clock.now() - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")
