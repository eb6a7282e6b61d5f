"""A shop in São Paulo, its promises, and tickets told as lines such as `06 10:00 note`."""

from datetime import datetime, timedelta, timezone

from sla_service.sla.business_time import BusinessTime, Hours
from sla_service.sla.events import Event, EventKind
from sla_service.sla.fold import Ticket
from sla_service.sla.instants import HOUR, MINUTE, instant, moment
from sla_service.sla.policy import Metric, Policy, Rulebook, Step

SAO_PAULO = timezone(timedelta(hours=-3))
PENDING = frozenset({"pending"})
SHOP = BusinessTime(
    Hours(
        "America/Sao_Paulo",
        {**dict.fromkeys(range(5), ((540, 720), (780, 1080))), 5: ((540, 780),)},
    )
)
PAUSES = {Metric.RESOLUTION: PENDING, Metric.ESCALATION: PENDING}
FIRST, NEXT, RESOLUTION, ESCALATION = Metric

ALL_DAY = Policy(
    "all day",
    targets={
        FIRST: {"normal": HOUR, "urgent": 10 * MINUTE},
        NEXT: {"normal": 30 * MINUTE},
        RESOLUTION: {"normal": 24 * HOUR, "urgent": 2 * HOUR},
    },
    warnings=(0.5, 0.8),
    pauses=PAUSES,
    chain=(Step("bot", 5 * MINUTE), Step("agent", 10 * MINUTE), Step("senior", 20 * MINUTE)),
)
SHOP_HOURS = Policy(
    "shop hours",
    targets={FIRST: {"normal": 30 * MINUTE}, RESOLUTION: {"normal": 8 * HOUR}},
    calendars=dict.fromkeys(Metric, "shop"),
    pauses=PAUSES,
)


def at(text: str) -> int:
    """`06 17:50` is 17:50 on Friday, 6 March 2026, in São Paulo."""
    form = "%Y-%m-%d %H:%M:%S" if text.count(":") == 2 else "%Y-%m-%d %H:%M"
    return instant(datetime.strptime(f"2026-03-{text}", form).replace(tzinfo=SAO_PAULO))


def told(policy: Policy | tuple[Policy, ...], *lines: str, until: str | None = None) -> Ticket:
    """The ticket of a log such as `06 10:00 status pending`."""
    policies = policy if isinstance(policy, tuple) else (policy,)
    rulebook = Rulebook(1, policies, {"shop": SHOP})
    ticket = Ticket.fresh(rulebook, {1: rulebook}.__getitem__)
    for event in events_of(*lines):
        ticket.apply(event)
    if until is not None:
        ticket.advance(at(until))
    return ticket


def events_of(*lines: str) -> list[Event]:
    events = []
    for line in lines:
        day, time, kind, *rest = line.split()
        name = {"assignment": "tier"}.get(kind, kind)
        payload = {name: rest[0]} if rest else {}
        events.append(Event(at(f"{day} {time}"), EventKind(kind), payload))
    return events


def due(ticket: Ticket, metric: Metric) -> str | None:
    clock = ticket.live(metric)
    assert clock is not None
    return written(clock.due_at)


def written(instant_: int | None) -> str | None:
    if instant_ is None:
        return None
    local = moment(instant_).astimezone(SAO_PAULO)
    return f"{local:%d %H:%M:%S}".removesuffix(":00")


def fired(ticket: Ticket, metric: Metric) -> list[tuple[str, str | None]]:
    return [(one.kind, written(one.at)) for one in ticket.effects if one.metric is metric]


def states(ticket: Ticket, metric: Metric) -> list[str]:
    return [one.state.value for one in ticket.clocks if one.metric is metric]
