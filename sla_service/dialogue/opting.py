"""SAIR and VOLTAR: the desk obeys at once, in any state, and says so in one message."""

from dataclasses import dataclass

from sla_service.conversations import consent, outbox
from sla_service.conversations.consent import OPTIONAL, Purpose, Words
from sla_service.conversations.contacts import Thread
from sla_service.conversations.tables import Author
from sla_service.conversations.wording import Wording
from sla_service.database.sessions import Connection, rows
from sla_service.dialogue.keywords import Keywords, Wish
from sla_service.whatsapp.compose import compose
from sla_service.whatsapp.values import InboundMessage, MessageKind, Reply

OPTED_OUT = "utter_desk_opted_out"
OPTED_OUT_BEFORE = "utter_desk_opted_out_before"
OPTED_IN = "utter_desk_opted_in"
WELCOME = (Purpose.PROACTIVE, Purpose.RATING)
"""What a yes to messages is a yes to; marketing is asked about by its name."""
_SPOKEN = (MessageKind.TEXT, MessageKind.CHOICE)


@dataclass(frozen=True, slots=True)
class Opted:
    """A wish, and the language it was said in."""

    is_out: bool
    language: str


@dataclass(frozen=True, slots=True)
class OptingDesk:
    """Hears keywords before anybody else does."""

    wording: Wording
    keywords: Keywords

    async def heard(
        self, connection: Connection, thread: Thread, message: InboundMessage
    ) -> Opted | None:
        """The wish that a message is; None: it is for somebody else."""
        if message.kind not in _SPOKEN or (message.payload or "").startswith("/"):
            return None
        found = self.keywords.find(message.text)
        if found is None:
            return None
        if found.wish is Wish.IN_AGAIN and not await _is_out(connection, thread.contact_id):
            return None
        return Opted(found.wish is Wish.OUT, found.language)

    async def obey(
        self,
        connection: Connection,
        thread: Thread,
        message: InboundMessage,
        opted: Opted,
        ticket_id: int | None,
    ) -> None:
        """Write the wish down and confirm it. The caller holds the conversation."""
        row = (await rows(connection, _LOOK, _values(thread, message)))[0]
        language = row.language or opted.language
        purposes = OPTIONAL if opted.is_out else WELCOME
        said = Words.of(message.text.strip())
        if not opted.is_out:
            said = Words.of(self.wording.say(OPTED_IN, language))
        changed = await consent.record(
            connection,
            thread.contact_id,
            purposes,
            granted=not opted.is_out,
            wording=said,
            language=language,
            cause="keyword",
            message_id=row.message_id,
        )
        name = OPTED_IN
        if opted.is_out:
            name = OPTED_OUT if changed else OPTED_OUT_BEFORE
        await outbox.say(
            connection,
            conversation_id=thread.conversation_id,
            ticket_id=ticket_id,
            turn_id=None,
            author=Author.DESK,
            owner_fence=row.owner_fence,
            messages=compose([Reply(self.wording.say(name, language))], list_label=""),
            at=row.at,
        )


async def _is_out(connection: Connection, contact_id: int) -> bool:
    """Whether the last word about what they need not get was a no."""
    return bool(await rows(connection, _IS_OUT, {"contact": contact_id}))


def _values(thread: Thread, message: InboundMessage) -> dict[str, object]:
    return {"conversation": thread.conversation_id, "wamid": message.wamid}


_LOOK = """
SELECT c.language, c.owner_fence, clock_timestamp() AS at,
       (SELECT id FROM messages WHERE wamid = %(wamid)s) AS message_id
FROM conversations c WHERE c.id = %(conversation)s
"""

_IS_OUT = """
SELECT 1 AS said FROM (
  SELECT is_granted FROM consents
  WHERE contact_id = %(contact)s AND purpose = 'proactive' ORDER BY id DESC LIMIT 1
) last WHERE NOT is_granted
"""
