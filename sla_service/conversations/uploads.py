"""Files that agents and the bot attach: brought to the desk, and to the channel when sent."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations import media_types
from sla_service.conversations.media_store import Kept, MediaStore, TooLarge
from sla_service.conversations.media_tables import Upload
from sla_service.errors import DomainError, NotFound
from sla_service.whatsapp.values import ChannelFile, MessageKind

_GOOD_AT_CHANNEL = timedelta(days=25)  # the channel keeps it for 30
_GOOD = timedelta(days=7)  # that a file may wait to be sent


class NoSuchUpload(NotFound):
    """There is no such upload of yours, or it is too old."""


class FileTooLarge(DomainError):
    """This file is larger than the channel takes."""

    status = 413


class FileNotTaken(DomainError):
    """The channel takes no files of this type."""

    status = 415


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that is in the store, and what it may be sent as."""

    kept: Kept
    mime: str
    kind: MessageKind
    filename: str


async def bring(
    store: MediaStore,
    pieces: AsyncIterator[bytes],
    *,
    filename: str,
    declared: str | None,
    most: int,
) -> Brought:
    """Put a file into the store. Raises FileTooLarge, FileNotTaken."""
    try:
        kept = await store.keep(pieces, most)
    except TooLarge as error:
        raise FileTooLarge(most=most) from error
    mime = media_types.type_to_send(declared, kept.head)
    taken = media_types.kind_to_send(mime)
    if taken is None or not kept.size:
        raise FileNotTaken(mime=mime)
    kind, limit = taken
    if kept.size > limit:
        raise FileTooLarge(most=limit)
    return Brought(kept, mime, kind, media_types.clean_name(filename, "arquivo"))


async def add(session: AsyncSession, agent_id: int | None, brought: Brought) -> Upload:
    """Remember a file that was brought, by the bot where there is no agent."""
    upload = Upload(
        id=secrets.token_urlsafe(16),
        agent_id=agent_id,
        filename=brought.filename,
        mime=brought.mime,
        size=brought.kept.size,
        sha256=brought.kept.sha256,
    )
    session.add(upload)
    await session.flush()
    return upload


async def one(session: AsyncSession, upload_id: str, agent_id: int, at: datetime) -> Upload:
    """An agent's own file. Raises NoSuchUpload."""
    query = select(Upload).where(
        Upload.id == upload_id, Upload.agent_id == agent_id, Upload.created_at > at - _GOOD
    )
    found: Upload | None = await session.scalar(query)
    if found is None:
        raise NoSuchUpload(upload=upload_id)
    return found


def at_channel(upload: Upload) -> ChannelFile:
    """A file as a message names it, once the channel has it."""
    taken = media_types.kind_to_send(upload.mime)
    kind = taken[0] if taken else MessageKind.DOCUMENT
    return ChannelFile(str(upload.media_id), kind, upload.mime, upload.filename)


def is_at_channel(upload: Upload, number: str, at: datetime) -> bool:
    """Whether the channel has it, for messages of this business number."""
    handed_at = upload.handed_at
    return upload.number == number and handed_at is not None and handed_at > at - _GOOD_AT_CHANNEL
