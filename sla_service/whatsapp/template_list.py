"""The list of templates, asked of the channel now and then and kept."""

import time
from dataclasses import dataclass, field

import structlog

from sla_service.database.sessions import Database, now
from sla_service.whatsapp import registry
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.failures import Failure

_log = structlog.get_logger()
_EVERY = 600.0  # seconds
_AFTER_FAILURE = 60.0


@dataclass(slots=True)
class TemplateList:
    """Asks for one business account; any number of processes may."""

    database: Database
    graph: GraphClient
    account: str
    due_at: float | None = field(default=None, init=False)

    async def refresh(self) -> None:
        """Ask now. Raises Failure."""
        async with self.database.connection() as connection:
            asked_at = await now(connection)
        listed = await self.graph.templates(self.account)
        async with self.database.step() as connection:
            await registry.keep(connection, self.account, listed, asked_at)

    async def refresh_if_due(self) -> None:
        """Ask when the last answer is ten minutes old; a silent channel is asked again soon."""
        at = time.monotonic()
        if not self.account or (self.due_at is not None and at < self.due_at):
            return
        self.due_at = at + _EVERY
        try:
            await self.refresh()
        except Failure as failure:
            self.due_at = at + _AFTER_FAILURE
            _log.info("templates_not_listed", failure=failure.kind.value, code=failure.code)
