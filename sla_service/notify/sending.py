"""What is owed leaves: to people through their channels, to programs as webhooks."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog

from sla_service.database.sessions import Connection, Database, rows
from sla_service.notify import channels, deliveries, letters, words
from sla_service.notify.letters import Letter, Reader
from sla_service.notify.parcels import Due, Plan, Rhythm, plan
from sla_service.notify.teams import quiet_of
from sla_service.notify.values import Notice, NoticeKind, Told
from sla_service.settings import NotifySettings, Settings

_log = structlog.get_logger()
_PAUSES = (10, 60, 300, 900, 3600, 7200, 14400)  # seconds after each failure; then the last again
_ROUNDS = 20  # so that a loop which calls this comes back to its other work


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One message on its way: marked as such before it leaves."""

    sends: list[int]
    message_id: str
    attempts: int
    url: str
    letter: Letter
    at: datetime


async def send(database: Database, settings: Settings, told: Told) -> int:
    """Send what `notices.tell` returned; what was sent before, or isn't due, is passed over.

    Returns how many messages and webhooks were tried. It may be repeated, and run anywhere at the
    same time. No transaction is open while somebody outside is called.
    """
    tried = await asyncio.gather(
        _send_notices(database, settings, told.sends),
        deliveries.send(database, settings, told.deliveries),
    )
    return sum(tried)


async def send_due(database: Database, settings: Settings) -> int:
    """Send all that is due; returns how much was tried, 0 when nothing is.

    Due are: what `send` was never called for, what waited for quiet hours to end or for company,
    failures whose pause is over, and what a process that died had claimed.
    """
    tried = await asyncio.gather(
        _send_notices(database, settings, None), deliveries.send(database, settings, None)
    )
    return sum(tried)


async def _send_notices(database: Database, settings: Settings, only: Sequence[int] | None) -> int:
    if only is not None and not only:
        return 0
    tried, free = 0, asyncio.Semaphore(settings.notify.at_once)
    for _ in range(_ROUNDS):
        async with database.connection() as connection:
            due = await rows(connection, _DUE, {"only": None if only is None else list(only)})
        parcels: list[_Parcel] = []
        for channel in due:
            async with database.step() as connection:
                parcels += await _claim(connection, channel.team, channel.channel, settings.notify)
        await asyncio.gather(*(_hand_over(database, settings, one, free) for one in parcels))
        tried += len(parcels)
        if not parcels:
            break
    return tried


async def _claim(
    connection: Connection, team: str, channel: str, settings: NotifySettings
) -> list[_Parcel]:
    """Take everything that may leave on a channel now; one process at a time looks at a channel."""
    where = {"team": team, "channel": channel}
    state = (await rows(connection, _CHANNEL, where))[0]
    if not state.is_mine:
        return []
    if state.url is None:
        await rows(connection, _GONE, where)
        return []
    found = await rows(connection, _DUE_HERE, where)
    rhythm = Rhythm(
        at=state.at,
        last_at=state.last_at,
        pace=settings.pace,
        digest_after=state.digest_after,
        quiet=quiet_of(state.quiet_from, state.quiet_to, state.time_zone),
    )
    planned = plan([Due(row.id, row.is_urgent, row.message_id) for row in found], rhythm)
    await _put_off(connection, planned)
    by_id = {row.id: row for row in found}
    reader = Reader(team, words.read(state.language), state.time_zone, settings.desk_url)
    parcels = []
    for sends in planned.parcels:
        here = [by_id[due.send_id] for due in sends]
        parcel = _Parcel(
            sends=[row.id for row in here],
            message_id=here[0].message_id or _message_id(settings),
            attempts=here[0].attempts + 1,
            url=state.url,
            letter=letters.compose([_notice(row, team) for row in here], reader, state.at),
            at=state.at,
        )
        await rows(connection, _CLAIM, {**_named(parcel), "lease": settings.lease})
        parcels.append(parcel)
    return parcels


async def _put_off(connection: Connection, planned: Plan) -> None:
    for state, put_off, until in (
        ("held", planned.held, planned.held_until),
        ("queued", planned.waiting, planned.waiting_until),
    ):
        if put_off:
            ids = [due.send_id for due in put_off]
            await rows(connection, _PUT_OFF, {"ids": ids, "state": state, "until": until})


async def _hand_over(
    database: Database, settings: Settings, parcel: _Parcel, free: asyncio.Semaphore
) -> None:
    async with free:
        refused = await asyncio.to_thread(_deliver, parcel, settings.notify)
    if refused is None:
        async with database.step() as connection:
            await rows(connection, _SENT, _named(parcel))
        return
    is_over = refused.is_permanent or parcel.attempts >= settings.notify.attempts
    values = {
        **_named(parcel),
        "state": "given_up" if is_over else "failed",
        "pause": None if is_over else _pause(parcel.attempts),
        "error": str(refused),
    }
    async with database.step() as connection:
        await rows(connection, _FAILED, values)
    _log.warning("notice_not_sent", sends=parcel.sends, attempt=parcel.attempts, given_up=is_over)


def _deliver(parcel: _Parcel, settings: NotifySettings) -> channels.NotHandedOver | None:
    try:
        channels.deliver(parcel.url, parcel.letter, parcel.message_id, parcel.at, settings)
    except channels.NotHandedOver as refused:
        return refused
    except Exception as error:  # noqa: BLE001 - the edge: one service can't stop the others
        return channels.NotHandedOver(type(error).__name__)
    return None


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=_PAUSES[min(attempts, len(_PAUSES)) - 1])


def _named(parcel: _Parcel) -> dict[str, object]:
    return {"ids": parcel.sends, "message": parcel.message_id, "attempts": parcel.attempts}


def _message_id(settings: NotifySettings) -> str:
    host = urlsplit(settings.desk_url).hostname or "localhost"
    return f"<{uuid.uuid4().hex}@{f'[{host}]' if host.replace('.', '').isdigit() else host}>"


def _notice(row: Any, team: str) -> Notice:
    return Notice(
        key=row.key,
        kind=NoticeKind(row.kind),
        at=row.at,
        team=team,
        ticket_id=row.ticket_id,
        facts=row.facts,
    )


_DUE = """
SELECT DISTINCT team, channel FROM notice_sends
WHERE due_at <= now() AND (%(only)s::bigint[] IS NULL OR id = ANY (%(only)s)) LIMIT 100
"""

_CHANNEL = """
SELECT pg_try_advisory_xact_lock(hashtextextended('notify:' || c.team || ':' || c.channel, 0))
         AS is_mine,
       t.channels ->> c.channel AS url, t.language, t.time_zone, t.quiet_from, t.quiet_to,
       t.digest_after, now() AS at,
       (SELECT max(claimed_at) FROM notice_sends s
        WHERE s.team = c.team AND s.channel = c.channel) AS last_at
FROM (SELECT %(team)s::text AS team, %(channel)s::text AS channel) c
LEFT JOIN notify_teams t ON t.name = c.team
"""

_DUE_HERE = """
SELECT s.id, s.is_urgent, s.message_id, s.attempts, n.key, n.kind, n.at, n.ticket_id, n.facts
FROM notice_sends s JOIN notices n ON n.id = s.notice_id
WHERE s.team = %(team)s AND s.channel = %(channel)s AND s.due_at <= now()
ORDER BY s.id LIMIT 500 FOR UPDATE OF s SKIP LOCKED
"""

_CLAIM = """
UPDATE notice_sends
SET state = 'sending', attempts = %(attempts)s, message_id = %(message)s, claimed_at = now(),
    due_at = now() + %(lease)s
WHERE id = ANY (%(ids)s)
"""

_PUT_OFF = """
UPDATE notice_sends SET state = %(state)s, due_at = %(until)s WHERE id = ANY (%(ids)s)
"""

# True whoever has the lease by now: it left.
_SENT = """
UPDATE notice_sends SET state = 'sent', sent_at = now(), due_at = NULL, last_error = NULL
WHERE id = ANY (%(ids)s) AND message_id = %(message)s
"""

_FAILED = """
UPDATE notice_sends
SET state = %(state)s, due_at = now() + %(pause)s::interval, last_error = %(error)s
WHERE id = ANY (%(ids)s) AND state = 'sending' AND attempts = %(attempts)s
"""

_GONE = """
UPDATE notice_sends SET state = 'dropped', due_at = NULL, last_error = 'the channel is gone'
WHERE team = %(team)s AND channel = %(channel)s AND due_at <= now()
"""
