"""The desk hands a conversation over by itself, and tells the contact so: one honest message."""

from dataclasses import dataclass

from sla_service.conversations import contacts, lanes, outbox
from sla_service.conversations.tables import Author, Owner
from sla_service.conversations.wording import Wording
from sla_service.database.sessions import Connection
from sla_service.handoff import entering, expecting, ownership, telling
from sla_service.handoff.holding import Held, hold
from sla_service.handoff.tables import Reason
from sla_service.handoff.triggers import Trigger, Triggers
from sla_service.tickets.tables import Priority
from sla_service.whatsapp.compose import compose
from sla_service.whatsapp.values import Reply


@dataclass(frozen=True, slots=True)
class Reception:
    """Knows the designers' words, and the words that call for people."""

    wording: Wording
    triggers: Triggers

    async def listen(
        self, connection: Connection, conversation_id: int, text: str, owner: Owner
    ) -> Held | None:
        """Call people where a contact's words do; None: nothing in them.

        People who hold the conversation already see that it matters more.
        """
        found = self.triggers.find(text) if text else None
        if found is None:
            return None
        if owner is not Owner.BOT:
            held = await hold(connection, conversation_id)
            return await entering.raise_priority(connection, held, found.priority)
        return await self._call(connection, conversation_id, found)

    async def hand_over(
        self,
        connection: Connection,
        conversation_id: int,
        *,
        reason: Reason,
        priority: Priority | None = None,
        language: str | None = None,
        key: str | None = None,
        turn_id: int | None = None,
    ) -> Held:
        """Hand what the bot holds to people, and say so; what people hold stays as it is.

        `language` is taken for that of a contact of whom none is known: it is spoken to them, and
        tells who can answer. Raises ConversationNotFound, NoTicketYet.
        """
        if language is not None:
            await contacts.speaks(connection, conversation_id, language)
        held = await ownership.to_queue(
            connection, conversation_id, reason=reason, priority=priority, key=key
        )
        if held.handoff_id is not None:
            await self._say_so(connection, held, reason, turn_id)
        return held

    async def _say_so(
        self,
        connection: Connection,
        held: Held,
        reason: Reason,
        turn_id: int | None,
    ) -> None:
        wait = await expecting.expected(connection, held.conversation_id, held.ticket_id)
        text = telling.handed_over(
            self.wording, reason, wait, held.language, at=held.at, ticket=held.number
        )
        await outbox.say(
            connection,
            conversation_id=held.conversation_id,
            ticket_id=held.ticket_id,
            turn_id=turn_id,
            author=Author.DESK,
            owner_fence=held.fence,
            messages=compose([Reply(text)], list_label=""),
            at=held.at,
        )
        await lanes.owed(connection, held.conversation_id)

    async def _call(self, connection: Connection, conversation_id: int, found: Trigger) -> Held:
        return await self.hand_over(
            connection,
            conversation_id,
            reason=found.reason,
            priority=found.priority,
            language=found.language,
        )
