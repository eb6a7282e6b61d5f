"""Sends what is owed, one message at a time per conversation, and settles what is in doubt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from psycopg.types.json import Jsonb

from sla_service.conversations import callbacks, lanes
from sla_service.conversations.lanes import Claim, Patience
from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.settings import WhatsAppSettings
from sla_service.whatsapp import accounts, registry
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.failures import Failure, FailureClass
from sla_service.whatsapp.values import Identity

_log = structlog.get_logger()
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
    is_last: bool
    """Nothing else was owed when it left."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a send: accepted under a wamid, or a failure."""

    wamid: str | None
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A conversation that nobody works any more; and when it is due again, if it is."""

    due_at: datetime | None


async def begin(connection: Connection, claim: Claim, settings: WhatsAppSettings) -> Sending | None:
    """Mark the first message owed in a held conversation as being sent; None when none may go.

    Refused, without asking the channel: what was composed under an older owner, whatever is no
    template after the 24-hour window, and what the contact did not ask for and has refused. A
    message whose last send had no answer is due again only when its status had time to arrive, and
    to be taken in: workers may all have been down meanwhile. Due is what the database's clock says.
    """
    while True:
        found = await rows(
            connection,
            _BEGIN,
            {
                "id": claim.conversation_id,
                "window": settings.window,
                "in_doubt": settings.send_timeout + settings.settle_after,
            },
        )
        if not found or not found[0].is_due:
            return None
        row = found[0]
        if row.is_unheard:
            await rows(connection, _LATER, {"owed": row.id})
            return None
        if row.is_gone:
            await _refuse(connection, claim, row.message_id, "erased")
        elif row.is_unwanted:
            await _refuse(connection, claim, row.message_id, "opted_out")
        elif row.is_outdated:
            await _refuse(connection, claim, row.message_id, "outdated_owner")
        elif row.is_closed:
            await _refuse(connection, claim, row.message_id, FailureClass.NEEDS_TEMPLATE.value)
        elif row.is_stopped:
            await _again(connection, row.id, row.held_for or _UNRESUMED)
            await tell_by(connection, Channel.LIVE, str(claim.conversation_id))
            return None
        else:
            return _on_its_way(claim, row)


async def attempt(client: GraphClient, sending: Sending) -> Outcome:
    """Hand a message to the channel; no transaction is open meanwhile."""
    try:
        wamid = await client.send(
            sending.phone_number_id,
            sending.to,
            sending.body,
            callback=callbacks.of_message(sending.message_id),
        )
    except Failure as failure:
        return Outcome(None, failure)
    return Outcome(wamid, None)


async def finish(connection: Connection, claim: Claim, sending: Sending, outcome: Outcome) -> bool:
    """Write down what became of a send, which is true whoever has the lane by now.

    A status may have told already, and then wins. Returns whether the claim is still the latest;
    if so, the conversation is locked until the commit.
    """
    if outcome.failure is not None:
        await _refused(connection, sending, outcome.failure)
        return await lanes.is_held(connection, claim)
    values = _accepted(claim, sending, outcome.wamid)
    return bool((await rows(connection, _ACCEPTED, values))[0].is_held)


async def finish_last(
    connection: Connection, claim: Claim, sending: Sending, wamid: str | None, patience: Patience
) -> GivenBack | None:
    """`finish` what the channel accepted, and give the conversation back, in one statement.

    It needs no transaction. None: it is written down, but the conversation was not given back,
    since somebody changed it meanwhile or has the lane by now.
    """
    values = _accepted(claim, sending, wamid) | lanes.when(claim.conversation_id, patience)
    row = (await rows(connection, _ACCEPTED_LAST, values))[0]
    return GivenBack(row.due_at) if row.is_released else None


def _accepted(claim: Claim, sending: Sending, wamid: str | None) -> dict[str, Any]:
    return {
        "owed": sending.owed_id,
        "message": sending.message_id,
        "wamid": wamid,
        "id": claim.conversation_id,
        "fence": claim.fence,
    }


def _on_its_way(claim: Claim, row: Any) -> Sending:
    return Sending(
        owed_id=row.id,
        message_id=row.message_id,
        conversation_id=claim.conversation_id,
        phone_number_id=row.phone_number_id,
        to=Identity(wa_id=row.wa_id, bsuid=row.bsuid),
        body=row.body,
        attempts=row.attempts + 1,
        is_last=row.is_last,
    )


async def _refused(connection: Connection, sending: Sending, failure: Failure) -> None:
    await tell_by(connection, Channel.LIVE, str(sending.conversation_id))
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
            await accounts.stop(connection, sending.phone_number_id, failure.detail)
            await _again(connection, sending.owed_id, _UNRESUMED)
            return
        case FailureClass.SLOW_DOWN:
            delay = failure.delay(sending.attempts)
            await accounts.slow_down(connection, sending.phone_number_id, delay)
            await _again(connection, sending.owed_id, delay)
            return
        case FailureClass.RETRY | FailureClass.RETRY_RECIPIENT:
            if sending.attempts < failure.retries:
                await _again(connection, sending.owed_id, failure.delay(sending.attempts))
                return
    await registry.refused(connection, sending.body, failure.code)
    values = {"owed": sending.owed_id, "id": sending.message_id}
    await rows(connection, _FAILED, {**values, "failure": Jsonb(failure.as_json())})


async def resume(connection: Connection, phone_number_id: str) -> bool:
    """Let a stopped number send again, and what it owes at once; False when it wasn't stopped."""
    if not await accounts.resume(connection, phone_number_id):
        return False
    await rows(connection, _OWED_NOW, {"number": phone_number_id})
    await tell_by(connection, Channel.LANES)
    return True


async def _refuse(connection: Connection, claim: Claim, of_message: int, reason: str) -> None:
    values = {"id": of_message, "failure": Jsonb({"class": reason})}
    await rows(connection, _REFUSED, values)
    await tell_by(connection, Channel.LIVE, str(claim.conversation_id))


async def _again(connection: Connection, owed_id: int, delay: timedelta) -> None:
    await rows(connection, _AGAIN, {"owed": owed_id, "delay": delay})


# News that has been waiting for a second is a backlog: what became of a message may be in it.
_BEGIN = """
WITH first AS MATERIALIZED (
  SELECT o.id, o.message_id, o.body, o.attempts, c.phone_number_id, p.wa_id, p.bsuid,
         o.due_at <= now() AS is_due,
         o.state = 'sending' AND EXISTS (
           SELECT 1 FROM whatsapp_updates u
           WHERE u.state = 'waiting' AND u.lane = 'statuses' AND u.attempts = 0
             AND u.due_at < now() - interval '1 second'
         ) AS is_unheard,
         p.erased_at IS NOT NULL AS is_gone,
         o.purpose IS NOT NULL AND NOT COALESCE((
           SELECT k.is_granted FROM consents k
           WHERE k.contact_id = p.id AND k.purpose = o.purpose ORDER BY k.id DESC LIMIT 1
         ), o.purpose = 'rating') AS is_unwanted,
         o.owner_fence <> c.owner_fence AS is_outdated,
         COALESCE(now() - c.last_inbound_at > %(window)s, true)
           AND o.body ->> 'type' <> 'template' AS is_closed,
         a.stopped_at IS NOT NULL OR COALESCE(a.send_after > now(), false) AS is_stopped,
         CASE WHEN a.stopped_at IS NULL THEN a.send_after - now() END AS held_for,
         NOT EXISTS (
           SELECT 1 FROM outbox l WHERE l.conversation_id = o.conversation_id AND l.id > o.id
         ) AS is_last
  FROM outbox o
  JOIN conversations c ON c.id = o.conversation_id
  JOIN contacts p ON p.id = c.contact_id
  LEFT JOIN whatsapp_accounts a ON a.phone_number_id = c.phone_number_id
  WHERE o.conversation_id = %(id)s ORDER BY o.id LIMIT 1
), sending AS (
  UPDATE outbox o
  SET state = 'sending', attempts = o.attempts + 1, due_at = now() + %(in_doubt)s
  FROM first f
  WHERE o.id = f.id AND f.is_due
    AND NOT (f.is_unheard OR f.is_gone OR f.is_unwanted)
    AND NOT (f.is_outdated OR f.is_closed OR f.is_stopped)
)
SELECT * FROM first
"""

_SENT = """
WITH gone AS (
  DELETE FROM outbox WHERE id = %(owed)s
), moved AS (
  UPDATE messages
  SET wamid = COALESCE(wamid, %(wamid)s),
      state = CASE state WHEN 'queued' THEN 'sent' ELSE state END
  WHERE id = %(message)s
)"""

_ACCEPTED = f"""{_SENT}, held AS (
  SELECT id FROM conversations WHERE id = %(id)s AND lane_fence = %(fence)s FOR UPDATE
)
SELECT EXISTS (SELECT 1 FROM held) AS is_held,
       pg_notify('{Channel.LIVE.value}', %(id)s::text)
"""  # noqa: S608 - the channel's name is ours

_ACCEPTED_LAST = f"""{_SENT}, {lanes.RELEASED_AT_ONCE}
SELECT EXISTS (SELECT 1 FROM released) AS is_released, (SELECT due_at FROM released),
       pg_notify('{Channel.LIVE.value}', %(id)s::text)
"""  # noqa: S608 - the channel's name is ours

_FAILED = """
WITH gone AS (DELETE FROM outbox WHERE id = %(owed)s)
UPDATE messages SET state = 'failed', failure = %(failure)s
WHERE id = %(id)s AND state = 'queued'
"""

# The notice about their data that a contact did not get is owed to them again.
_REFUSED = """
WITH gone AS (
  DELETE FROM outbox WHERE message_id = %(id)s
), owed_again AS (
  UPDATE contacts p SET notice_version = NULL
  FROM messages m JOIN conversations c ON c.id = m.conversation_id
  WHERE m.id = %(id)s AND m.content ? 'notice' AND p.id = c.contact_id
)
UPDATE messages SET state = 'refused', failure = %(failure)s WHERE id = %(id)s
"""

_LATER = "UPDATE outbox SET due_at = now() + interval '1 second' WHERE id = %(owed)s"

_AGAIN = """
UPDATE outbox SET state = 'queued', due_at = now() + %(delay)s WHERE id = %(owed)s
"""

_OWED_NOW = """
WITH owed AS (
  UPDATE outbox o SET due_at = now()
  FROM conversations c
  WHERE c.id = o.conversation_id AND c.phone_number_id = %(number)s AND o.state = 'queued'
  RETURNING o.conversation_id
)
UPDATE conversations SET due_at = now() WHERE id IN (SELECT conversation_id FROM owed)
"""
