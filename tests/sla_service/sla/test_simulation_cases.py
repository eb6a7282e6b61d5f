"""What contacts brought, read out of what happened."""

from datetime import UTC, datetime

from sla_service.sla import cases
from sla_service.sla.cases import Habits
from sla_service.sla.events import Event, EventKind
from sla_service.sla.instants import HOUR, MINUTE, instant
from sla_service.sla.replay import History

NINE = instant(datetime(2026, 5, 4, 12, tzinfo=UTC))  # a Monday, 09:00 in São Paulo


def test_tickets_numbered_out_of_order_are_put_right() -> None:
    late, early = (
        History(number, 1, [Event(at, EventKind.CONTACT_MESSAGE)])
        for number, at in ((1, NINE), (2, NINE - HOUR))
    )
    silent = History(3, 1, [Event(NINE, EventKind.OPENED)])
    found = cases.recorded([late, early, silent], Habits(), seed=1)
    assert [case.number for case in found] == [2, 1]


def test_the_time_the_bot_waited_for_the_contact_is_not_its_own() -> None:
    kinds = [
        (0, EventKind.OPENED, {"tier": "bot"}),
        (0, EventKind.CONTACT_MESSAGE, {}),
        (1, EventKind.STATUS, {"status": "pending"}),
        (31, EventKind.CONTACT_MESSAGE, {}),
        (33, EventKind.ASSIGNMENT, {"tier": "agent"}),
        (40, EventKind.AGENT_MESSAGE, {}),
    ]
    events = [Event(NINE + minute * MINUTE, kind, told) for minute, kind, told in kinds]
    (case,) = cases.recorded([History(1, 1, events)], Habits(), seed=1)
    assert (case.bot_time, case.is_solved_by_bot) == (3 * MINUTE, False)
