"""The web process: the webhook, the API and the console, wired to one database."""

import asyncio
import gc
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from fastapi.routing import APIRoute

from sla_service import log
from sla_service.agents import first_run
from sla_service.agents import routes as agents_routes
from sla_service.console import routes as console_routes
from sla_service.database.sessions import Database
from sla_service.handoff import file_routes
from sla_service.handoff import routes as handoff_routes
from sla_service.knowledge import importing as knowledge
from sla_service.knowledge import routes as knowledge_routes
from sla_service.notify import routes as notify_routes
from sla_service.operations import routes as operations_routes
from sla_service.privacy import routes as privacy_routes
from sla_service.proactive import routes as proactive_routes
from sla_service.proactive import webhook as order_webhook
from sla_service.reports import routes as reports_routes
from sla_service.settings import Settings
from sla_service.sla import routes as sla_routes
from sla_service.sla import rulebooks
from sla_service.tickets import routes as tickets_routes
from sla_service.web import health, limits, problems
from sla_service.whatsapp import webhook
from sla_service.whatsapp.inbox import Inbox


def create_app(settings: Settings) -> FastAPI:
    """The application for these settings; its connections open when it starts."""
    database = Database(settings.server_url(), pool_size=settings.database.pool_size)
    inbox = Inbox(settings.server_url())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await rulebooks.at_first_start(database)
        await knowledge.at_start(database, settings.knowledge.folder)
        inbox.start()
        yield
        await inbox.stop()
        await database.close()

    app = problems.Api(
        title="Balcão",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_name,
        responses=problems.DESCRIBED,
    )
    app.state.settings = settings
    app.state.database = database
    problems.install(app)
    app.add_middleware(limits.BodyLimit, most=limits.MOST)
    _mount(app, settings, database, inbox)
    return app


def _mount(app: FastAPI, settings: Settings, database: Database, inbox: Inbox) -> None:
    """Add every room's routes."""
    app.include_router(webhook.router(settings.whatsapp, inbox))
    app.include_router(order_webhook.router(settings.order_events, database))
    app.include_router(health.router())
    operations_routes.install(app, settings, database)
    agents_routes.install(app, settings, database)
    tickets_routes.install(app)
    # None inside another: each route of a nested one is worked out once more for each level.
    for router in (
        *tickets_routes.routers(),
        handoff_routes.router(settings),
        file_routes.router(settings),
        privacy_routes.router(settings),
        sla_routes.router(),
        *notify_routes.routers(settings),
        *proactive_routes.routers(),
        *knowledge_routes.routers(settings),
        *reports_routes.routers(),
        *console_routes.routers(settings, database),
    ):
        app.include_router(router)


def _name(route: APIRoute) -> str:
    """What programs call a route: the name of its function."""
    return route.name


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    settings = Settings.read()
    log.configure(level=settings.log_level, as_json=settings.log_json)
    asyncio.run(_welcome(settings))
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    Server(config).run()


async def _welcome(settings: Settings) -> None:
    """Make the first accounts when there are none, and show their password: not in the log."""
    database = Database(settings.server_url(), pool_size=2)
    try:
        welcome = await first_run.at_first_start(database, settings)
    finally:
        await database.close()
    if welcome is not None:
        first_run.announce(welcome, sys.stdout)


class Server(uvicorn.Server):
    """Ends the live streams before it waits for open requests: they never end by themselves."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what lives for ever needs no looking through: it held up every webhook

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.state.live.end()  # type: ignore[union-attr]
        await super().shutdown(sockets)


if __name__ == "__main__":
    main()
