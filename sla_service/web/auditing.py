"""Where any room's routes write down who changed what; the room `agents` keeps the record."""

from typing import Annotated, Any, Protocol

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.web.principals import Principal


class Recorder(Protocol):
    """Writes an act down in the caller's transaction."""

    async def __call__(
        self,
        where: AsyncSession,
        who: Principal,
        act: str,
        target_kind: str,
        target_id: int | str | None = None,
        /,
        **details: Any,
    ) -> None:
        """Write down that `who` did `act` (`team.changed`) to a thing; no secrets, no texts."""


def _recorder(request: Request) -> Recorder:
    recorder: Recorder = request.app.state.audit
    return recorder


Audit = Annotated[Recorder, Depends(_recorder)]
