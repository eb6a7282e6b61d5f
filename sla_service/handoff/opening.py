"""When people answer: the hours that count for a ticket's first response."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sla_service.database.sessions import Connection, rows
from sla_service.sla.business_time import BusinessTime
from sla_service.sla.instants import duration, instant, moment
from sla_service.sla.library import NoRulebook, Shelf
from sla_service.sla.policy import Metric

_UTC = "UTC"


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of a calendar; without one, always."""

    calendar: BusinessTime | None = None

    @property
    def time_zone(self) -> str:
        """Where the clock on the wall hangs."""
        return _UTC if self.calendar is None else self.calendar.time_zone

    def opens_at(self, at: datetime) -> datetime | None:
        """When they open next; None: they are open."""
        if self.calendar is None or self.calendar.is_open(instant(at)):
            return None
        return moment(self.calendar.next_open(instant(at)))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two instants."""
        if self.calendar is None:
            return max(end - start, timedelta(0))
        return duration(self.calendar.elapsed(instant(start), instant(end)))


async def hours(connection: Connection, ticket_id: int) -> OpeningHours:
    """The hours of the policy that a ticket falls under."""
    found = await rows(connection, _POLICY, {"ticket": ticket_id})
    if not found:
        return OpeningHours()
    shelf = Shelf(connection)
    try:
        book = await shelf.fetch(found[0].rulebook_id, found[0].digest)
    except NoRulebook:
        return OpeningHours()
    policy = next((one for one in book.policies if one.name == found[0].policy), None)
    if policy is None:
        return OpeningHours()
    promised = [metric for metric in _METRICS if metric in policy.targets]
    calendar = book.calendar(policy, promised[0]) if promised else None
    return OpeningHours(calendar if isinstance(calendar, BusinessTime) else None)


_METRICS = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)

_POLICY = """
SELECT s.rulebook_id, r.digest, s.state ->> 'policy' AS policy
FROM sla_tickets s JOIN sla_rulebooks r ON r.id = s.rulebook_id WHERE s.ticket_id = %(ticket)s
"""
