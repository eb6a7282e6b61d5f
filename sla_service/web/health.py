"""Is this process alive, and can it do its work."""

from alembic.script import ScriptDirectory
from fastapi import APIRouter, Response
from sqlalchemy import text

from sla_service.database import migrations
from sla_service.web.sessions import Session


def router() -> APIRouter:
    """`/healthz` and `/readyz`."""
    routes = APIRouter(tags=["health"])
    scripts = ScriptDirectory.from_config(migrations.configuration(""))
    head = scripts.get_current_head()
    before = {script.revision for script in scripts.walk_revisions()} - {head}

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @routes.get("/readyz")
    async def readyz(session: Session, response: Response) -> dict[str, str]:
        """The database answers, and its tables have what this version expects.

        Tables of a newer version have more than that: while it is brought in, the old one goes on.
        """
        at = await session.scalar(text("SELECT version_num FROM alembic_version"))
        if at is None or at in before:
            response.status_code = 503
            return {"status": "migrations pending", "at": str(at), "head": str(head)}
        return {"status": "ready"}

    return routes
