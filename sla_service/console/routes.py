"""The console's page, and everything that it and programs ask of conversations."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from sla_service.console import (
    beside_routes,
    conversation_routes,
    live_routes,
    page_routes,
    reply_routes,
)
from sla_service.console.live import Live
from sla_service.database.sessions import Database
from sla_service.settings import Settings


def routers(settings: Settings, database: Database) -> list[APIRouter]:
    """All routes of this room."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.live = Live(database)
        app.state.live.start()
        yield
        await app.state.live.stop()

    return [
        APIRouter(lifespan=lifespan),
        *page_routes.routers(),
        conversation_routes.router(settings),
        live_routes.router(),
        *reply_routes.routers(settings, database),
        *beside_routes.routers(settings),
    ]
