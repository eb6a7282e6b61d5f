"""A worker attends a claimed conversation: the turn that is due, then what is owed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from sla_service.conversations import delivery, lanes
from sla_service.conversations.delivery import Sending
from sla_service.conversations.lanes import Claim, LaneLost, Patience
from sla_service.database.sessions import Database
from sla_service.dialogue import turns
from sla_service.dialogue.rasa import Answer, BotClient, BotFailed
from sla_service.dialogue.turns import OpenTurn
from sla_service.dialogue.wording import Wording
from sla_service.settings import Settings
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.compose import Unsendable
from sla_service.whatsapp.failures import Failure

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attendant:
    """Does a conversation's work under a claim. No transaction is open during a call outside."""

    database: Database
    settings: Settings
    bot: BotClient
    graph: GraphClient
    wording: Wording
    now: Callable[[], datetime]
    courtesies: set[asyncio.Task[None]] = field(default_factory=set)
    """Read marks under way: nobody waits for them."""

    async def attend(self, claim: Claim) -> None:
        """Take the turn that is due, send what is owed, and give the conversation back."""
        try:
            turn, sending = await self._begin(claim)
            if turn is not None:
                sending = await self._take_turn(claim, turn)
            while sending is not None:
                outcome = await delivery.attempt(self.graph, sending)
                sending = await self._finish(claim, sending, outcome)
        except LaneLost:
            _log.warning("lane_lost", conversation=claim.conversation_id)

    async def _begin(self, claim: Claim) -> tuple[OpenTurn | None, Sending | None]:
        async with self.database.transaction() as session:
            await lanes.hold(session, claim)
            at = self.now()
            turn = await turns.take(session, claim, at)
            sending = None
            if turn is None:
                sending = await delivery.begin(session, claim, self.settings.whatsapp, at)
                if sending is None:
                    await lanes.release(session, claim, self._patience)
            return turn, sending

    async def _take_turn(self, claim: Claim, turn: OpenTurn) -> Sending | None:
        courtesy = asyncio.create_task(self._show_typing(turn))
        self.courtesies.add(courtesy)
        courtesy.add_done_callback(self.courtesies.discard)
        try:
            answer: Answer | BotFailed = await self.bot.hear(turn.who, turn.heard)
        except BotFailed as failed:
            answer = failed
        try:
            return await self._close(claim, turn, answer)
        except Unsendable as error:
            return await self._close(claim, turn, BotFailed(f"unsendable: {error}"))

    async def _close(
        self, claim: Claim, turn: OpenTurn, answer: Answer | BotFailed
    ) -> Sending | None:
        """End the turn, or put it off; the first message owed is under way in the same commit."""
        async with self.database.transaction() as session:
            await lanes.hold(session, claim)
            at = self.now()
            if isinstance(answer, Answer):
                await turns.close(session, turn, answer, self.wording, at)
            elif at - turn.started_at < self.settings.bot.patience:
                await turns.postpone(session, turn, str(answer), at)
            else:
                await turns.give_up(session, turn, self.wording, str(answer), at)
            sending = await delivery.begin(session, claim, self.settings.whatsapp, at)
            if sending is None:
                await lanes.release(session, claim, self._patience)
            return sending

    async def _finish(
        self, claim: Claim, sending: Sending, outcome: delivery.Outcome
    ) -> Sending | None:
        async with self.database.transaction() as session:
            at = self.now()
            await delivery.finish(session, sending, outcome, at)  # true whoever has the lane now
            if not await lanes.is_held(session, claim):
                return None
            following = await delivery.begin(session, claim, self.settings.whatsapp, at)
            if following is None:
                await lanes.release(session, claim, self._patience)
            return following

    async def _show_typing(self, turn: OpenTurn) -> None:
        """A courtesy: blue ticks and "typing…"; if it fails, nothing is lost."""
        try:
            await self.graph.mark_read(turn.phone_number_id, turn.heard.key, typing=True)
        except Failure as failure:
            _log.info("typing_not_shown", failure=failure.kind.value, code=failure.code)

    @property
    def _patience(self) -> Patience:
        return Patience(self.settings.lanes.quiet, self.settings.lanes.quiet_at_most)
