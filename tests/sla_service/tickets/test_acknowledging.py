"""Whoever takes notice of an alert stops it from climbing on, once."""

from datetime import UTC, datetime

import httpx2

from sla_service.notify import notices
from sla_service.notify.values import Notice, NoticeKind
from tests.sla_service.people import CARLA
from tests.sla_service.world import Desk

_AT = datetime(2026, 11, 26, 11, 20, tzinfo=UTC)


async def _told(desk: Desk, kind: NoticeKind) -> None:
    facts = {"number": 1001, "metric": "escalation"}
    async with desk.database.step() as connection:
        notice = Notice("1:escalation:0:breached", kind, _AT, "agent", 1, facts)
        await notices.tell(connection, [notice])


async def test_an_alert_that_is_taken_notice_of_reaches_the_promises_once(
    desk: Desk, bruno: httpx2.AsyncClient
) -> None:
    await _told(desk, NoticeKind.ESCALATED)
    for agent in (None, CARLA):
        http = bruno if agent is None else await desk.sign_in(agent)
        assert (await http.post("/api/notices/1/acknowledgement")).status_code == 204
    assert await desk.rows("SELECT acknowledged_by FROM notices") == [("Bruno Tavares",)]
    assert await desk.rows("SELECT ticket_id FROM sla_events WHERE kind = 'acknowledgement'") == [
        (1,)
    ]
    assert await desk.rows(
        "SELECT actor_name FROM audit_log WHERE act = 'notice.acknowledged'"
    ) == [("Bruno Tavares",)]


async def test_what_is_no_promise_reaches_none(desk: Desk, bruno: httpx2.AsyncClient) -> None:
    await _told(desk, NoticeKind.POISONED)
    assert (await bruno.post("/api/notices/1/acknowledgement")).status_code == 204
    assert await desk.rows("SELECT count(*) FROM sla_events WHERE kind = 'acknowledgement'") == [
        (0,)
    ]
    assert (await bruno.post("/api/notices/7/acknowledgement")).status_code == 404
