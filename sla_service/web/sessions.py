"""One request, one transaction, committed before the answer leaves."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import Database


async def _session(request: Request) -> AsyncIterator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.transaction() as session:
        yield session


# scope="function": else the commit would come after the answer, and a failed one be told as done.
Session = Annotated[AsyncSession, Depends(_session, scope="function")]
