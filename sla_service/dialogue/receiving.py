"""One message a contact sent: its contact, thread and ticket found or made, all together."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations import contacts, lanes
from sla_service.conversations.lanes import Patience
from sla_service.conversations.tables import Author, Conversation, Message, Owner
from sla_service.database.wake import Channel, tell
from sla_service.settings import TicketSettings
from sla_service.tickets import lifecycle
from sla_service.whatsapp import reading
from sla_service.whatsapp.values import InboundMessage, MessageKind

_ABOUT_OTHERS = (MessageKind.REACTION, MessageKind.EDIT, MessageKind.REVOKE)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Knows the shop's rules for bursts and tickets."""

    patience: Patience
    tickets: TicketSettings

    async def receive(self, session: AsyncSession, content: dict[str, Any]) -> None:
        """Put one message where it belongs. Raises UnreadableUpdate."""
        message = reading.message(content)
        if message.group is not None:
            return  # groups are kept in the delivery and not answered
        if message.kind in _ABOUT_OTHERS:
            await _note_on_target(session, message)
            return
        if message.kind is MessageKind.SYSTEM:
            change = reading.identity_change(content)
            if change is not None:
                await contacts.rename(session, change)
            return
        _, conversation = await contacts.conversation_with(
            session, message.sender, message.phone_number_id, adopt=lifecycle.adopt
        )
        ticket = await lifecycle.thread(
            session,
            conversation,
            subject=message.text,
            at=message.sent_at,
            settings=self.tickets,
        )
        await session.flush()
        await _keep(session, conversation, ticket.id, message)
        await lanes.schedule(session, conversation.id, self.patience)
        await tell(session, Channel.LANES)
        await tell(session, Channel.LIVE, str(conversation.id))


async def _keep(
    session: AsyncSession, conversation: Conversation, ticket_id: int, message: InboundMessage
) -> None:
    content = dict(message.details)
    if message.media is not None:
        content["media"] = asdict(message.media)
    if message.payload is not None:
        content["payload"] = message.payload
    if message.quoted is not None:
        content["quoted"] = message.quoted
    await session.execute(
        insert(Message)
        .values(
            conversation_id=conversation.id,
            ticket_id=ticket_id,
            author=Author.CONTACT,
            kind=message.kind,
            wamid=message.wamid,
            text=message.text,
            content=content,
            said_at=message.sent_at,
            is_waiting=conversation.owner is Owner.BOT,
        )
        .on_conflict_do_nothing(index_elements=["wamid"])
    )
    known: list[datetime | None] = [conversation.last_inbound_at, message.sent_at]
    conversation.last_inbound_at = max(at for at in known if at is not None)
    conversation.last_message_at = conversation.last_inbound_at
    await session.flush()


async def _note_on_target(session: AsyncSession, message: InboundMessage) -> None:
    """A reaction, an edit or a deletion changes the message it is about; no ticket, no turn."""
    what = {
        MessageKind.REACTION: {"reaction": message.text or None},
        MessageKind.EDIT: {"edited": message.text},
        MessageKind.REVOKE: {},
    }[message.kind]
    revoked_at = message.sent_at if message.kind is MessageKind.REVOKE else None
    rows = await session.execute(
        _NOTE, {"wamid": message.target, "what": what, "revoked_at": revoked_at}
    )
    for row in rows:
        await tell(session, Channel.LIVE, str(row.conversation_id))


_NOTE = text("""
UPDATE messages SET content = content || :what, revoked_at = COALESCE(:revoked_at, revoked_at)
WHERE wamid = :wamid RETURNING conversation_id
""").bindparams(bindparam("what", type_=JSONB))
