"""A worker attends a claimed conversation: the turn that is due, then what is owed."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from sla_service.conversations import delivery, lanes
from sla_service.conversations.delivery import Sending
from sla_service.conversations.lanes import Claim, LaneLost, Patience
from sla_service.database.sessions import Connection, Database
from sla_service.dialogue import turns
from sla_service.dialogue.ending import Ending
from sla_service.dialogue.rasa import Answer, BotClient, BotFailed
from sla_service.dialogue.turns import OpenTurn
from sla_service.dialogue.voices import Voices
from sla_service.settings import Settings
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.compose import Unsendable
from sla_service.whatsapp.failures import Failure

_log = structlog.get_logger()
Following = Sending | datetime | None
"""A message on its way; else the conversation was given back, and this is when it is due again."""


@dataclass(frozen=True, slots=True)
class Attendant:
    """Does a conversation's work under a claim. No transaction is open during a call outside."""

    database: Database
    settings: Settings
    bot: BotClient
    graph: GraphClient
    ending: Ending
    patience: Patience
    courtesies: set[asyncio.Task[None]] = field(default_factory=set)
    """Read marks under way: nobody waits for them."""

    @property
    def voices(self) -> Voices:
        """Who hears what isn't written."""
        return Voices.of(self.database, self.graph, self.settings, self.ending.reception)

    async def attend(self, claim: Claim) -> datetime | None:
        """Take the turn that is due, send what is owed, and give the conversation back.

        Returns when it is due again, if it is.
        """
        try:
            turn, following = await self._begin(claim)
            if turn is not None:
                following = await self._take_turn(claim, turn)
            while isinstance(following, Sending):
                outcome = await delivery.attempt(self.graph, following)
                following = await self._finish(claim, following, outcome)
        except LaneLost:
            _log.warning("lane_lost", conversation=claim.conversation_id)
            return None
        return following

    async def _begin(self, claim: Claim) -> tuple[OpenTurn | None, Following]:
        async with self.database.connection() as connection:
            turn = await turns.take(connection, claim)
            if turn is not None:
                return turn, None
            async with connection.transaction():
                if not await lanes.is_held(connection, claim):
                    raise LaneLost
                return None, await self._next(connection, claim)

    async def _take_turn(self, claim: Claim, turn: OpenTurn) -> Following:
        if not turn.is_instruction:
            courtesy = asyncio.create_task(self._show_typing(turn))
            self.courtesies.add(courtesy)
            courtesy.add_done_callback(self.courtesies.discard)
        if await self.voices.write_down(turn):
            with_words, following = await self._begin(claim)
            if with_words is None:  # what was said called for people
                return following
            turn = with_words
        try:
            answer: Answer | BotFailed = await self.bot.hear(turn.who, turn.heard)
        except BotFailed as failed:
            answer = failed
        try:
            return await self._close(claim, turn, answer)
        except Unsendable as error:
            return await self._close(claim, turn, BotFailed(f"unsendable: {error}"))

    async def _close(self, claim: Claim, turn: OpenTurn, answer: Answer | BotFailed) -> Following:
        """End the turn, or put it off; the first message owed is under way in the same commit."""
        async with self.database.step() as connection:
            if isinstance(answer, Answer):
                await self.ending.close(connection, claim, turn, answer)
            elif await turns.is_over(connection, turn, self.settings.bot.patience):
                await self.ending.give_up(connection, claim, turn, str(answer))
            elif await lanes.is_held(connection, claim):
                await turns.postpone(connection, turn, str(answer))
            else:
                raise LaneLost
            return await self._next(connection, claim)

    async def _finish(self, claim: Claim, sending: Sending, outcome: delivery.Outcome) -> Following:
        if sending.is_last and outcome.failure is None:
            async with self.database.connection() as connection:
                given_back = await delivery.finish_last(
                    connection, claim, sending, outcome.wamid, self.patience
                )
            if given_back is not None:
                return given_back.due_at
        async with self.database.step() as connection:  # what is written already stays as it is
            if not await delivery.finish(connection, claim, sending, outcome):
                return None
            return await self._next(connection, claim)

    async def _next(self, connection: Connection, claim: Claim) -> Following:
        """The next message to send; when there is none, the conversation is given back."""
        sending = await delivery.begin(connection, claim, self.settings.whatsapp)
        if sending is None:
            return await lanes.release(connection, claim, self.patience)
        return sending

    async def _show_typing(self, turn: OpenTurn) -> None:
        """A courtesy: blue ticks and "typing…"; if it fails, nothing is lost."""
        try:
            await self.graph.mark_read(turn.phone_number_id, turn.heard.key, typing=True)
        except Failure as failure:
            _log.info("typing_not_shown", failure=failure.kind.value, code=failure.code)
