"""Is this process alive, and can it do its work."""

from alembic.script import ScriptDirectory
from fastapi import APIRouter, Response
from sqlalchemy import text

from sla_service.database import migrations
from sla_service.web.sessions import Session


def router() -> APIRouter:
    """`/healthz` and `/readyz`."""
    routes = APIRouter(tags=["health"])
    head = ScriptDirectory.from_config(migrations.configuration("")).get_current_head()

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @routes.get("/readyz")
    async def readyz(session: Session, response: Response) -> dict[str, str]:
        """The database answers and its tables are as this version expects them."""
        at = await session.scalar(text("SELECT version_num FROM alembic_version"))
        if at != head:
            response.status_code = 503
            return {"status": "migrations pending", "at": str(at), "head": str(head)}
        return {"status": "ready"}

    return routes
