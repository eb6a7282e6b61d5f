"""Files that the bot brought to the desk, which its replies name."""

from collections.abc import Sequence
from dataclasses import replace

from sla_service.conversations import media_types
from sla_service.database.sessions import Connection, rows
from sla_service.whatsapp.compose import Unsendable
from sla_service.whatsapp.values import ChannelFile, MessageKind, Reply

_BROUGHT = "upload:"


def are_named(replies: Sequence[Reply]) -> bool:
    """Whether a reply sends a file that was brought."""
    return any(_named(reply) for reply in replies)


async def found(connection: Connection, replies: Sequence[Reply], number: str) -> tuple[Reply, ...]:
    """The replies with the files they name. Raises Unsendable where one isn't at this number."""
    wanted = {name for reply in replies if (name := _named(reply))}
    brought = await rows(connection, _FIND, {"ids": list(wanted), "number": number})
    files = {row.id: _file(row.media_id, row.mime, row.filename) for row in brought}
    if wanted - files.keys():
        raise Unsendable("a file that the desk doesn't have")
    return tuple(
        replace(reply, file=files[name], image_url=None, document_url=None)
        if (name := _named(reply))
        else reply
        for reply in replies
    )


def _named(reply: Reply) -> str | None:
    link = reply.image_url or reply.document_url or ""
    return link.removeprefix(_BROUGHT) if link.startswith(_BROUGHT) else None


def _file(media_id: str, mime: str, filename: str) -> ChannelFile:
    taken = media_types.kind_to_send(mime)
    return ChannelFile(media_id, taken[0] if taken else MessageKind.DOCUMENT, mime, filename)


_FIND = """
SELECT id, media_id, mime, filename FROM uploads
WHERE id = ANY(%(ids)s) AND number = %(number)s AND media_id IS NOT NULL AND agent_id IS NULL
"""
