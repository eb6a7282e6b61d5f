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


def router(settings: Settings, database: Database) -> APIRouter:
    """All routes of this room."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.live = Live(database)
        app.state.live.start()
        yield
        await app.state.live.stop()

    routes = APIRouter(lifespan=lifespan)
    routes.include_router(page_routes.router())
    routes.include_router(conversation_routes.router(settings))
    routes.include_router(live_routes.router())
    routes.include_router(reply_routes.router(settings, database))
    routes.include_router(beside_routes.router(settings))
    return routes
