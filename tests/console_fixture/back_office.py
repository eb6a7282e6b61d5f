"""What the made-up desk's settings and side panels say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.console_fixture import knowledge, reports
from tests.console_fixture import notices as told
from tests.console_fixture.privacy import privacy
from tests.console_fixture.world import AGENTS, World, say

Json = dict[str, Any]
CANNED: list[Json] = [
    {
        "id": 1, "shortcut": "prazo", "title": "Prazo de entrega",
        "text_pt": "Oi, {{contact.first_name}}! O prazo para a sua região é de 3 a 5 dias úteis.",
        "text_en": "Hi {{contact.first_name}}! Delivery to your area takes 3 to 5 working days.",
    },
    {
        "id": 2, "shortcut": "troca", "title": "Primeira troca grátis",
        "text_pt": "A primeira troca é por nossa conta. A etiqueta do {{ticket.number}} já vai.",
        "text_en": "The first exchange is on us. The label for {{ticket.number}} is coming.",
    },
    {
        "id": 4, "shortcut": "pedido", "title": "Pedido a caminho",
        "text_pt": "O pedido {{order.number}} já está a caminho, {{contact.first_name|tudo bem}}!",
        "text_en": "Order {{order.number}} is on its way, {{contact.first_name|there}}!",
    },
    {
        "id": 3, "shortcut": "rastreio", "title": "Como acompanhar",
        "text_pt": "Você acompanha tudo por aqui: https://rastreio.example.com",
        "text_en": "You can follow everything here: https://rastreio.example.com",
    },
]  # fmt: skip
_HOLES = [
    {"key": "1", "part": "body", "example": "Marina"},
    {"key": "2", "part": "body", "example": "48213"},
]
TEMPLATES: list[Json] = [
    {"name": name, "language": language, "category": "UTILITY", "header": "", "footer": "",
     "buttons": [], "holes": _HOLES, "body": body}
    for name, language, body in (
        ("voltamos", "pt_BR",
         "Oi, {{1}}! Temos uma novidade sobre o seu pedido {{2}}. Podemos continuar por aqui?"),
        ("we_are_back", "en",
         "Hi {{1}}! There is news about your order {{2}}. Shall we continue here?"),
    )
]  # fmt: skip
RULES: list[Json] = [
    {"id": 1, "position": 1, "name": "Fraude para a supervisão", "is_active": True,
     "when": {"intent": ["fraud_report"]}, "then": {"agent": 2, "priority": "urgent"}},
    {"id": 2, "position": 2, "name": "English speakers", "is_active": True,
     "when": {"language": ["en"]}, "then": {"language": "en"}},
    {"id": 3, "position": 3, "name": "Trocas", "is_active": False,
     "when": {"intent": ["exchange_item", "return_item"]}, "then": {"skill": "trocas"}},
]  # fmt: skip
VERSIONS: list[Json] = [
    {"id": 3, "comment": "Prazo de fraude menor", "created_by": "Helena Sato", "is_active": True,
     "created_at": "2026-11-02T12:00:00Z", "activated_at": "2026-11-02T12:00:00Z"},
    {"id": 2, "comment": "Sábado até 13h", "created_by": "Helena Sato", "is_active": False,
     "created_at": "2026-10-02T12:00:00Z", "activated_at": "2026-10-02T12:00:00Z"},
]  # fmt: skip
TEAMS: list[Json] = [
    {"name": "plantao", "channels": {"slack": "slack://…/#sla"}, "language": "pt",
     "time_zone": "America/Sao_Paulo", "quiet": {"begins": "22:00", "ends": "07:00"},
     "digest_after": 3, "created_at": "2026-10-02T12:00:00Z"},
]  # fmt: skip
ENDPOINTS: list[Json] = [
    {"id": 1, "url": "https://erp.example.com/balcao", "events": ["sla.breached"],
     "is_active": True, "secrets": 1, "disabled_at": None, "disabled_reason": None,
     "created_at": "2026-10-02T12:00:00Z"},
]  # fmt: skip
DELIVERIES: list[Json] = [
    {"id": "msg_1", "what": "sla.breached", "key": "12:next_response:1:breached",
     "to": "https://erp.example.com/balcao", "state": "delivered", "attempts": 1, "due_at": None,
     "last_status": 200, "last_error": None, "created_at": "2026-11-25T14:02:00Z",
     "done_at": "2026-11-25T14:02:01Z"},
    {"id": "msg_2", "what": "sla.breached", "key": "31:first_response:1:breached",
     "to": "https://erp.example.com/balcao", "state": "failed", "attempts": 8, "due_at": None,
     "last_status": 503, "last_error": "503", "created_at": "2026-11-24T10:02:00Z",
     "done_at": None},
]  # fmt: skip
KEYS: list[Json] = [
    {"id": 1, "name": "ERP", "scopes": ["conversations:read", "tickets:read"], "created_by": 5,
     "created_at": "2026-10-02T12:00:00Z", "expires_at": None,
     "last_used_at": "2026-11-25T14:02:00Z", "revoked_at": None},
]  # fmt: skip


def notices(world: World) -> Json:
    """What teams were told about promises that were missed."""
    late = [
        one for one in world.conversations.values() if (one["promise"] or {}).get("breached_at")
    ]
    kinds = ("breached", "warned", "escalated")
    shown = [
        {
            "id": place + 1, "key": str(place), "team": "plantao", "kind": kinds[place % 3],
            "at": one["promise"]["breached_at"], "ticket_id": one["id"],
            "acknowledged_at": None if place < 3 else one["promise"]["breached_at"],
            "acknowledged_by": None if place < 3 else "Carla Mendes",
            "facts": {
                "number": one["ticket"]["number"], "subject": one["ticket"]["subject"],
                "metric": one["promise"]["metric"], "tier": "senior",
                "link": f"/console#c{one['id']}",
            },
        }
        for place, one in enumerate(late[:5])
    ]  # fmt: skip
    return {"notices": shown, "next": None}


def _moment(at: datetime, what: str, cause: str, used: float | None = None) -> Json:
    return {
        "at": say(at), "what": what, "cause": cause, "target_s": None, "used_s": used,
        "wall_s": used,
    }  # fmt: skip


def clocks(world: World, number: int) -> Json:
    """A ticket's clocks with everything that happened to them."""
    one = world.conversations[number - 1000]
    promise = one["promise"]
    if promise is None:
        return {"clocks": []}
    began = datetime.fromisoformat(one["last_message_at"])
    first = began - timedelta(minutes=14)
    policy = {"cycle": 1, "calendar": "loja", "policy": "padrao"}
    answered = policy | {
        "metric": "first_response", "state": "fulfilled", "target_s": 300, "consumed_s": 192,
        "due_at": say(first + timedelta(minutes=5)), "breached_at": None,
        "moments": [
            _moment(first, "started", "assignment"),
            _moment(first + timedelta(seconds=192), "kept", "agent_message", 192),
        ],
    }  # fmt: skip
    running = policy | promise | {
        "target_s": 600, "consumed_s": 420.5,
        "moments": [
            _moment(began, "started", "contact_message"),
            _moment(began + timedelta(seconds=260), "paused", "status:pending", 260),
            _moment(began + timedelta(seconds=300), "resumed", "contact_message", 260),
        ],
    }  # fmt: skip
    return {"clocks": [answered, running] if one["owner"] == "agent" else [running]}


def orders(number: int) -> Json:
    """What a contact bought."""
    parcel = {
        "carrier": "Correios", "number": "LY665499723BR", "eta": "2026-11-27",
        "url": "https://rastreio.example.com/LY665499723BR", "delivered_at": None,
        "last_event": "Em trânsito para São Paulo/SP", "last_event_at": None,
    }  # fmt: skip
    lines = (
        (48213, "delivered", "2026-11-18", "289.90", "Vestido midi verde", "M", []),
        (48320, "in_transit", "2026-11-21", "459.00", "Bota de couro", "37", [parcel]),
    )
    return {
        "state": "ok",
        "items": [
            {
                "number": str(order + number), "placed_at": f"{day}T12:00:00Z", "state": state,
                "raw_state": state, "total": {"amount": amount, "currency": "BRL"}, "buyer": None,
                "theirs": True, "shipments": shipments,
                "items": [{
                    "name": name, "size": size, "color": None, "quantity": 1, "unit_price": None,
                    "returnable": True,
                }],
            }
            for order, state, day, amount, name, size, shipments in lines[number % 5 == 0 :]
        ],
    }  # fmt: skip


def tickets(world: World, number: int) -> list[Json]:
    """A conversation's tickets, the newest first."""
    one = world.conversations[number]
    now = {
        "number": 1000 + number, "conversation": number, "subject": one["ticket"]["subject"],
        "status": one["ticket"]["status"], "priority": one["ticket"]["priority"], "tags": [],
        "opened_at": one["last_message_at"], "resolved_at": None, "follows": None,
        "followed_by": [], "merged_into": None, "merged": [], "rating": None,
    }  # fmt: skip
    earlier = now | {
        "number": 400 + number, "subject": "Prazo para Campinas", "status": "resolved",
        "opened_at": "2026-10-12T14:00:00Z", "resolved_at": "2026-10-12T15:10:00Z",
        "rating": {"score": 5, "comment": "Rápido e gentil!", "rated_at": "2026-10-12T16:00:00Z",
                   "is_bot_only": False},
    }  # fmt: skip
    return [now, earlier] if number % 2 else [now]


def acts() -> list[Json]:
    """Who did what."""
    done = (
        ("ticket.noted", "ticket", "1001"), ("conversation.wish", "conversation", "2"),
        ("agent.presence", "agent", "3"), ("routing.changed", "routing_rules", None),
        ("rulebook.activated", "rulebook", "3"),
    )  # fmt: skip
    return [
        {"id": place, "at": f"2026-11-25T1{4 - place}:12:00Z", "actor_kind": "agent",
         "actor_id": AGENTS[place]["id"], "actor_name": AGENTS[place]["name"], "act": act,
         "target_kind": kind, "target_id": number, "details": {}}
        for place, (act, kind, number) in enumerate(done)
    ]  # fmt: skip


def history() -> Json:
    """What happened to a ticket."""
    told = (("act", "ticket.noted"), ("event", "agent_message"), ("event", "opened"))
    by = {"kind": "agent", "id": 2, "name": "Carla Mendes"}
    return {
        "next": None,
        "items": [
            {"at": f"2026-11-25T1{2 - place}:12:00Z", "source": source, "what": what,
             "by": by if source == "act" else None, "details": {}}
            for place, (source, what) in enumerate(told)
        ],
    }  # fmt: skip


Answer = Callable[[World], Any]
SIMPLE: dict[str, Answer] = {
    "/api/agents": lambda _: AGENTS,
    "/api/canned-replies": lambda _: CANNED,
    "/api/templates": lambda _: TEMPLATES,
    "/api/routing-rules": lambda _: {"rules": RULES},
    "/api/notify/teams": lambda _: TEAMS,
    "/api/webhooks/endpoints": lambda _: ENDPOINTS,
    "/api/webhooks/deliveries": lambda _: {"deliveries": DELIVERIES, "next": None},
    "/api/keys": lambda _: KEYS,
    "/api/audit": lambda _: {"items": acts(), "next": None},
    "/api/accounts/stopped": lambda _: [],
    "/api/notices": notices,
    "/api/me/sessions": lambda _: [
        {"id": 1, "created_at": "2026-11-25T10:00:00Z", "last_seen_at": "2026-11-25T14:00:00Z",
         "user_agent": "Firefox 140 · Linux", "is_current": True}
    ],
    "/api/conversations/{id}/privacy": privacy,
    "/api/knowledge/search": knowledge.found,
    "/api/knowledge/articles": knowledge.articles,
    "/api/knowledge/unanswered": knowledge.unanswered,
    "/api/order-notices": told.order_notices,
    "/api/order-events/parked": told.parked_events,
    "/api/template-registry": told.template_registry,
    "/api/reports/costs": told.costs,
    "/api/reports/handling-times": lambda _: reports.handling_times(),
    "/api/reports/breaches": reports.breaches,
}  # fmt: skip
