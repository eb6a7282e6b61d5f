"""The simulated desk: who answers whom, when, and what that makes of promises."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from sla_service.sla import cases, shop_year
from sla_service.sla.business_time import BusinessTime, Hours
from sla_service.sla.cases import Case, Habits
from sla_service.sla.events import EventKind
from sla_service.sla.experiment import Experiment
from sla_service.sla.instants import HOUR, MINUTE, SECOND, instant, moment
from sla_service.sla.policy import Match, Metric, Policy, Rulebook, Step
from sla_service.sla.replay import Replay
from sla_service.sla.simulation import Finished, Simulation
from sla_service.sla.staffing import Agent
from sla_service.sla.tally import Counts, Tally

SHOP = ZoneInfo("America/Sao_Paulo")
NINE = instant(datetime(2026, 5, 4, 12, tzinfo=UTC))  # a Monday, 09:00 in São Paulo
DAY = BusinessTime(Hours("America/Sao_Paulo", dict.fromkeys(range(5), ((540, 1080),))))
ALWAYS = BusinessTime(Hours("America/Sao_Paulo", always_open=True))
EVERYONE = ("low", "normal", "high", "urgent")


def _policy(first: int, chain: Sequence[Step] = (), **changes: object) -> Policy:
    targets = {
        Metric.FIRST_RESPONSE: dict.fromkeys(EVERYONE, first),
        Metric.NEXT_RESPONSE: dict.fromkeys(EVERYONE, 10 * MINUTE),
        Metric.RESOLUTION: dict.fromkeys(EVERYONE, 4 * HOUR),
    }
    made = Policy(
        "loja",
        targets=targets,
        chain=tuple(chain),
        pauses={Metric.RESOLUTION: frozenset({"pending"})},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _book(*policies: Policy) -> Rulebook:
    return Rulebook(1, policies, {"day": DAY, "always": ALWAYS})


FIVE = _book(_policy(5 * MINUTE))


def _case(number: int, at: int, **changes: object) -> Case:
    plain = Case(
        number=number,
        at=at,
        facts={},
        bot_time=MINUTE,
        is_solved_by_bot=False,
        works=(3 * MINUTE,),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def _run(
    demand: Sequence[Case], agents: Sequence[Agent], book: Rulebook = FIVE
) -> tuple[dict[int, Finished], Tally]:
    tally = Tally(SHOP)
    found = list(Simulation(book, agents, tally).run(demand))
    assert len(found) == len({one.history.ticket_id for one in found})
    return {one.history.ticket_id: one for one in found}, tally


def _replies(finished: Finished) -> list[float]:
    """Minutes after nine at which a person answered."""
    return [
        (event.at - NINE) / MINUTE
        for event in finished.history.events
        if event.kind is EventKind.AGENT_MESSAGE
    ]


def _counts(tally: Tally, metric: Metric) -> Counts:
    return tally.by("metric").get((metric,), Counts())


def test_one_agent_answers_one_after_the_other() -> None:
    # Both are handed over a minute after they wrote. The first is answered at 4 min, in time; the
    # second waits for the agent from 2 to 4 min, and is answered at 7: six minutes, one too many.
    done, tally = _run([_case(1, NINE), _case(2, NINE + MINUTE)], [Agent(ALWAYS)])
    assert _replies(done[1]) == [4]
    assert _replies(done[2]) == [7]
    assert _counts(tally, Metric.FIRST_RESPONSE) == Counts(kept=1, late=1)
    assert _counts(tally, Metric.RESOLUTION) == Counts(kept=2)


def test_a_second_agent_keeps_both_promises() -> None:
    done, tally = _run([_case(1, NINE), _case(2, NINE + MINUTE)], [Agent(ALWAYS)] * 2)
    assert _replies(done[2]) == [5]
    assert _counts(tally, Metric.FIRST_RESPONSE) == Counts(kept=2)


def test_the_most_urgent_deadline_is_taken_first() -> None:
    urgent = _policy(2 * MINUTE, match=Match(priority=frozenset({"urgent"})), name="urgente")
    book = _book(urgent, _policy(30 * MINUTE))
    demand = [
        _case(1, NINE),
        _case(2, NINE + SECOND),
        _case(3, NINE + MINUTE, facts={"priority": "urgent"}),
    ]
    done, _ = _run(demand, [Agent(ALWAYS)], book)
    assert [_replies(done[number]) for number in (1, 3, 2)] == [[4], [7], [10]]


def test_agents_begin_when_their_day_does_and_finish_what_they_took_up() -> None:
    demand = [
        _case(1, NINE - HOUR),
        _case(2, NINE + 9 * HOUR - 2 * MINUTE),
        _case(3, NINE + 9 * HOUR - MINUTE),
    ]
    done, _ = _run(demand, [Agent(DAY)])
    assert _replies(done[1]) == [3]
    assert _replies(done[2]) == [9 * 60 + 2]
    assert _replies(done[3]) == [24 * 60 + 3]


def test_the_conversation_goes_on_as_long_as_the_contact_does() -> None:
    talk = _case(1, NINE, works=(2 * MINUTE, 4 * MINUTE), thinks=(20 * MINUTE,))
    done, tally = _run([talk], [Agent(ALWAYS)])
    assert _replies(done[1]) == [3, 27]
    assert _counts(tally, Metric.NEXT_RESPONSE) == Counts(kept=1)
    told = [event.payload.get("status") for event in done[1].history.events]
    assert [status for status in told if status] == ["pending", "resolved"]


def test_what_the_bot_solves_asks_for_nobody() -> None:
    done, tally = _run([_case(1, NINE, is_solved_by_bot=True)], [])
    assert done[1].is_resolved
    assert _counts(tally, Metric.FIRST_RESPONSE) == Counts(cancelled=1)
    assert _counts(tally, Metric.RESOLUTION) == Counts(kept=1)


def test_a_bot_slower_than_the_policies_patience_is_overtaken_by_people() -> None:
    book = _book(_policy(10 * MINUTE, chain=[Step("bot", 5 * MINUTE)]))
    slow = _case(1, NINE, bot_time=6 * MINUTE, is_solved_by_bot=True)
    alone, _ = _run([slow], [Agent(ALWAYS)], book)
    assert _replies(alone[1]) == []
    chain = [Step("bot", 5 * MINUTE), Step("agent", HOUR)]
    helped, _ = _run([slow], [Agent(ALWAYS)], _book(_policy(10 * MINUTE, chain=chain)))
    assert _replies(helped[1]) == pytest.approx([8])


def test_escalated_tickets_are_the_seniors_where_there_are_any() -> None:
    chain = [Step("bot", 5 * MINUTE), Step("agent", 10 * MINUTE), Step("senior", HOUR)]
    book = _book(_policy(5 * MINUTE, chain))
    morning = Agent(DAY)
    senior = Agent(ALWAYS, is_senior=True)
    early = _case(1, NINE - HOUR)
    without, _ = _run([early], [morning], book)
    assert _replies(without[1]) == [3]
    # With the bot until 1 min, with agents until 11 min, and then nobody but the senior is there;
    # who would have taken it from the beginning, had they not been busy with another ticket.
    busy = _case(0, NINE - HOUR - MINUTE, works=(20 * MINUTE,))
    done, _ = _run([busy, early], [morning, senior], book)
    assert _replies(done[1]) == [-60 + 20 + 3]


def test_nobody_there_leaves_tickets_open_and_promises_broken() -> None:
    demand = [_case(1, NINE), _case(2, NINE + 2 * HOUR), _case(3, NINE + 9 * HOUR)]
    done, tally = _run(demand, [])
    assert [one.is_resolved for one in done.values()] == [False] * 3
    assert _counts(tally, Metric.FIRST_RESPONSE) == Counts(late=2, running=1)


def _year(seed: int = 7, days: int = 21) -> list[Case]:
    start = instant(datetime(2026, 11, 9, 3, tzinfo=UTC))
    return list(
        shop_year.cases(
            start,
            start + days * 24 * HOUR,
            seed=seed,
            tickets_a_day=60,
            habits=Habits(),
            zone=SHOP,
        )
    )


@pytest.fixture(scope="module")
def three_weeks() -> list[Case]:
    """Black Friday's among them."""
    return _year()


CHAIN = (Step("bot", 5 * MINUTE), Step("agent", 10 * MINUTE), Step("senior", 20 * MINUTE))
REAL = _book(_policy(5 * MINUTE, CHAIN, calendars=dict.fromkeys(Metric, "day")))


def test_the_same_chances_give_the_same_events(three_weeks: list[Case]) -> None:
    assert three_weeks == _year()
    assert three_weeks != _year(seed=8)
    first, again = (_run(three_weeks, [Agent(DAY)] * 3, REAL)[0] for _ in range(2))
    assert first == again


@pytest.mark.parametrize("agents", [0, 1, 4])
def test_every_ticket_comes_out_once(three_weeks: list[Case], agents: int) -> None:
    done, tally = _run(three_weeks, [Agent(DAY)] * agents, REAL)
    assert sorted(done) == [case.number for case in three_weeks]
    assert all(one.is_resolved for one in done.values()) == bool(agents)
    resolutions = _counts(tally, Metric.RESOLUTION)
    assert resolutions.kept + resolutions.late + resolutions.running == len(three_weeks)


def test_every_ticket_s_events_are_in_the_order_of_time(three_weeks: list[Case]) -> None:
    done, _ = _run(three_weeks, [Agent(DAY)] * 2, REAL)
    for one in done.values():
        instants = [event.at for event in one.history.events]
        assert instants == sorted(instants)


def test_the_simulated_events_folded_anew_give_the_same_figures(three_weeks: list[Case]) -> None:
    done, tally = _run(three_weeks, [Agent(DAY)] * 2, REAL)
    until = max(one.history.events[-1].at for one in done.values())
    replay = Replay(REAL, lambda _: REAL, until + 1, SHOP)
    for one in done.values():
        replay.add(one.history)
    names = ("metric", "policy", "priority", "hour")
    assert replay.was.by(*names) == replay.would.by(*names) == tally.by(*names)


def test_more_agents_never_keep_fewer_promises(three_weeks: list[Case]) -> None:
    kept = []
    for agents in (0, 1, 2, 3, 5, 8):
        _, tally = _run(three_weeks, [Agent(DAY)] * agents, REAL)
        kept.append([_counts(tally, metric).kept for metric in list(Metric)[:3]])
    assert kept == sorted(kept)
    for before, after in pairwise(kept):
        assert all(more >= less for less, more in zip(before, after, strict=True))
    assert kept[-1][0] > kept[1][0] > kept[0][0] == 0


def test_a_made_up_year_has_quiet_nights_busy_mondays_and_a_black_friday() -> None:
    start = instant(datetime(2026, 1, 1, 3, tzinfo=UTC))
    end = instant(datetime(2027, 1, 1, 3, tzinfo=UTC))
    year = list(shop_year.cases(start, end, seed=3, tickets_a_day=40, habits=Habits(), zone=SHOP))
    assert len(year) == pytest.approx(shop_year.expected(start, end, 40, SHOP), rel=0.03)
    assert all(start <= one.at < end for one in year)
    assert [one.at for one in year] == sorted(one.at for one in year)
    local = [moment(case.at).astimezone(SHOP) for case in year]
    hours = Counter(at.hour for at in local)
    assert sum(hours[hour] for hour in range(6)) < 0.05 * len(year)
    weekdays = Counter(at.weekday() for at in local)
    assert weekdays[0] > weekdays[5] > 0
    assert Counter(at.date() for at in local).most_common(1)[0][0].isoformat() == "2026-11-27"
    assert 0.5 < sum(case.is_solved_by_bot for case in year) / len(year) < 0.6
    assert not any(case.is_solved_by_bot for case in year if case.facts["intent"] == "fraud_report")


def test_the_demand_in_a_history_is_what_brought_it_about(three_weeks: list[Case]) -> None:
    done, _ = _run(three_weeks, [Agent(ALWAYS)] * 30)
    histories = [done[number].history for number in sorted(done)]
    found = list(cases.recorded(histories, Habits(), seed=1))
    for case, again in zip(three_weeks, found, strict=True):
        assert (again.number, again.at) == (case.number, case.at)
        assert again.thinks == (() if case.is_solved_by_bot else case.thinks)
        assert again.is_solved_by_bot == case.is_solved_by_bot
        assert again.bot_time == case.bot_time
        assert {name: again.facts[name] for name in case.facts} == case.facts
    assert list(cases.recorded(histories, Habits(), seed=1)) == found


def test_history_answered_by_other_people_is_told_beside_what_was() -> None:
    demand = [_case(1, NINE), _case(2, NINE + MINUTE)]
    done, _ = _run(demand, [Agent(ALWAYS)])
    ticks: list[None] = []
    experiment = Experiment(
        FIVE, SHOP, agents=[Agent(ALWAYS)] * 2, habits=Habits(work=MINUTE, work_spread=0)
    )
    result = experiment.restaff(
        [one.history for one in done.values()],
        lambda _: FIVE,
        NINE + 24 * HOUR,
        lambda: ticks.append(None),
    )
    assert (result.tickets, result.unresolved, len(ticks)) == (2, 0, 2)
    assert result.was is not None
    assert _counts(result.was, Metric.FIRST_RESPONSE) == Counts(kept=1, late=1)
    assert _counts(result.would, Metric.FIRST_RESPONSE) == Counts(kept=2)
    assert result.load is not None
    assert (result.load.replies, result.load.work) == (2, 2 * MINUTE)
