"""What stands beside a conversation's words: files, and the shop's orders."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse

from order_system.rest import RestOrderSystem
from sla_service.console import asking, shop_orders
from sla_service.console.asking import Reader, database_of
from sla_service.console.order_views import OrdersView
from sla_service.conversations import media
from sla_service.conversations.media import NoSuchFile
from sla_service.conversations.media_store import MediaStore
from sla_service.settings import OrderSystemSettings, Settings
from sla_service.web.asking import Id

_ALONE = "default-src 'none'; frame-ancestors 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, max-age=3600, immutable",
}


def routers(settings: Settings) -> list[APIRouter]:
    """Files and orders."""
    return [_media_routes(settings), _order_routes(settings.order_system)]


def _media_routes(settings: Settings) -> APIRouter:
    routes = asking.routes()
    store = MediaStore(settings.media.folder)

    @routes.get("/media/{message_id}", response_class=FileResponse)
    async def show_media(message_id: Id, _: Reader, request: Request) -> FileResponse:
        """The file of a message; shown in place only when it truly is of a harmless type."""
        async with database_of(request).connection() as connection:
            found = await media.of_message(connection, message_id)
        if not store.has(found.sha256):
            raise NoSuchFile(message=message_id)
        served = found.served
        # A browser's own reader of PDF does not run inside a sandbox.
        is_boxed = served.mime != "application/pdf"
        policy = f"{_ALONE}; sandbox" if is_boxed else _ALONE
        return FileResponse(
            store.path(found.sha256),
            headers={**_HEADERS, "Content-Security-Policy": policy},
            media_type=served.mime,
            filename=found.filename,
            content_disposition_type="inline" if served.is_shown else "attachment",
        )

    return routes


def _order_routes(settings: OrderSystemSettings) -> APIRouter:
    orders: RestOrderSystem | None = None
    if settings.url:
        orders = RestOrderSystem(
            settings.url,
            settings.token.get_secret_value(),
            cache_seconds=settings.remembered.total_seconds(),
        )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        if orders is not None:
            await orders.aclose()

    routes = asking.routes(lifespan)

    @routes.get("/conversations/{conversation_id}/orders")
    async def list_orders(conversation_id: Id, _: Reader, request: Request) -> OrdersView:
        """The contact's orders, and those they named, as the shop tells them now."""
        return await shop_orders.beside(database_of(request), orders, conversation_id)

    return routes
