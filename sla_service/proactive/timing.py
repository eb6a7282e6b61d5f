"""When a notice may be told: after quiet hours, and while the shop is open where it says so."""

from datetime import datetime

import structlog

from sla_service.database.sessions import Connection
from sla_service.proactive.plan import Plan
from sla_service.sla.instants import instant, moment
from sla_service.sla.library import NoRulebook, Shelf
from sla_service.sla.policy import Calendar

_log = structlog.get_logger()
_LOOKS = 8
_ONE = 1  # microsecond


async def free_at(connection: Connection, plan: Plan, at: datetime) -> datetime:
    """The first moment from `at` on at which shoppers may be told something; `at` itself if now."""
    calendar = None if plan.calendar is None else await _calendar(connection, plan.calendar)
    quiet = None if plan.quiet is None else plan.quiet.hours()
    free = at
    for _ in range(_LOOKS):  # out of quiet hours the shop may be closed, and the other way round
        before = free
        if quiet is not None:
            free = quiet.until(free) or free
        if calendar is not None:
            free = moment(calendar.add(instant(free), _ONE) - _ONE)
        if free == before:
            break
    return free


async def _calendar(connection: Connection, name: str) -> Calendar | None:
    try:
        book, _ = await Shelf(connection).active()
    except NoRulebook:
        return None
    if name not in book.calendars:
        _log.warning("notices_name_no_calendar", calendar=name)
    return book.calendars.get(name)
