"""Fetches the files of messages from the channel, until each is here or can't be had."""

import asyncio
import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta

import structlog

from sla_service.conversations import media
from sla_service.conversations.media import Wanted
from sla_service.conversations.media_store import Kept, MediaStore, TooLarge
from sla_service.database.sessions import Database
from sla_service.settings import Settings
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.failures import Failure, FailureClass

_log = structlog.get_logger()
_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(hours=1)
_UNTIL_ROOM = timedelta(seconds=15)


class Damaged(Exception):
    """What came is not the file that was announced."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """A worker's hand for files. No transaction is open while one is on its way."""

    database: Database
    graph: GraphClient
    settings: Settings

    @property
    def store(self) -> MediaStore:
        """Where files go."""
        return MediaStore(self.settings.media.folder)

    async def once(self) -> int:
        """Fetch what is due, as many side by side as the settings say; returns how many."""
        lease = 2 * self.settings.whatsapp.file_timeout
        async with self.database.step() as connection:
            wanted = await media.claim(connection, limit=self.settings.media.at_once, lease=lease)
        await asyncio.gather(*map(self._fetch, wanted))
        return len(wanted)

    async def _fetch(self, wanted: Wanted) -> None:
        try:
            kept = await self._kept(wanted)
        except TooLarge:
            await self._give_up(wanted, "too large")
        except Failure as failure:
            if failure.kind is FailureClass.PERMANENT:
                await self._give_up(wanted, failure.detail)
            else:
                await self._try_again(wanted, failure.detail)
        except Damaged:
            await self._try_again(wanted, "damaged")
        except OSError as error:
            await self._wait_for_room(wanted, error)
        else:
            async with self.database.step() as connection:
                is_wanted = await media.keep(connection, wanted, kept)
                if not is_wanted and not await media.is_used(connection, kept.sha256):
                    self.store.drop(kept.sha256)

    async def _kept(self, wanted: Wanted) -> Kept:
        address = await self.graph.find_file(wanted.media_id)
        pieces = self.graph.fetch_file(address)
        kept = await self.store.keep(pieces, self.settings.media.largest)
        if address.sha256 and kept.sha256 != _hexadecimal(address.sha256):
            raise Damaged
        return kept

    async def _try_again(self, wanted: Wanted, why: str) -> None:
        if wanted.attempts >= self.settings.media.attempts:
            await self._give_up(wanted, why)
            return
        delay = min(_FIRST_PAUSE * 2 ** (wanted.attempts - 1), _LONGEST_PAUSE)
        async with self.database.step() as connection:
            await media.put_off(connection, wanted, delay, why)

    async def _wait_for_room(self, wanted: Wanted, error: OSError) -> None:
        """The disk is full, or not there: no fault of the file's, which is tried for ever."""
        _log.error("file_not_kept", message=wanted.message_id, error=type(error).__name__)
        async with self.database.step() as connection:
            why = f"no room: {error.strerror}"
            await media.put_off(connection, wanted, _UNTIL_ROOM, why, is_counted=False)

    async def _give_up(self, wanted: Wanted, why: str) -> None:
        _log.warning("file_given_up", message=wanted.message_id, attempts=wanted.attempts, why=why)
        async with self.database.step() as connection:
            await media.give_up(connection, wanted, why)


def _hexadecimal(digest: str) -> str:
    """A hash as hexadecimal digits; webhooks tell it as base64, the files' own endpoint doesn't."""
    if len(digest) == 64:
        return digest.lower()
    try:
        return base64.b64decode(digest, validate=True).hex()
    except binascii.Error:
        return digest
