"""Whoever changes what the desk is set to leaves their name beside it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sla_service.notify import notices
from tests.sla_service.notify.conftest import notice
from tests.sla_service.people import ALICE, BRUNO, DIEGO
from tests.sla_service.web.expectations import EXPECTED
from tests.sla_service.world import Desk

_POLICIES = b"policies: [{name: five, targets: {first_response: 5 min}}]\n"
_OTHERS = b"policies: [{name: ten, targets: {first_response: 10 min}}]\n"
_CANNED = {"shortcut": "oi", "title": "Oi", "text_pt": "Oi!", "text_en": "Hi!"}
_ENDPOINT = {"url": "https://hooks.loja.example/desk", "events": []}


async def _nothing(_: Desk) -> None:
    """Nothing has to be there before."""


async def _a_team(desk: Desk) -> None:
    await desk.http.put("/api/notify/teams/agent", json={})


async def _an_endpoint(desk: Desk) -> None:
    await desk.http.post("/api/webhooks/endpoints", json=_ENDPOINT)


async def _a_delivery(desk: Desk) -> None:
    await _an_endpoint(desk)
    async with desk.database.step() as connection:
        await notices.tell(connection, [notice()])


async def _a_version(desk: Desk) -> None:
    await desk.http.post("/api/sla/rulebooks", content=_OTHERS)


async def _a_canned_reply(desk: Desk) -> None:
    await desk.http.post("/api/canned-replies", json=_CANNED)


async def _a_question(desk: Desk) -> None:
    await desk.rows(
        "INSERT INTO unanswered_questions (language, text, folded)"
        " VALUES ('pt', 'Tem estacionamento?', 'tem estacionamento') RETURNING id"
    )


async def _a_key(desk: Desk) -> None:
    await desk.http.post("/api/keys", json={"name": "loja", "scopes": ["reports:read"]})


async def _a_parked_event(desk: Desk) -> None:
    await desk.rows(
        "INSERT INTO order_events (webhook_id, body, state) VALUES ('evt', '', 'parked') "
        "RETURNING id"
    )


@dataclass(frozen=True)
class Change:
    """A request that changes a setting, and what is written down about it."""

    act: str
    body: Any = None
    """JSON, or the bytes of a text."""
    before: Callable[[Desk], Awaitable[None]] = _nothing
    at: int | str = 1
    """What the address names."""
    by: int = ALICE


CHANGES = {
    ("PATCH", "/api/me"): Change("agent.changed", {"name": "Bruno T."}, by=BRUNO),
    ("DELETE", "/api/me/sessions"): Change("session.ended", by=BRUNO),
    ("DELETE", "/api/me/sessions/{number}"): Change("session.ended", at=2, by=BRUNO),
    ("POST", "/api/agents"): Change("agent.added", {"email": "e@loja.example", "name": "Eva"}),
    ("PATCH", "/api/agents/{agent_id}"): Change("agent.changed", {"capacity": 3}, at=DIEGO),
    ("POST", "/api/agents/{agent_id}/invitations"): Change("agent.invited", at=DIEGO),
    ("POST", "/api/knowledge/unanswered/{question_id}/settlement"): Change(
        "question.settled", before=_a_question
    ),
    ("POST", "/api/keys"): Change("key.added", {"name": "erp", "scopes": ["sla:read"]}),
    ("DELETE", "/api/keys/{number}"): Change("key.revoked", before=_a_key),
    ("POST", "/api/sla/rulebooks"): Change("rulebook.kept", _POLICIES),
    ("POST", "/api/sla/rulebooks/{number}/activation"): Change(
        "rulebook.activated", before=_a_version
    ),
    ("POST", "/api/sla/rulebooks/{number}/applications"): Change(
        "rulebook.applied", before=_a_version
    ),
    ("PUT", "/api/notify/teams/{name}"): Change("team.changed", {"language": "en"}, at="agent"),
    ("DELETE", "/api/notify/teams/{name}"): Change("team.removed", before=_a_team, at="agent"),
    ("POST", "/api/webhooks/endpoints"): Change("webhook.added", _ENDPOINT),
    ("POST", "/api/webhooks/endpoints/{endpoint_id}/secrets"): Change(
        "webhook.secret_changed", before=_an_endpoint
    ),
    ("POST", "/api/webhooks/endpoints/{endpoint_id}/activation"): Change(
        "webhook.activated", before=_an_endpoint
    ),
    ("DELETE", "/api/webhooks/endpoints/{endpoint_id}"): Change(
        "webhook.removed", before=_an_endpoint
    ),
    ("POST", "/api/webhooks/deliveries/{delivery_id}/replay"): Change(
        "delivery.replayed", before=_a_delivery, at="?"
    ),
    ("POST", "/api/canned-replies"): Change("canned_reply.added", _CANNED),
    ("PATCH", "/api/canned-replies/{reply_id}"): Change(
        "canned_reply.changed", {"title": "Olá"}, before=_a_canned_reply
    ),
    ("DELETE", "/api/canned-replies/{reply_id}"): Change(
        "canned_reply.removed", before=_a_canned_reply
    ),
    ("PUT", "/api/routing-rules"): Change("routing.changed", {"rules": []}),
    ("POST", "/api/order-events/{number}/replay"): Change(
        "order_event.replayed", before=_a_parked_event
    ),
}
"""One request at each route that changes a setting."""

NO_SETTINGS = {
    *(("POST", path) for path in ("/webhooks/whatsapp", "/webhooks/orders", "/api/uploads")),
    # How one gets in; who did is written down, and tested where it is done.
    ("POST", "/console/session"),
    ("POST", "/console/invitation"),
    ("POST", "/api/session"),
    ("DELETE", "/api/session"),
    ("POST", "/api/invitations/{token}"),
    ("PUT", "/api/me/password"),
    # These change nothing.
    ("POST", "/api/sla/rulebooks/check"),
    ("POST", "/api/sla/rulebooks/{number}/dry-run"),
    ("POST", "/api/routing-rules/dry-run"),
}
"""Routes that change no setting; so are those of conversations, tickets, offers and notices."""
_WORK = ("/api/conversations/", "/api/tickets/", "/api/offers/", "/api/notices/")


def test_of_each_route_is_known_whether_it_changes_a_setting() -> None:
    unsafe = {route for route in EXPECTED if route[0] != "GET"}
    settings = {route for route in unsafe if not route[1].startswith(_WORK)}
    assert settings == CHANGES.keys() | NO_SETTINGS


@pytest.mark.parametrize("route", CHANGES, ids=" ".join)
async def test_a_changed_setting_is_written_down_with_who_changed_it(
    desk: Desk, route: tuple[str, str]
) -> None:
    (method, path), change = route, CHANGES[route]
    await desk.sign_in(ALICE)
    desk.http.headers["Content-Type"] = "application/json"
    await change.before(desk)
    if change.by != ALICE:
        await desk.sign_in(change.by)
    earlier = {one["id"] for one in await _acts(desk)}
    answer = await desk.http.request(
        method, await _filled(desk, path, change), **_content(change.body)
    )
    assert answer.is_success, answer.text
    new = [one for one in await _acts(desk) if one["id"] not in earlier]
    assert [(one["act"], one["actor_id"]) for one in new] == [(change.act, change.by)]


async def test_a_change_that_is_refused_leaves_nothing(desk: Desk) -> None:
    await desk.sign_in(ALICE)
    earlier = await _acts(desk)
    refused = await desk.http.post("/api/sla/rulebooks", content=b"policies: [{nome: x}]")
    assert refused.status_code == 422
    assert (await desk.http.delete("/api/notify/teams/nobody")).status_code == 404
    assert await _acts(desk) == earlier


async def test_who_imported_a_version_stands_beside_it(desk: Desk) -> None:
    await desk.sign_in(ALICE)
    await desk.http.post("/api/sla/rulebooks", content=_POLICIES)
    newest = (await desk.http.get("/api/sla/rulebooks")).json()[0]
    assert newest["created_by"] == "Alice Nunes"


async def _acts(desk: Desk) -> list[Any]:
    found = await desk.rows("SELECT id, act, actor_id FROM audit_log ORDER BY id")
    return [one._asdict() for one in found]


async def _filled(desk: Desk, path: str, change: Change) -> str:
    named = change.at
    if named == "?":
        named = (await desk.http.get("/api/webhooks/deliveries")).json()["deliveries"][0]["id"]
    head, brace, rest = path.partition("{")
    return f"{head}{named}{rest.partition('}')[2]}" if brace else path


def _content(body: Any) -> dict[str, Any]:
    if isinstance(body, bytes):
        return {"content": body, "headers": {"Content-Type": "application/yaml"}}
    return {} if body is None else {"json": body}
