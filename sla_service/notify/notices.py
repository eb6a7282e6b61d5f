"""Notices are written once for each team, shown, and acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel, tell_by
from sla_service.errors import NotFound
from sla_service.notify.values import Notice, NoticeKind, Told, team_of


class NoSuchNotice(NotFound):
    """There is no such notice."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as the console lists it."""

    id: int
    key: str
    team: str
    kind: NoticeKind
    at: datetime
    ticket_id: int
    facts: dict[str, Any]
    acknowledged_at: datetime | None
    acknowledged_by: str | None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What somebody took notice of."""

    ticket_id: int
    kind: NoticeKind
    is_news: bool
    """Nobody had taken notice before."""


async def tell(connection: Connection, notices: Sequence[Notice]) -> Told:
    """Write notices, each once for its team, and everything that is to be sent because of them.

    One statement, in the caller's transaction. What it returns is handed to `sending.send` after
    the commit; what is not is sent by the next `sending.send_due`.
    """
    if not notices:
        return Told()
    written = await rows(connection, _TELL, {"told": Jsonb([_row(one) for one in notices], _json)})
    told = Told(
        notices=tuple(written[0].notices or ()),
        sends=tuple(written[0].sends or ()),
        deliveries=tuple(written[0].deliveries or ()),
    )
    if told.notices:
        alone = str(told.notices[0]) if len(told.notices) == 1 else ""
        await tell_by(connection, Channel.ALERTS, alone)
    return told


async def acknowledge(
    connection: Connection, notice_id: int, by: str, at: datetime, *, reader: int | None = None
) -> Acknowledged:
    """Somebody took notice, whose account is `reader`. Raises NoSuchNotice.

    It holds for all that was told of the ticket's same promise, and what of it has not left yet
    is dropped. The first who took notice stays on record.
    """
    values = {"id": notice_id, "by": by, "at": at, "own": _own(reader)}
    found = await rows(connection, _ACKNOWLEDGE, values)
    if not found:
        raise NoSuchNotice(notice=notice_id)
    await tell_by(connection, Channel.ALERTS, str(notice_id))
    row = found[0]
    return Acknowledged(int(row.ticket_id), NoticeKind(row.kind), is_news=row.is_news)


async def page(
    session: AsyncSession,
    *,
    after: tuple[bool, int] | None,
    limit: int,
    reader: int | None = None,
) -> list[Shown]:
    """Notices that nobody acknowledged, then the others, the newest first; tests are left out.

    What one person was told is only there when their account is the `reader`. `after` is the last
    one of the page before: whether it was acknowledged, and its id.
    """
    is_open, last = (True, None) if after is None else (not after[0], after[1])
    shown: list[Shown] = []
    if is_open:
        shown = await _some(session, _OPEN, last, limit, reader)
        last = None
    if len(shown) < limit:
        shown += await _some(session, _ACKNOWLEDGED, last, limit - len(shown), reader)
    return shown


async def _some(
    session: AsyncSession, query: str, last: int | None, limit: int, reader: int | None
) -> list[Shown]:
    values = {"last": last or 2**63 - 1, "limit": limit, "own": _own(reader)}
    found = await session.execute(text(query), values)
    return [
        Shown(
            id=row.id,
            key=row.key,
            team=row.team,
            kind=NoticeKind(row.kind),
            at=row.at,
            ticket_id=row.ticket_id,
            facts=row.facts,
            acknowledged_at=row.acknowledged_at,
            acknowledged_by=row.acknowledged_by,
        )
        for row in found
    ]


def _own(reader: int | None) -> str:
    return "" if reader is None else team_of(reader)


def _row(notice: Notice) -> dict[str, Any]:
    at = notice.at.astimezone(UTC)
    data = {"key": notice.key, "kind": notice.kind, "ticket_id": notice.ticket_id, **notice.facts}
    return {
        "key": notice.key,
        "team": notice.team,
        "kind": notice.kind,
        "event": notice.kind.event,
        "at": at,
        "ticket_id": notice.ticket_id,
        # What isn't about a promise is taken notice of by itself.
        "metric": str(notice.facts.get("metric") or "") if notice.kind.is_promise else notice.key,
        "is_urgent": notice.is_urgent,
        "facts": notice.facts,
        "body": {"type": notice.kind.event, "timestamp": at, "data": data},
    }


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


_TELL = """
WITH told AS MATERIALIZED (
  SELECT DISTINCT ON (key, team) * FROM jsonb_to_recordset(%(told)s) AS t(
    key text, team text, kind text, event text, at timestamptz, ticket_id bigint, metric text,
    is_urgent boolean, facts jsonb, body jsonb
  )
), written AS (
  INSERT INTO notices (key, team, kind, at, ticket_id, metric, facts)
  SELECT key, team, kind, at, ticket_id, metric, facts FROM told
  ON CONFLICT (key, team) DO NOTHING
  RETURNING id, key, team
), owed AS (
  INSERT INTO notice_sends (notice_id, team, channel, is_urgent)
  SELECT w.id, w.team, channel, t.is_urgent
  FROM written w
  JOIN told t USING (key, team)
  JOIN notify_teams n ON n.name = w.team, jsonb_object_keys(n.channels) channel
  RETURNING id
), posted AS (
  INSERT INTO webhook_deliveries (id, endpoint_id, event, key, body)
  SELECT 'msg_' || replace(gen_random_uuid()::text, '-', ''), e.id, t.event, t.key, t.body
  FROM (SELECT DISTINCT ON (key) t.* FROM told t JOIN written USING (key, team)) t
  JOIN webhook_endpoints e ON e.is_active AND (e.events = '{}' OR t.event = ANY (e.events))
  ON CONFLICT (endpoint_id, key) DO NOTHING
  RETURNING id
)
SELECT (SELECT array_agg(id ORDER BY id) FROM written) AS notices,
       (SELECT array_agg(id ORDER BY id) FROM owed) AS sends,
       (SELECT array_agg(id) FROM posted) AS deliveries
"""

_ACKNOWLEDGE = """
WITH meant AS (
  SELECT ticket_id, metric, kind FROM notices
  WHERE id = %(id)s AND (team NOT LIKE '@%%' OR team = %(own)s)
), marked AS (
  UPDATE notices n SET acknowledged_at = %(at)s, acknowledged_by = %(by)s
  FROM meant m
  WHERE n.ticket_id = m.ticket_id AND n.metric = m.metric AND n.acknowledged_at IS NULL
  RETURNING n.id
), dropped AS (
  UPDATE notice_sends s SET state = 'dropped', due_at = NULL, last_error = 'acknowledged'
  FROM meant m JOIN notices n ON n.ticket_id = m.ticket_id AND n.metric = m.metric
  WHERE s.notice_id = n.id AND s.due_at IS NOT NULL
)
SELECT ticket_id, kind, EXISTS (SELECT FROM marked) AS is_news FROM meant
"""

_PAGE = """
SELECT id, key, team, kind, at, ticket_id, facts, acknowledged_at, acknowledged_by FROM notices
WHERE acknowledged_at IS {} AND kind <> 'test' AND id < :last
  AND (team NOT LIKE '@%' OR team = :own)
ORDER BY id DESC LIMIT :limit
"""
_OPEN = _PAGE.format("NULL")
_ACKNOWLEDGED = _PAGE.format("NOT NULL")
