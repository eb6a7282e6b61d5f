"""The end of a turn: what the bot said is owed to the contact, or people take over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from sla_service.conversations import media, outbox
from sla_service.conversations.lanes import Claim, LaneLost
from sla_service.conversations.tables import Author
from sla_service.conversations.wording import SEE_OPTIONS
from sla_service.database.sessions import Connection, rows
from sla_service.dialogue import files, noticing
from sla_service.dialogue.noticing import Notice, Noticed
from sla_service.dialogue.rasa import Answer
from sla_service.dialogue.topics import learnt
from sla_service.dialogue.turns import OpenTurn
from sla_service.handoff import ownership
from sla_service.handoff.reception import Reception
from sla_service.handoff.tables import Reason
from sla_service.settings import TicketSettings
from sla_service.tickets import lifecycle
from sla_service.tickets.lifecycle import Stage
from sla_service.whatsapp.compose import Composed, compose
from sla_service.whatsapp.values import Reply

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ending:
    """Ends turns under a claim, each in the caller's transaction."""

    reception: Reception
    tickets: TicketSettings
    low_confidence: float
    """Two answers in a row of which the bot was less sure than this are not given."""
    notice: Notice

    async def close(
        self,
        connection: Connection,
        claim: Claim,
        turn: OpenTurn,
        answer: Answer,
    ) -> None:
        """Owe the contact what the bot said, and remember what it understood.

        What the bot said is owed under the owner that heard it: if people took over meanwhile, it
        is not sent, unless the turn itself handed over. What the bot only guesses a second time
        is not said at all: people get it. Raises LaneLost, Unsendable.
        """
        ticket_id = turn.ticket_id or await _latest_ticket(connection, turn)
        replies = answer.replies
        has_files = files.are_named(replies)
        if has_files:
            replies = await files.found(connection, replies, turn.phone_number_id)
        told = self._told(turn, answer.language, replies)
        is_guess = await self._is_guessing(connection, turn, answer)
        meant = lifecycle.answering(answer.stage, self.tickets)
        said = _Said(told.messages, ticket_id, is_guess=is_guess, meant=meant)
        ended = await _end(connection, claim, turn, answer=answer, said=said)
        if not ended.is_said:
            await self._leave_to_people(connection, turn, Reason.LOW_CONFIDENCE)
            return
        if told.words is not None:
            contact, key = turn.who.contact_id, turn.heard.key
            await noticing.given(connection, contact, told.words, answer.language, key)
        if has_files:
            await media.attach_uploads(connection, turn.id)
        if ended.is_answered and ticket_id is not None:
            attributes = learnt(answer.language, answer.intent)
            await lifecycle.bot_answered(
                connection, ticket_id, answer.stage, attributes, held=ended
            )

    async def give_up(self, connection: Connection, claim: Claim, turn: OpenTurn, why: str) -> None:
        """The bot failed too long: people get the conversation, and the contact is told.

        Raises LaneLost.
        """
        _log.warning("turn_given_up", turn=turn.id, attempts=turn.attempts + 1, why=why)
        await _end(connection, claim, turn, error=why)
        await self._leave_to_people(connection, turn, Reason.BOT_DOWN)

    def _told(self, turn: OpenTurn, language: str, replies: Sequence[Reply]) -> Noticed:
        """The messages that say it, with the notice for who has not had it. Raises Unsendable."""
        label = self.reception.wording.say(SEE_OPTIONS, language)
        if turn.who.is_noticed:
            return Noticed(compose(replies, list_label=label))
        return self.notice.put_into(replies, language, list_label=label)

    async def _is_guessing(self, connection: Connection, turn: OpenTurn, answer: Answer) -> bool:
        """Whether the bot is unsure again; what it knows it did not understand it asks about.

        Except of an instruction: the contact knows nothing of that, and is not asked what it means.
        """
        if turn.is_instruction and answer.stage is Stage.LOST:
            return True
        if answer.stage is Stage.LOST or not self._is_unsure(answer.confidence):
            return False
        values = {"id": turn.conversation_id, "turn": turn.id, "fence": turn.owner_fence}
        before = await rows(connection, _BEFORE, values)
        return turn.is_instruction or (bool(before) and self._is_unsure(before[0].confidence))

    def _is_unsure(self, confidence: float | None) -> bool:
        return confidence is not None and confidence < self.low_confidence

    async def _leave_to_people(
        self, connection: Connection, turn: OpenTurn, reason: Reason
    ) -> None:
        """Hand over; a contact who asked is told, one who didn't goes on waiting as before."""
        if turn.is_instruction:
            await ownership.to_queue(
                connection,
                turn.conversation_id,
                reason=reason,
                summary=turn.heard.text,
                key=turn.heard.key,
            )
            return
        await self.reception.hand_over(
            connection,
            turn.conversation_id,
            reason=reason,
            language=turn.who.language,
            key=turn.heard.key,
            turn_id=turn.id,
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """What the bot said in a turn, and of which ticket."""

    messages: Sequence[Composed] = ()
    ticket_id: int | None = None
    is_guess: bool = False
    meant: Mapping[str, Any] = field(default_factory=lambda: {"status": None, "settles_in": None})
    """What that means for the ticket."""


_NOTHING = _Said()


async def _latest_ticket(connection: Connection, turn: OpenTurn) -> int | None:
    latest = await lifecycle.latest(connection, turn.conversation_id)
    return None if latest is None else latest.id


async def _end(
    connection: Connection,
    claim: Claim,
    turn: OpenTurn,
    *,
    answer: Answer | None = None,
    said: _Said = _NOTHING,
    error: str | None = None,
) -> Any:
    """End a turn, and owe the contact what was said in it; a guess only if it handed over itself.

    Returns a row: whether it `is_said`, and `lifecycle.ANSWERED` of its ticket. Locks the
    conversation. Raises LaneLost.
    """
    ended = await rows(
        connection,
        _END,
        {
            **outbox.values(
                turn.conversation_id,
                said.messages,
                ticket_id=said.ticket_id,
                turn_id=turn.id,
                author=Author.BOT,
            ),
            "is_guess": said.is_guess,
            "fence": claim.fence,
            "language": answer.language if answer else None,
            "intent": answer.intent if answer else None,
            "confidence": answer.confidence if answer else None,
            "error": error,
            "told": turn.owner_fence if answer else None,
            "key": turn.heard.key,
            "began_under": turn.owner_fence,
            **said.meant,
        },
    )
    if not ended:
        raise LaneLost
    return ended[0]


# It speaks under the fence it began with, or the one it made itself when it handed over.
# A bot that answered knows what people said; unless they had the conversation again meanwhile.
_END = f"""
WITH held AS (
  UPDATE conversations
  SET language = COALESCE(%(language)s, language), last_message_at = now(),
      bot_left_at = CASE WHEN owner = 'bot' AND owner_fence = %(told)s::bigint THEN NULL
                         ELSE bot_left_at END
  WHERE id = %(conversation)s AND lane_fence = %(fence)s
  RETURNING owner, owner_fence, owner_changed_by
), ended AS (
  UPDATE turns SET closed_at = now(), language = %(language)s, intent = %(intent)s,
                   confidence = %(confidence)s, error = %(error)s
  WHERE id = %(turn)s AND EXISTS (SELECT 1 FROM held)
), heard AS (
  UPDATE messages SET is_waiting = false
  WHERE conversation_id = %(conversation)s AND is_waiting AND turn_id = %(turn)s
    AND EXISTS (SELECT 1 FROM held)
), speaker AS (
  SELECT CASE owner_changed_by WHEN %(key)s THEN owner_fence ELSE %(began_under)s END
           AS owner_fence,
         NULL::bigint AS agent_id, NULL::text AS client_key
  FROM held WHERE NOT %(is_guess)s OR owner_changed_by = %(key)s
), {outbox.SAID}, {lifecycle.ANSWERED}
SELECT EXISTS (SELECT 1 FROM speaker) AS is_said, answered.id IS NOT NULL AS is_answered, promises.*
FROM held LEFT JOIN answered ON true LEFT JOIN promises ON answered.id IS NOT NULL
"""  # noqa: S608 - our own words

_BEFORE = """
SELECT confidence FROM turns
WHERE conversation_id = %(id)s AND id < %(turn)s AND closed_at IS NOT NULL
  AND owner_fence = %(fence)s AND error IS NULL
ORDER BY id DESC LIMIT 1
"""
