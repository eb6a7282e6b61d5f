"""Voice messages are written down before the bot hears them, where somebody can do that."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Self

import structlog
from psycopg.types.json import Jsonb

from sla_service.conversations.media_store import MediaStore
from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, Database, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.dialogue import transcribing
from sla_service.dialogue.hearing import Unheard
from sla_service.dialogue.transcribing import Recording, Transcriber, Transcript
from sla_service.dialogue.turns import OpenTurn
from sla_service.handoff.reception import Reception
from sla_service.settings import Settings, VoiceSettings
from sla_service.tickets import lifecycle
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.failures import Failure

_log = structlog.get_logger()
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Voices:
    """A worker's ear for recordings. No transaction is open while it listens."""

    database: Database
    graph: GraphClient
    store: MediaStore
    settings: VoiceSettings
    reception: Reception
    transcriber: Transcriber | None

    @classmethod
    def of(
        cls, database: Database, graph: GraphClient, settings: Settings, reception: Reception
    ) -> Self:
        """With the transcriber that the settings name."""
        return cls(
            database,
            graph,
            MediaStore(settings.media.folder),
            settings.voice,
            reception,
            transcribing.of(settings.voice),
        )

    async def write_down(self, turn: OpenTurn) -> bool:
        """Keep what was said in the turn's recordings; returns whether anything was.

        It takes so long at most, and it is tried once: what nobody could write down stays a file.
        Words in it that call for people do so.
        """
        unheard = turn.heard.unheard[: self.settings.at_once]
        if self.transcriber is None or not unheard or turn.attempts:
            return False
        by = self.transcriber
        told = await asyncio.gather(*(self._in_time(by, one, turn.who.language) for one in unheard))
        said = [(one, words) for one, words in zip(unheard, told, strict=True) if words]
        if said:
            where = _Where(turn.conversation_id, turn.ticket_id, Owner.BOT)
            async with self.database.step() as connection:
                for one, words in said:
                    await self._keep(connection, where, one, words)
        return bool(said)

    async def write_down_for_people(self, *, message: int) -> None:
        """Keep what was said in a recording that the bot doesn't hear, for whoever reads it.

        Tried once, too. Who has the conversation by then sees what can't wait.
        """
        if self.transcriber is None:
            return
        async with self.database.connection() as connection:
            found = await rows(connection, _UNREAD, {"message": message})
        if not found:
            return
        row = found[0]
        one = Unheard(message, row.media_id, row.mime)
        words = await self._in_time(self.transcriber, one, row.language)
        if words is None:
            return
        where = _Where(row.conversation_id, row.ticket_id, Owner(row.owner))
        async with self.database.step() as connection:
            await self._keep(connection, where, one, words)

    async def _in_time(
        self, by: Transcriber, one: Unheard, language: str | None
    ) -> Transcript | None:
        try:
            async with asyncio.timeout(self.settings.timeout.total_seconds()):
                return await self._told(by, one, language)
        except TimeoutError:
            _log.warning("not_transcribed", message=one.message_id, why="too slow")
            return None

    async def _told(self, by: Transcriber, one: Unheard, language: str | None) -> Transcript | None:
        try:
            content = await self._content(one)
        except (Failure, OSError) as error:
            _log.warning("not_transcribed", message=one.message_id, why=type(error).__name__)
            return None
        if content is None:
            _log.info("not_transcribed", message=one.message_id, why="too large")
            return None
        return await by.transcribe(Recording(content, one.mime or _UNKNOWN, language))

    async def _content(self, one: Unheard) -> bytes | None:
        """What was sent: from the store, else from the channel; None when it is too large."""
        async with self.database.connection() as connection:
            found = await rows(connection, _STORED, {"message": one.message_id})
        if found:
            if found[0].size > self.settings.largest:
                return None
            return await asyncio.to_thread(self.store.path(found[0].sha256).read_bytes)
        content = b""
        async for piece in self.graph.fetch_file(await self.graph.find_file(one.media_id)):
            content += piece
            if len(content) > self.settings.largest:
                return None
        return content

    async def _keep(
        self, connection: Connection, where: "_Where", one: Unheard, words: Transcript
    ) -> None:
        """Keep the words with their message; those that nobody is sure of are for people alone."""
        sure = 1.0 if words.confidence is None else words.confidence
        is_heard = sure >= self.settings.least_confidence
        transcript = Jsonb({**asdict(words), "is_heard": is_heard})
        values = {"message": one.message_id, "transcript": transcript}
        if not await rows(connection, _KEEP, values):
            return  # taken back or erased meanwhile
        await tell_by(connection, Channel.LIVE, str(where.conversation_id))
        if not is_heard:
            return
        if where.ticket_id is not None:
            await lifecycle.entitle(connection, where.ticket_id, words.text)
        await self.reception.listen(connection, where.conversation_id, words.text, where.owner)


@dataclass(frozen=True, slots=True)
class _Where:
    """Where something was said, and who had the conversation then."""

    conversation_id: int
    ticket_id: int | None
    owner: Owner


_UNREAD = """
SELECT m.conversation_id, m.ticket_id, c.owner, c.language,
       m.content -> 'media' ->> 'id' AS media_id, m.content -> 'media' ->> 'mime_type' AS mime
FROM messages m JOIN conversations c ON c.id = m.conversation_id
WHERE m.id = %(message)s AND m.turn_id IS NULL AND NOT m.is_waiting AND m.revoked_at IS NULL
  AND NOT m.content ?| ARRAY['transcript', 'erased'] AND m.content -> 'media' ->> 'id' IS NOT NULL
"""


_STORED = """
SELECT sha256, size FROM media_files WHERE message_id = %(message)s AND sha256 IS NOT NULL
"""

_KEEP = """
UPDATE messages SET content = content || jsonb_build_object('transcript', %(transcript)s::jsonb)
WHERE id = %(message)s AND revoked_at IS NULL AND NOT content ? 'erased' RETURNING id
"""
