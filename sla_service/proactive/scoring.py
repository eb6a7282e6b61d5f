"""The score of a purchase, pressed in the conversation that asked for it; it opens no ticket."""

from dataclasses import dataclass

from sla_service.conversations import outbox
from sla_service.conversations.contacts import Thread
from sla_service.conversations.tables import Author, Owner
from sla_service.conversations.wording import Wording
from sla_service.database.sessions import Connection, rows
from sla_service.proactive import saying
from sla_service.tickets.scores import LOW
from sla_service.whatsapp.compose import compose
from sla_service.whatsapp.values import InboundMessage, Option, Reply


@dataclass(frozen=True, slots=True)
class PurchaseScores:
    """Hears scores of purchases before the bot does."""

    wording: Wording

    async def take(self, connection: Connection, thread: Thread, message: InboundMessage) -> bool:
        """Keep a score, the latest counts; False: the message is none.

        Thanks are owed to the shopper, unless a person talks with them. The caller holds the
        conversation.
        """
        pressed = saying.pressed(message.payload)
        if pressed is None:
            return False
        notice_id, score = pressed
        values = {"id": notice_id, "conversation": thread.conversation_id, "score": score}
        found = await rows(connection, _RATE, values)
        if found and found[0].is_news and thread.owner is Owner.BOT:
            row = found[0]
            await outbox.say(
                connection,
                conversation_id=thread.conversation_id,
                ticket_id=None,
                turn_id=None,
                author=Author.DESK,
                owner_fence=row.owner_fence,
                messages=compose([self._thanks(row.language, score)], list_label=""),
                at=row.at,
            )
        return True

    def _thanks(self, language: str | None, score: int) -> Reply:
        if score > LOW:
            return Reply(self.wording.say(saying.RATED, language))
        talk = Option(self.wording.say(saying.TALK, language), saying.WANTS_PERSON)
        return Reply(self.wording.say(saying.RATED_LOW, language), (talk,))


_RATE = """
WITH found AS (
  SELECT n.id, n.score IS DISTINCT FROM %(score)s AS is_news, c.language, c.owner_fence
  FROM order_notices n JOIN conversations c ON c.id = n.conversation_id
  WHERE n.id = %(id)s AND n.conversation_id = %(conversation)s
    AND n.kind = 'how_was_it' AND n.told_at IS NOT NULL
), kept AS (
  UPDATE order_notices n SET score = %(score)s, rated_at = COALESCE(n.rated_at, now())
  FROM found f WHERE n.id = f.id AND f.is_news
)
SELECT *, clock_timestamp() AS at FROM found
"""
