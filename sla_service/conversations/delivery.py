"""Sends what is owed, one message at a time per conversation, and settles what is in doubt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.conversations.lanes import Claim
from sla_service.conversations.tables import Message, OutboxState, Owed, SendState
from sla_service.database.wake import Channel, tell
from sla_service.settings import WhatsAppSettings
from sla_service.whatsapp import accounts
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.failures import Failure, FailureClass
from sla_service.whatsapp.values import Identity

_log = structlog.get_logger()
_CALLBACK = "balcao:"
_UNRESUMED = timedelta(seconds=30)  # how often a stopped account is looked at again


@dataclass(frozen=True, slots=True)
class Sending:
    """A message on its way: marked as such in the database before it leaves."""

    owed_id: int
    message_id: int
    conversation_id: int
    phone_number_id: str
    to: Identity
    body: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a send: accepted under a wamid, or a failure."""

    wamid: str | None
    failure: Failure | None


def callback(message_id: int) -> str:
    """What we attach to a send, so that its statuses name our message."""
    return f"{_CALLBACK}{message_id}"


def message_id(attached: str | None) -> int | None:
    """Our message that a status's attachment names; None when it isn't one of ours."""
    number = (attached or "").removeprefix(_CALLBACK)
    return int(number) if number.isascii() and number.isdigit() and number != attached else None


async def begin(
    session: AsyncSession, claim: Claim, settings: WhatsAppSettings, at: datetime
) -> Sending | None:
    """Mark the first message owed in a held conversation as being sent; None when none may go.

    Refused, without asking the channel: what was composed under an older owner, and free-form
    messages after the 24-hour window. A message whose last send had no answer is due again only
    when its status had time to arrive.
    """
    while True:
        row = (await session.execute(_FIRST, {"id": claim.conversation_id})).first()
        if row is None or row.due_at > at:
            return None
        if row.owner_fence != row.fence_now:
            await _refuse(session, claim, row.message_id, "outdated_owner")
        elif _is_closed(row.last_inbound_at, settings.window, at):
            await _refuse(session, claim, row.message_id, FailureClass.NEEDS_TEMPLATE.value)
        elif row.stopped_at is not None or (row.send_after is not None and row.send_after > at):
            await _wait(session, row.id, max(row.send_after or at, at + _UNRESUMED))
            return None
        else:
            break
    await session.execute(
        update(Owed)
        .where(Owed.id == row.id)
        .values(
            state=OutboxState.SENDING,
            attempts=row.attempts + 1,
            due_at=at + settings.send_timeout + settings.settle_after,
        )
    )
    return Sending(
        owed_id=row.id,
        message_id=row.message_id,
        conversation_id=claim.conversation_id,
        phone_number_id=row.phone_number_id,
        to=Identity(wa_id=row.wa_id, bsuid=row.bsuid),
        body=row.body,
        attempts=row.attempts + 1,
    )


async def attempt(client: GraphClient, sending: Sending) -> Outcome:
    """Hand a message to the channel; no transaction is open meanwhile."""
    try:
        wamid = await client.send(
            sending.phone_number_id,
            sending.to,
            sending.body,
            callback=callback(sending.message_id),
        )
    except Failure as failure:
        return Outcome(None, failure)
    return Outcome(wamid, None)


async def finish(session: AsyncSession, sending: Sending, outcome: Outcome, at: datetime) -> None:
    """Write down what became of a send; a status may have told already, and then wins."""
    failure = outcome.failure
    if failure is None:
        await session.execute(delete(Owed).where(Owed.id == sending.owed_id))
        await session.execute(_ACCEPTED, {"id": sending.message_id, "wamid": outcome.wamid})
        await tell(session, Channel.LIVE, str(sending.conversation_id))
        return
    _log.info(
        "send_failed",
        message=sending.message_id,
        attempt=sending.attempts,
        failure=failure.kind.value,
        code=failure.code,
    )
    match failure.kind:
        case FailureClass.UNSETTLED:
            return  # its due time already leaves room for a status
        case FailureClass.STOP_ACCOUNT:
            await accounts.stop(session, sending.phone_number_id, failure.detail, at)
            await _again(session, sending, at + _UNRESUMED)
            return
        case FailureClass.SLOW_DOWN:
            until = at + failure.delay(sending.attempts)
            await accounts.slow_down(session, sending.phone_number_id, until)
            await _again(session, sending, until)
            return
        case FailureClass.RETRY | FailureClass.RETRY_RECIPIENT:
            if sending.attempts < failure.retries:
                await _again(session, sending, at + failure.delay(sending.attempts))
                return
    await _fail(session, sending, failure)


def _is_closed(last_inbound_at: datetime | None, window: timedelta, at: datetime) -> bool:
    return last_inbound_at is None or at - last_inbound_at > window


async def _refuse(session: AsyncSession, claim: Claim, of_message: int, reason: str) -> None:
    await session.execute(delete(Owed).where(Owed.message_id == of_message))
    await session.execute(
        update(Message)
        .where(Message.id == of_message)
        .values(state=SendState.REFUSED, failure={"class": reason})
    )
    await tell(session, Channel.LIVE, str(claim.conversation_id))


async def _wait(session: AsyncSession, owed_id: int, until: datetime) -> None:
    await session.execute(update(Owed).where(Owed.id == owed_id).values(due_at=until))


async def _again(session: AsyncSession, sending: Sending, due_at: datetime) -> None:
    await session.execute(
        update(Owed)
        .where(Owed.id == sending.owed_id)
        .values(state=OutboxState.QUEUED, due_at=due_at)
    )


async def _fail(session: AsyncSession, sending: Sending, failure: Failure) -> None:
    await session.execute(delete(Owed).where(Owed.id == sending.owed_id))
    await session.execute(
        update(Message)
        .where(Message.id == sending.message_id, Message.state == SendState.QUEUED)
        .values(state=SendState.FAILED, failure=failure.as_json())
    )
    await tell(session, Channel.LIVE, str(sending.conversation_id))


_FIRST = text("""
SELECT o.id, o.message_id, o.body, o.owner_fence, o.attempts, o.due_at,
       c.owner_fence AS fence_now, c.phone_number_id, c.last_inbound_at,
       p.wa_id, p.bsuid, a.stopped_at, a.send_after
FROM outbox o
JOIN conversations c ON c.id = o.conversation_id
JOIN contacts p ON p.id = c.contact_id
LEFT JOIN whatsapp_accounts a ON a.phone_number_id = c.phone_number_id
WHERE o.conversation_id = :id ORDER BY o.id LIMIT 1
""")

_ACCEPTED = text("""
UPDATE messages
SET wamid = COALESCE(wamid, :wamid), state = CASE state WHEN 'queued' THEN 'sent' ELSE state END
WHERE id = :id
""")
