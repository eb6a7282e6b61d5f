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
        told = await asyncio.gather(*(self._in_time(by, one, turn) for one in unheard))
        said = [(one, words) for one, words in zip(unheard, told, strict=True) if words]
        if said:
            async with self.database.step() as connection:
                for one, words in said:
                    await self._keep(connection, turn, one, words)
        return bool(said)

    async def _in_time(self, by: Transcriber, one: Unheard, turn: OpenTurn) -> Transcript | None:
        try:
            async with asyncio.timeout(self.settings.timeout.total_seconds()):
                return await self._told(by, one, turn)
        except TimeoutError:
            _log.warning("not_transcribed", message=one.message_id, why="too slow")
            return None

    async def _told(self, by: Transcriber, one: Unheard, turn: OpenTurn) -> Transcript | None:
        try:
            content = await self._content(one)
        except (Failure, OSError) as error:
            _log.warning("not_transcribed", message=one.message_id, why=type(error).__name__)
            return None
        if content is None:
            _log.info("not_transcribed", message=one.message_id, why="too large")
            return None
        recording = Recording(content, one.mime or _UNKNOWN, turn.who.language)
        return await by.transcribe(recording)

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
        self, connection: Connection, turn: OpenTurn, one: Unheard, words: Transcript
    ) -> None:
        """Keep the words with their message; those that nobody is sure of are for people alone."""
        sure = 1.0 if words.confidence is None else words.confidence
        is_heard = sure >= self.settings.least_confidence
        transcript = Jsonb({**asdict(words), "is_heard": is_heard})
        values = {"message": one.message_id, "transcript": transcript}
        if not await rows(connection, _KEEP, values):
            return  # taken back or erased meanwhile
        await tell_by(connection, Channel.LIVE, str(turn.conversation_id))
        if not is_heard:
            return
        if turn.ticket_id is not None:
            await lifecycle.entitle(connection, turn.ticket_id, words.text)
        await self.reception.listen(connection, turn.conversation_id, words.text, Owner.BOT)


_STORED = """
SELECT sha256, size FROM media_files WHERE message_id = %(message)s AND sha256 IS NOT NULL
"""

_KEEP = """
UPDATE messages SET content = content || jsonb_build_object('transcript', %(transcript)s::jsonb)
WHERE id = %(message)s AND revoked_at IS NULL AND NOT content ? 'erased' RETURNING id
"""
