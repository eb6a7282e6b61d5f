"""Notices go along when two threads turn out to be one person's."""

from sla_service.database.sessions import Connection, rows
from sla_service.handoff import ownership


async def adopt(connection: Connection, old: int, new: int) -> None:
    """The thread `old` became part of `new`: so did what was told, or is to be told, in it."""
    await ownership.adopt(connection, old, new)
    await rows(connection, _ADOPT, {"old": old, "new": new})


_ADOPT = "UPDATE order_notices SET conversation_id = %(new)s WHERE conversation_id = %(old)s"
