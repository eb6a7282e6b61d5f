"""An agent's reply: composed, its file handed to the channel, and owed to the contact once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sla_service import clock
from sla_service.console.templates import ChannelSilent, Templates, Wanted
from sla_service.conversations import media, replying, uploads
from sla_service.conversations.media_store import MediaStore
from sla_service.conversations.media_tables import Upload
from sla_service.conversations.replying import Speaker
from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, Database, driver, rows
from sla_service.errors import DomainError
from sla_service.handoff import holding
from sla_service.handoff.holding import ConversationNotFound, Held
from sla_service.handoff.ownership import AlreadyHeld
from sla_service.settings import Settings
from sla_service.tickets import handling, promises
from sla_service.tickets.tables import TicketStatus
from sla_service.web.principals import Principal
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.compose import Composed, compose, of_file
from sla_service.whatsapp.failures import Failure, FailureClass
from sla_service.whatsapp.values import Reply


class NothingToSay(DomainError):
    """There is nothing to send in this."""

    status = 422


class NotHeld(DomainError):
    """No person holds this conversation: take it before you answer."""

    status = 409


class FileRefused(DomainError):
    """WhatsApp does not take this file."""

    status = 422


@dataclass(frozen=True, slots=True)
class Say:
    """What an agent wants to say."""

    text: str = ""
    upload: str | None = None
    template: Wanted | None = None
    canned: int | None = None
    """The ready answer it began as."""


@dataclass(frozen=True, slots=True)
class Replies:
    """Takes replies. No transaction is open while the channel is asked."""

    database: Database
    graph: GraphClient
    templates: Templates
    settings: Settings

    @property
    def store(self) -> MediaStore:
        """Where files lie."""
        return MediaStore(self.settings.media.folder)

    async def say(self, who: Principal, conversation_id: int, key: str, wanted: Say) -> int:
        """Owe the contact a reply; returns the first message's id. Under the same key: the same.

        Raises ConversationNotFound, NotHeld, AlreadyHeld, WindowClosed, NothingToSay, and what
        templates and uploads raise.
        """
        speaker = Speaker(who.id or 0, key)
        number, known = await self._look(conversation_id, speaker)
        if known is not None:
            return known
        upload = None
        if wanted.upload is not None:
            upload = await self._handed_over(wanted.upload, number, speaker.agent_id)
        messages = await self._composed(wanted, upload)
        async with self.database.transaction() as session:
            connection = await driver(session)
            held = await holding.hold(connection, conversation_id)
            known = await replying.said_before(connection, conversation_id, speaker)
            if known is not None:
                return known
            _check_holder(held, speaker.agent_id)
            if held.status is TicketStatus.PENDING:
                await handling.put_status(session, who, held.number, TicketStatus.OPEN)
                await session.flush()
            return await self._owe(connection, held, speaker, messages, upload)

    async def _look(self, conversation_id: int, speaker: Speaker) -> tuple[str, int | None]:
        """The business number, and the message if this is a retry; who can't speak is told now."""
        async with self.database.connection() as connection:
            found = await rows(connection, _LOOK, {"id": conversation_id})
            if not found:
                raise ConversationNotFound(conversation=conversation_id)
            known = await replying.said_before(connection, conversation_id, speaker)
        return found[0].phone_number_id, known

    async def _handed_over(self, upload_id: str, number: str, agent_id: int) -> Upload:
        """An upload that the channel has. Raises NoSuchUpload, ChannelSilent, FileRefused."""
        at = clock.now()
        async with self.database.transaction() as session:
            upload = await uploads.one(session, upload_id, agent_id, at)
        if uploads.is_at_channel(upload, number, at):
            return upload
        path = self.store.path(upload.sha256)
        try:
            media_id = await self.graph.hand_file(number, path, upload.filename, upload.mime)
        except Failure as failure:
            if failure.kind is FailureClass.PERMANENT:
                raise FileRefused(code=failure.code) from failure
            raise ChannelSilent(code=failure.code) from failure
        async with self.database.transaction() as session:
            upload = await uploads.one(session, upload_id, agent_id, at)
            upload.number, upload.media_id, upload.handed_at = number, media_id, at
        return upload

    async def _composed(self, wanted: Say, upload: Upload | None) -> list[Composed]:
        text = wanted.text.strip()
        if wanted.template is not None:
            return [await self.templates.composed(wanted.template)]
        messages: list[Composed] = []
        if upload is not None:
            file = of_file(uploads.at_channel(upload), text)
            messages.append(file)
            text = "" if file.text else text
        messages += compose([Reply(text)], list_label="") if text else []
        if not messages:
            raise NothingToSay
        if wanted.canned is not None:
            messages[0] = replace(
                messages[0], content={**messages[0].content, "canned": wanted.canned}
            )
        return messages

    async def _owe(
        self,
        connection: Connection,
        held: Held,
        speaker: Speaker,
        messages: Sequence[Composed],
        upload: Upload | None,
    ) -> int:
        ids = await replying.reply(
            connection,
            held.conversation_id,
            speaker,
            messages,
            owner_fence=held.fence,
            ticket_id=held.ticket_id,
            window=self.settings.whatsapp.window,
            at=held.at,
        )
        if upload is not None:
            await media.attach(
                connection,
                ids[0],
                sha256=upload.sha256,
                size=upload.size,
                mime=upload.mime,
                filename=upload.filename,
            )
        await promises.agent_answered(connection, held.ticket_id)
        return ids[0]


def _check_holder(held: Held, agent_id: int) -> None:
    if held.owner is not Owner.AGENT:
        raise NotHeld(owner=held.owner.value)
    if held.agent_id != agent_id:
        raise AlreadyHeld(held_by={"id": held.agent_id, "name": held.agent_name})


_LOOK = "SELECT phone_number_id FROM conversations WHERE id = %(id)s"
