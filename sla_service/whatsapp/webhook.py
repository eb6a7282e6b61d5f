"""Where Meta calls: verification, and deliveries that are answered once they are on disk."""

import hmac

import psycopg
from fastapi import APIRouter, Request, Response

from sla_service.settings import WhatsAppSettings
from sla_service.web import limits
from sla_service.whatsapp import signature
from sla_service.whatsapp.inbox import Inbox


def router(settings: WhatsAppSettings, inbox: Inbox) -> APIRouter:
    """The two routes at `/webhooks/whatsapp`."""
    routes = APIRouter()
    keys = settings.signing_keys()

    async def verify(request: Request) -> Response:
        """Echo the challenge to whoever knows our verify token."""
        asked = request.query_params
        given = asked.get("hub.verify_token", "").encode()
        token = settings.verify_token.get_secret_value().encode()
        genuine = bool(token) and hmac.compare_digest(given, token)
        if asked.get("hub.mode") != "subscribe" or not genuine:
            return Response(status_code=403)
        return Response(asked.get("hub.challenge", ""), media_type="text/plain")

    async def receive(request: Request) -> Response:
        """Store a genuine delivery, then say 200; 503 makes Meta bring it again."""
        body = await limits.whole_body(request, settings.max_body_bytes)
        if body is None:
            return Response(status_code=413)
        if not signature.is_genuine(body, request.headers.get("x-hub-signature-256"), keys):
            return Response(status_code=403)
        try:
            await inbox.store(body)
        except psycopg.Error:
            return Response(status_code=503)
        return Response(status_code=200)

    routes.add_route("/webhooks/whatsapp", verify, methods=["GET"], include_in_schema=False)
    routes.add_route("/webhooks/whatsapp", receive, methods=["POST"], include_in_schema=False)
    return routes
