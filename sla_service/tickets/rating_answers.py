"""A score that is chosen or written, and what the contact says about it; neither opens a ticket."""

from dataclasses import dataclass
from typing import Any

from sla_service.conversations import outbox
from sla_service.conversations.contacts import Thread
from sla_service.conversations.tables import Author, Owner
from sla_service.conversations.wording import Wording
from sla_service.database.sessions import Connection, rows
from sla_service.settings import RatingSettings
from sla_service.tickets import scores
from sla_service.tickets.lifecycle import Latest
from sla_service.tickets.scores import LOW, Pressed
from sla_service.whatsapp.compose import compose
from sla_service.whatsapp.values import InboundMessage, MessageKind, Option, Reply

RATED = "utter_desk_rated"
RATED_LOW = "utter_desk_rated_low"
RATED_LATER = "utter_desk_rated_later"
TALK = "utter_desk_rated_talk"
COMMENTED = "utter_desk_commented"
_WANTS_PERSON = "/talk_to_human"


@dataclass(frozen=True, slots=True)
class RatingDesk:
    """Hears how it went before the bot does."""

    settings: RatingSettings
    wording: Wording

    async def take(
        self, connection: Connection, thread: Thread, latest: Latest | None, message: InboundMessage
    ) -> int | None:
        """The id of the ticket that a message rates, which it leaves as it is.

        None: it is no rating. Thanks are owed to the contact, unless a person talks with them.
        The caller holds the conversation, of which `latest` is the newest ticket.
        """
        if latest is None:
            return None
        if scores.is_rating(message.payload):
            pressed = scores.read(message.payload or "")
            rated = await self._rated(connection, thread, pressed) if pressed else None
            return rated or latest.id
        if not latest.is_rating_open or message.kind is not MessageKind.TEXT:
            return None
        return await self._written(connection, thread, latest, message.text)

    async def _written(
        self, connection: Connection, thread: Thread, latest: Latest, text: str
    ) -> int | None:
        asked = await rows(connection, _ASKED, {"ticket": latest.id})
        if not asked or thread.owner is not Owner.BOT:
            return None
        row = asked[0]
        if row.score is None:
            score = scores.typed(text)
            if score is None:
                return None
            return await self._rated(connection, thread, Pressed(row.number, row.resolution, score))
        if not scores.is_comment(text):
            return None
        values = {"id": row.id, "ticket": latest.id, "comment": text}
        kept = (await rows(connection, _COMMENT, values))[0]
        thanks = Reply(self.wording.say(COMMENTED, kept.language))
        await _thank(connection, thread, latest.id, kept, thanks)
        return latest.id

    async def _rated(self, connection: Connection, thread: Thread, pressed: Pressed) -> int | None:
        """Keep a score; the latest counts. Returns the ticket, None when there is none to rate."""
        values = {
            "conversation": thread.conversation_id,
            "ticket": pressed.ticket,
            "resolution": pressed.resolution,
            "score": pressed.score,
            "within": self.settings.comment_within,
        }
        found = await rows(connection, _RATE, values)
        if not found:
            return None
        row = found[0]
        if row.is_news and thread.owner is Owner.BOT:
            await _thank(connection, thread, row.ticket_id, row, self._thanks(row, pressed.score))
        return int(row.ticket_id)

    def _thanks(self, row: Any, score: int) -> Reply:
        if not row.is_comment_open:
            return Reply(self.wording.say(RATED_LATER, row.language))
        if score > LOW:
            return Reply(self.wording.say(RATED, row.language))
        talk = Option(self.wording.say(TALK, row.language), _WANTS_PERSON)
        return Reply(self.wording.say(RATED_LOW, row.language), (talk,))


async def _thank(
    connection: Connection, thread: Thread, ticket_id: int, row: Any, reply: Reply
) -> None:
    await outbox.say(
        connection,
        conversation_id=thread.conversation_id,
        ticket_id=ticket_id,
        turn_id=None,
        author=Author.DESK,
        owner_fence=row.owner_fence,
        messages=compose([reply], list_label=""),
        at=row.at,
    )


_ASKED = """
SELECT r.id, r.resolution, r.score, t.number
FROM tickets t
JOIN ratings r ON r.ticket_id = t.id AND r.resolution = t.resolutions
WHERE t.id = %(ticket)s AND t.status = 'resolved' AND r.state IN ('asked', 'rated')
"""

# A comment is heard when the matter is still the one that was solved, and nothing was said yet.
_RATE = """
WITH found AS (
  SELECT r.id, r.ticket_id, r.score IS DISTINCT FROM %(score)s AS is_news,
         t.status = 'resolved' AND t.resolutions = r.resolution AND r.comment IS NULL
           AS is_comment_open,
         c.language, c.owner_fence
  FROM ratings r
  JOIN tickets t ON t.id = r.ticket_id
  JOIN conversations c ON c.id = t.conversation_id
  WHERE t.number = %(ticket)s AND t.conversation_id = %(conversation)s
    AND r.resolution = %(resolution)s AND r.state IN ('asked', 'rated')
), kept AS (
  UPDATE ratings r
  SET score = %(score)s, state = 'rated', rated_at = COALESCE(r.rated_at, now())
  FROM found f WHERE r.id = f.id AND f.is_news
), heard AS (
  UPDATE tickets t SET rating_until = now() + %(within)s::interval
  FROM found f WHERE t.id = f.ticket_id AND f.is_news AND f.is_comment_open
)
SELECT *, clock_timestamp() AS at FROM found
"""

_COMMENT = """
WITH kept AS (
  UPDATE ratings SET comment = %(comment)s WHERE id = %(id)s RETURNING ticket_id
), closed AS (
  UPDATE tickets t SET rating_until = NULL FROM kept WHERE t.id = kept.ticket_id
)
SELECT c.language, c.owner_fence, clock_timestamp() AS at
FROM tickets t JOIN conversations c ON c.id = t.conversation_id WHERE t.id = %(ticket)s
"""
