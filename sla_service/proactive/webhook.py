"""Where the shop tells of its orders: signed events, answered once they are on disk."""

import psycopg
from fastapi import APIRouter, Request, Response

from order_system.events import EventNotSigned, verify
from sla_service import clock
from sla_service.database.sessions import Database
from sla_service.proactive import events
from sla_service.settings import OrderEventSettings
from sla_service.web import limits

_LONGEST_ID = 200


def router(settings: OrderEventSettings, database: Database) -> APIRouter:
    """The route at `/webhooks/orders`."""
    routes = APIRouter()
    secrets = settings.signing_secrets()

    async def receive(request: Request) -> Response:
        """Store a genuine event, then say 204; 503 makes the shop bring it again."""
        body = await limits.whole_body(request, settings.max_body_bytes)
        if body is None:
            return Response(status_code=413)
        try:
            verify(request.headers, body, secrets, now=clock.now())
        except EventNotSigned:
            return Response(status_code=403)
        webhook_id = request.headers["webhook-id"]
        if len(webhook_id) > _LONGEST_ID or not webhook_id.isprintable():
            return Response(status_code=422)
        try:
            async with database.connection() as connection:
                await events.store(connection, webhook_id, body)
        except psycopg.Error:
            return Response(status_code=503)
        return Response(status_code=204)

    routes.add_route("/webhooks/orders", receive, methods=["POST"], include_in_schema=False)
    return routes
