"""One message a contact sent: its contact, thread and ticket found or made, all together."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from sla_service.conversations import contacts, lanes, media, recordings
from sla_service.conversations.contacts import Thread
from sla_service.conversations.lanes import Patience
from sla_service.conversations.tables import Owner
from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.dialogue.opting import OptingDesk
from sla_service.handoff.reception import Reception
from sla_service.privacy.forgotten import Forgotten
from sla_service.proactive import threads
from sla_service.proactive.scoring import PurchaseScores
from sla_service.settings import TicketSettings
from sla_service.tickets import lifecycle
from sla_service.tickets.lifecycle import Latest
from sla_service.tickets.rating_answers import RatingDesk
from sla_service.whatsapp import reading
from sla_service.whatsapp.values import InboundMessage, MessageKind

_ABOUT_OTHERS = (MessageKind.REACTION, MessageKind.EDIT, MessageKind.REVOKE)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Knows the shop's rules for bursts and tickets, and what the desk hears before the bot does:

    keywords, ratings, and words that call for people.
    """

    patience: Patience
    tickets: TicketSettings
    ratings: RatingDesk
    reception: Reception
    opting: OptingDesk
    forgotten: Forgotten
    purchases: PurchaseScores

    async def receive(
        self, connection: Connection, content: dict[str, Any], received_at: datetime
    ) -> bool:
        """Put one message where it belongs; False: it was erased, and comes again.

        Raises UnreadableUpdate.
        """
        message = reading.message(content)
        if message.group is not None:  # groups are kept in the delivery and not answered
            return not await self.forgotten.has(connection, message.wamid)
        if message.kind in _ABOUT_OTHERS:
            is_noted = await _note_on_target(connection, message)
            return is_noted or not await self.forgotten.has(connection, message.wamid)
        if message.kind is MessageKind.SYSTEM:
            change = reading.identity_change(content)
            if change is not None:
                await contacts.rename(connection, change)
            return not await self.forgotten.has(connection, message.wamid)
        thread = await contacts.thread_with(
            connection, message.sender, message.phone_number_id, adopt=threads.adopt
        )
        if await self.forgotten.is_of(connection, thread, message.sender, message.wamid):
            return False
        await self._take(connection, thread, message, received_at)
        return True

    async def _take(
        self, connection: Connection, thread: Thread, message: InboundMessage, received_at: datetime
    ) -> None:
        latest = await lifecycle.latest(connection, thread.conversation_id)
        opted = await self.opting.heard(connection, thread, message)
        if opted is not None:
            about = latest.id if latest is not None else None
            await self._keep(connection, thread, about, message, is_waiting=False)
            await self.opting.obey(connection, thread, message, opted, about)
            await lanes.owed(connection, thread.conversation_id)
            return
        if await self.purchases.take(connection, thread, message):
            about = latest.id if latest is not None else None
            await self._keep(connection, thread, about, message, is_waiting=False)
            return
        rated = await self._rated(connection, thread, latest, message)
        ticket_id = rated or await lifecycle.thread(
            connection,
            thread.conversation_id,
            thread.owner,
            latest,
            subject=message.text,
            at=message.sent_at,
            received_at=received_at,
            settings=self.tickets,
        )
        is_for_bot = thread.owner is Owner.BOT and rated is None
        await self._keep(connection, thread, ticket_id, message, is_waiting=is_for_bot)
        if message.media is not None:
            await media.owe(connection, message.wamid, message.media)
            if message.kind is MessageKind.AUDIO and not is_for_bot:
                found = await rows(connection, _OF_WAMID, {"wamid": message.wamid})
                await recordings.owe_words(connection, [row.id for row in found])
        if rated is None and message.payload is None:
            await self.reception.listen(
                connection, thread.conversation_id, message.text, thread.owner
            )

    async def _rated(
        self, connection: Connection, thread: Thread, latest: Latest | None, message: InboundMessage
    ) -> int | None:
        """The ticket that a message rates; what calls for people is no comment on their work."""
        is_open = latest is not None and latest.is_rating_open
        if is_open and message.payload is None and self.reception.triggers.find(message.text):
            return None
        return await self.ratings.take(connection, thread, latest, message)

    async def _keep(
        self,
        connection: Connection,
        thread: Thread,
        ticket_id: int | None,
        message: InboundMessage,
        *,
        is_waiting: bool,
    ) -> None:
        """Keep a message in its thread, and call for a worker."""
        content = dict(message.details)
        if message.media is not None:
            content["media"] = asdict(message.media)
        if message.payload is not None:
            content["payload"] = message.payload
        if message.quoted is not None:
            content["quoted"] = message.quoted
        await rows(
            connection,
            _KEEP,
            {
                **lanes.when(thread.conversation_id, self.patience),
                "ticket": ticket_id,
                "kind": message.kind.value,
                "wamid": message.wamid,
                "text": message.text,
                "content": Jsonb(content),
                "said_at": message.sent_at,
                "is_waiting": is_waiting,
            },
        )


async def _note_on_target(connection: Connection, message: InboundMessage) -> bool:
    """A reaction, an edit or a deletion changes the message it is about; no ticket, no turn.

    What was edited before a turn took the message up is heard as it reads now. Returns whether
    that message is there.
    """
    what = {
        MessageKind.REACTION: {"reaction": message.text or None},
        MessageKind.EDIT: {"edited": message.text},
        MessageKind.REVOKE: {},
    }[message.kind]
    revoked_at = message.sent_at if message.kind is MessageKind.REVOKE else None
    is_reworded = message.kind is MessageKind.EDIT and bool(message.text.strip())
    values = {
        "wamid": message.target,
        "what": Jsonb(what),
        "unheard": Jsonb({"heard_as": message.text} if is_reworded else {}),
        "revoked_at": revoked_at,
    }
    noted = await rows(connection, _NOTE, values)
    for row in noted:
        await tell_by(connection, Channel.LIVE, str(row.conversation_id))
    return bool(noted)


_KEEP = f"""
WITH kept AS (
  INSERT INTO messages (conversation_id, ticket_id, author, kind, wamid, text, content, said_at,
                        is_waiting)
  VALUES (%(id)s, %(ticket)s, 'contact', %(kind)s, %(wamid)s, %(text)s, %(content)s, %(said_at)s,
          %(is_waiting)s)
  ON CONFLICT (wamid) DO NOTHING
  RETURNING kind, created_at, is_waiting
), {lanes.HEARD}
"""  # noqa: S608 - our own words

_OF_WAMID = "SELECT id FROM messages WHERE wamid = %(wamid)s AND NOT is_waiting"

_NOTE = """
UPDATE messages
SET content = content || %(what)s
      || CASE WHEN is_waiting AND turn_id IS NULL AND kind = 'text' THEN %(unheard)s ELSE '{}' END,
    revoked_at = COALESCE(%(revoked_at)s, revoked_at)
WHERE wamid = %(wamid)s RETURNING conversation_id
"""
