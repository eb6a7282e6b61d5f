"""Whom each route is for: a route that is new stands here, or a test fails."""

from dataclasses import dataclass

from sla_service.web.principals import Scope


@dataclass(frozen=True)
class For:
    """Roles that may use a route, and the scope with which a key may."""

    roles: frozenset[str]
    scope: Scope | None = None


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


_EVERYONE = _for("agent", "supervisor", "admin")
_LEADERS = _for("supervisor", "admin")
_ADMIN = _for("admin")

ANYBODY = For(_for())
"""Signing in, pages and their files, and what shows who it is in another way."""
BOT = For(_for("bot"))
PEOPLE = For(_EVERYONE)
ADMINS = For(_ADMIN)
READ_CONVERSATIONS = For(_EVERYONE, Scope.CONVERSATIONS_READ)
WRITE_TICKETS = For(_EVERYONE, Scope.TICKETS_WRITE)
READ_REPORTS = For(_LEADERS, Scope.REPORTS_READ)
READ_POLICIES = For(_EVERYONE, Scope.SLA_READ)
WRITE_POLICIES = For(_ADMIN, Scope.SLA_WRITE)
READ_NOTICES = For(_EVERYONE, Scope.NOTICES_READ)
WRITE_NOTICES = For(_ADMIN, Scope.NOTICES_WRITE)
WEBHOOKS = For(_ADMIN, Scope.WEBHOOKS_WRITE)
READ_AGENTS = For(_EVERYONE, Scope.AGENTS_READ)
WRITE_AGENTS = For(_ADMIN, Scope.AGENTS_WRITE)

READ_TICKETS = For(_EVERYONE, Scope.TICKETS_READ)
WRITE_REPLIES = For(_LEADERS, Scope.TICKETS_WRITE)
WRITE_CONVERSATIONS = For(_EVERYONE, Scope.CONVERSATIONS_WRITE)
KEEP_PRIVACY = For(_LEADERS, Scope.PRIVACY_WRITE)
ACKNOWLEDGE = For(_EVERYONE, Scope.NOTICES_WRITE)
READ_ROUTING = For(_LEADERS, Scope.ROUTING_READ)
WRITE_ROUTING = For(_LEADERS, Scope.ROUTING_WRITE)

EXPECTED: dict[tuple[str, str], For] = {
    ("GET", "/openapi.json"): ANYBODY,
    ("GET", "/webhooks/whatsapp"): ANYBODY,
    ("POST", "/webhooks/whatsapp"): ANYBODY,
    ("POST", "/webhooks/orders"): ANYBODY,
    ("GET", "/healthz"): ANYBODY,
    ("GET", "/readyz"): ANYBODY,
    ("GET", "/version"): ANYBODY,
    ("GET", "/metrics"): ANYBODY,
    ("GET", "/"): ANYBODY,
    ("GET", "/console"): ANYBODY,
    ("POST", "/console/session"): ANYBODY,
    ("POST", "/console/invitation"): ANYBODY,
    ("GET", "/static/{version}/{name:path}"): ANYBODY,
    ("POST", "/api/session"): ANYBODY,
    ("DELETE", "/api/session"): PEOPLE,
    ("POST", "/api/invitations/{token}"): ANYBODY,
    ("GET", "/api/me"): PEOPLE,
    ("PATCH", "/api/me"): PEOPLE,
    ("PUT", "/api/me/password"): PEOPLE,
    ("GET", "/api/me/sessions"): PEOPLE,
    ("DELETE", "/api/me/sessions"): PEOPLE,
    ("DELETE", "/api/me/sessions/{number}"): PEOPLE,
    ("GET", "/api/agents"): READ_AGENTS,
    ("POST", "/api/agents"): WRITE_AGENTS,
    ("PATCH", "/api/agents/{agent_id}"): WRITE_AGENTS,
    ("POST", "/api/agents/{agent_id}/invitations"): WRITE_AGENTS,
    ("GET", "/api/keys"): ADMINS,
    ("POST", "/api/keys"): ADMINS,
    ("DELETE", "/api/keys/{number}"): ADMINS,
    ("GET", "/api/audit"): ADMINS,
    ("POST", "/api/conversations/{conversation_id}/handoff"): BOT,
    ("PATCH", "/api/conversations/{conversation_id}/ticket"): BOT,
    ("POST", "/api/conversations/{conversation_id}/order-proofs"): BOT,
    ("POST", "/api/conversations/{conversation_id}/files"): BOT,
    ("POST", "/api/tickets/{number}/resolution"): WRITE_TICKETS,
    ("GET", "/api/conversations"): READ_CONVERSATIONS,
    ("GET", "/api/conversations/{conversation_id}"): READ_CONVERSATIONS,
    ("GET", "/api/conversations/{conversation_id}/messages"): READ_CONVERSATIONS,
    ("GET", "/api/accounts/stopped"): READ_CONVERSATIONS,
    ("GET", "/api/events"): READ_CONVERSATIONS,
    ("GET", "/api/sla/rulebooks"): READ_POLICIES,
    ("GET", "/api/sla/rulebooks/active"): READ_POLICIES,
    ("GET", "/api/sla/rulebooks/{number}"): READ_POLICIES,
    ("GET", "/api/sla/applications/{number}"): READ_POLICIES,
    ("POST", "/api/sla/rulebooks"): WRITE_POLICIES,
    ("POST", "/api/sla/rulebooks/check"): WRITE_POLICIES,
    ("POST", "/api/sla/rulebooks/{number}/activation"): WRITE_POLICIES,
    ("POST", "/api/sla/rulebooks/{number}/dry-run"): WRITE_POLICIES,
    ("POST", "/api/sla/rulebooks/{number}/applications"): WRITE_POLICIES,
    ("GET", "/api/notices"): READ_NOTICES,
    ("GET", "/api/notify/teams"): WRITE_NOTICES,
    ("GET", "/api/notify/teams/{name}"): WRITE_NOTICES,
    ("PUT", "/api/notify/teams/{name}"): WRITE_NOTICES,
    ("DELETE", "/api/notify/teams/{name}"): WRITE_NOTICES,
    ("GET", "/api/webhooks/endpoints"): WEBHOOKS,
    ("POST", "/api/webhooks/endpoints"): WEBHOOKS,
    ("POST", "/api/webhooks/endpoints/{endpoint_id}/secrets"): WEBHOOKS,
    ("POST", "/api/webhooks/endpoints/{endpoint_id}/activation"): WEBHOOKS,
    ("DELETE", "/api/webhooks/endpoints/{endpoint_id}"): WEBHOOKS,
    ("GET", "/api/webhooks/deliveries"): WEBHOOKS,
    ("POST", "/api/webhooks/deliveries/{delivery_id}/replay"): WEBHOOKS,
    ("GET", "/api/reports/attainment"): READ_REPORTS,
    ("GET", "/api/reports/response-times"): READ_REPORTS,
    ("GET", "/api/reports/handling-times"): READ_REPORTS,
    ("GET", "/api/reports/breaches"): READ_REPORTS,
    ("GET", "/api/tickets/{number}"): READ_TICKETS,
    ("PATCH", "/api/tickets/{number}"): WRITE_TICKETS,
    ("GET", "/api/conversations/{conversation_id}/tickets"): READ_TICKETS,
    ("GET", "/api/tags"): READ_TICKETS,
    ("PUT", "/api/tickets/{number}/status"): WRITE_TICKETS,
    ("DELETE", "/api/tickets/{number}/resolution"): WRITE_TICKETS,
    ("POST", "/api/tickets/{number}/merge"): WRITE_TICKETS,
    ("GET", "/api/tickets/{number}/clocks"): READ_TICKETS,
    ("GET", "/api/tickets/{number}/history"): READ_TICKETS,
    ("GET", "/api/tickets/{number}/notes"): READ_TICKETS,
    ("POST", "/api/tickets/{number}/notes"): WRITE_TICKETS,
    ("GET", "/api/tickets/{number}/action-items"): READ_TICKETS,
    ("POST", "/api/tickets/{number}/action-items"): WRITE_TICKETS,
    ("PATCH", "/api/tickets/{number}/action-items/{item_id}"): WRITE_TICKETS,
    ("GET", "/api/me/action-items"): PEOPLE,
    ("GET", "/knowledge/{language}"): ANYBODY,
    ("GET", "/knowledge/{language}/{slug}"): ANYBODY,
    ("GET", "/api/knowledge/articles"): READ_TICKETS,
    ("GET", "/api/knowledge/search"): READ_TICKETS,
    ("GET", "/api/knowledge/unanswered"): WRITE_REPLIES,
    ("POST", "/api/knowledge/unanswered/{question_id}/settlement"): WRITE_REPLIES,
    ("POST", "/api/conversations/{conversation_id}/questions"): BOT,
    ("GET", "/api/canned-replies"): READ_TICKETS,
    ("GET", "/api/canned-replies/placeholders"): READ_TICKETS,
    ("GET", "/api/canned-replies/{reply_id}/rendering"): READ_TICKETS,
    ("POST", "/api/canned-replies"): WRITE_REPLIES,
    ("PATCH", "/api/canned-replies/{reply_id}"): WRITE_REPLIES,
    ("DELETE", "/api/canned-replies/{reply_id}"): WRITE_REPLIES,
    ("POST", "/api/notices/{notice_id}/acknowledgement"): ACKNOWLEDGE,
    ("POST", "/api/conversations/{conversation_id}/assignment"): WRITE_CONVERSATIONS,
    ("DELETE", "/api/conversations/{conversation_id}/assignment"): WRITE_CONVERSATIONS,
    ("POST", "/api/conversations/{conversation_id}/bot"): WRITE_CONVERSATIONS,
    ("POST", "/api/conversations/{conversation_id}/viewing"): PEOPLE,
    ("POST", "/api/conversations/{conversation_id}/reads"): PEOPLE,
    ("POST", "/api/conversations/{conversation_id}/messages"): PEOPLE,
    ("GET", "/api/conversations/{conversation_id}/handoff"): READ_CONVERSATIONS,
    ("GET", "/api/conversations/{conversation_id}/orders"): READ_CONVERSATIONS,
    ("GET", "/api/counts"): READ_CONVERSATIONS,
    ("GET", "/api/templates"): READ_CONVERSATIONS,
    ("GET", "/api/media/{message_id}"): READ_CONVERSATIONS,
    ("POST", "/api/uploads"): PEOPLE,
    ("POST", "/api/offers/{offer_id}/acceptance"): PEOPLE,
    ("DELETE", "/api/offers/{offer_id}"): PEOPLE,
    ("GET", "/api/routing-rules"): READ_ROUTING,
    ("PUT", "/api/routing-rules"): WRITE_ROUTING,
    ("POST", "/api/routing-rules/dry-run"): READ_ROUTING,
    ("GET", "/api/reports/satisfaction"): READ_REPORTS,
    ("GET", "/api/conversations/{conversation_id}/privacy"): READ_CONVERSATIONS,
    ("GET", "/api/conversations/{conversation_id}/data-export"): KEEP_PRIVACY,
    ("POST", "/api/conversations/{conversation_id}/erasure"): KEEP_PRIVACY,
    ("GET", "/api/erasures/{erasure_id}"): KEEP_PRIVACY,
    ("PUT", "/api/conversations/{conversation_id}/legal-hold"): ADMINS,
    ("DELETE", "/api/conversations/{conversation_id}/legal-hold"): ADMINS,
    ("POST", "/api/conversations/{conversation_id}/consents"): BOT,
    ("POST", "/api/conversations/{conversation_id}/data-copy"): BOT,
    ("POST", "/api/conversations/{conversation_id}/erasure-request"): BOT,
    ("GET", "/api/reports/ratings"): READ_REPORTS,
    ("GET", "/api/reports/costs"): READ_REPORTS,
    ("GET", "/api/order-notices"): READ_CONVERSATIONS,
    ("GET", "/api/order-events/parked"): WEBHOOKS,
    ("POST", "/api/order-events/{number}/replay"): WEBHOOKS,
    ("GET", "/api/template-registry"): READ_CONVERSATIONS,
}
