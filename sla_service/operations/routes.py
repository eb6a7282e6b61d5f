"""`/version`, and `/metrics` for whoever has the token."""

import hmac
from dataclasses import asdict

from fastapi import APIRouter, FastAPI, Request, Response

from sla_service.database.sessions import Database
from sla_service.errors import DomainError, NotFound
from sla_service.operations import exposition, version
from sla_service.operations.requests import Counting, Requests
from sla_service.settings import MetricsSettings, Settings


class NoMetrics(NotFound):
    """Nobody has set a token for the figures."""


class WrongToken(DomainError):
    """The figures are for whoever shows their token."""

    status = 401


def install(app: FastAPI, settings: Settings, database: Database) -> None:
    """Add the routes; requests are counted where somebody may see the counts."""
    it = version.of(settings)
    registry = exposition.registry(it)
    if settings.metrics.token.get_secret_value():
        app.add_middleware(Counting, requests=Requests(registry))
    routes = APIRouter(tags=["health"])

    @routes.get("/version")
    async def shown_version() -> dict[str, str]:
        """What this desk is: its version, what it was built from, the tables it expects."""
        return asdict(it)

    @routes.get("/metrics", response_class=Response)
    async def metrics(request: Request) -> Response:
        """Figures in Prometheus' text format, for whoever shows `DESK_METRICS__TOKEN`."""
        _let_in(request.headers.get("authorization", ""), settings.metrics)
        body = await exposition.whole_text(registry, database)
        return Response(body, media_type=exposition.CONTENT_TYPE)

    app.include_router(routes)


def is_shown(header: str, settings: MetricsSettings) -> bool:
    """Whether an Authorization header shows the token."""
    wanted = f"Bearer {settings.token.get_secret_value()}"
    return hmac.compare_digest(header.encode(errors="surrogateescape"), wanted.encode())


def _let_in(header: str, settings: MetricsSettings) -> None:
    if not settings.token.get_secret_value():
        raise NoMetrics
    if not is_shown(header, settings):
        raise WrongToken
