"""What was recorded, folded once more: hand-made histories with figures worked out by hand."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings

from sla_service.sla.events import Event, EventKind
from sla_service.sla.instants import HOUR, MINUTE, instant
from sla_service.sla.policy import Metric, Policy, Reopening, Rulebook, Step
from sla_service.sla.replay import Account, History, Replay
from sla_service.sla.tally import Counts, Tally, compared, outcome
from tests.sla_service.sla.stories import Story, stories

SHOP = ZoneInfo("America/Sao_Paulo")
NINE = instant(datetime(2026, 5, 4, 12, tzinfo=UTC))  # 09:00 in São Paulo
K = EventKind


def _book(number: int, first: int, *chain: Step, **changes: Any) -> Rulebook:
    targets = {
        Metric.FIRST_RESPONSE: {"normal": first, "high": first},
        Metric.NEXT_RESPONSE: {"normal": 10 * MINUTE, "high": 10 * MINUTE},
        Metric.RESOLUTION: {"normal": 2 * HOUR, "high": HOUR},
    }
    policy = Policy(f"book {number}", targets=targets, chain=chain, **changes)
    return Rulebook(number, (policy,), {})


def _history(*happened: tuple[int, EventKind, dict[str, Any]]) -> History:
    """Minutes after nine, and what happened."""
    events = [Event(NINE + minute * MINUTE, kind, told) for minute, kind, told in happened]
    return History(1, 1, events)


ANSWERED_AT_SEVEN = _history(
    (0, K.OPENED, {"tier": "bot"}),
    (0, K.CONTACT_MESSAGE, {}),
    (2, K.ASSIGNMENT, {"tier": "agent"}),
    (7, K.AGENT_MESSAGE, {}),
    (90, K.STATUS, {"status": "resolved"}),
)


def _replay(history: History, was: Rulebook, would: Rulebook, minutes: int = 600) -> Replay:
    replay = Replay(would, lambda _: was, NINE + minutes * MINUTE, SHOP)
    replay.add(history)
    return replay


def _counts(tally: Tally, metric: Metric) -> Counts:
    return tally.by("metric").get((metric,), Counts())


def test_a_shorter_promise_would_have_been_broken_by_the_same_answer() -> None:
    replay = _replay(ANSWERED_AT_SEVEN, _book(1, 10 * MINUTE), _book(2, 5 * MINUTE))
    assert replay.was.by("metric", "policy", "priority", "hour") == {
        (Metric.FIRST_RESPONSE, "book 1", "normal", 9): Counts(kept=1),
        (Metric.RESOLUTION, "book 1", "normal", 9): Counts(kept=1),
    }
    assert replay.would.by("metric", "policy") == {
        (Metric.FIRST_RESPONSE, "book 2"): Counts(late=1),
        (Metric.RESOLUTION, "book 2"): Counts(kept=1),
    }
    beside = list(compared(replay.was, replay.would, "metric"))
    assert beside[0] == ((Metric.FIRST_RESPONSE,), Counts(kept=1), Counts(late=1))


def test_escalations_follow_the_other_policy() -> None:
    # A bot that may take a minute hands over at 1 min; the agent's 3 min end at 4, the senior has
    # it then, until the answer at 7. Nobody assigned anything: it follows from the policy.
    steps = Step("bot", MINUTE), Step("agent", 3 * MINUTE), Step("senior", HOUR)
    patient = _book(1, HOUR, Step("bot", HOUR), Step("agent", HOUR))
    hasty = _book(2, HOUR, *steps)
    replay = _replay(ANSWERED_AT_SEVEN, patient, hasty)
    assert _counts(replay.was, Metric.ESCALATION) == Counts(kept=2)
    # bot late; agent until the bot's own handover at 2 min, which changes nothing any more; late
    # at 4 min; senior kept at 7.
    assert _counts(replay.would, Metric.ESCALATION) == Counts(kept=1, late=2)


def test_what_is_not_due_by_the_end_is_still_running() -> None:
    history = _history((0, K.CONTACT_MESSAGE, {}))
    replay = _replay(history, _book(1, 10 * MINUTE), _book(2, 60 * MINUTE), minutes=30)
    assert _counts(replay.was, Metric.FIRST_RESPONSE) == Counts(late=1)
    assert _counts(replay.would, Metric.FIRST_RESPONSE) == Counts(running=1)


def test_a_change_of_rulebook_happened_only_on_the_side_where_it_did() -> None:
    history = _history(
        (0, K.CONTACT_MESSAGE, {}),
        (1, K.RULEBOOK, {"rulebook": 2}),
        (7, K.AGENT_MESSAGE, {}),
    )
    books = {1: _book(1, 10 * MINUTE), 2: _book(2, 5 * MINUTE)}
    replay = Replay(books[1], books.__getitem__, NINE + HOUR, SHOP)
    replay.add(history)
    assert replay.was.by("metric", "policy")[Metric.FIRST_RESPONSE, "book 2"] == Counts(late=1)
    assert replay.would.by("metric", "policy")[Metric.FIRST_RESPONSE, "book 1"] == Counts(kept=1)


def test_a_reopened_resolution_is_one_promise_unless_the_policy_begins_anew() -> None:
    history = _history(
        (0, K.CONTACT_MESSAGE, {}),
        (30, K.STATUS, {"status": "resolved"}),
        (40, K.STATUS, {"status": "open"}),
        (150, K.STATUS, {"status": "resolved"}),
    )
    anew = _book(2, HOUR, reopening=Reopening.RESTART)
    replay = _replay(history, _book(1, HOUR), anew)
    assert _counts(replay.was, Metric.RESOLUTION) == Counts(late=1)  # 30 + 110 of 120 minutes
    assert _counts(replay.would, Metric.RESOLUTION) == Counts(kept=2)


def test_a_promise_counts_under_the_priority_that_it_ended_with() -> None:
    history = _history(
        (0, K.CONTACT_MESSAGE, {}),
        (5, K.AGENT_MESSAGE, {}),
        (6, K.PRIORITY, {"priority": "high"}),
        (59, K.STATUS, {"status": "resolved"}),
    )
    replay = _replay(history, _book(1, HOUR), _book(1, HOUR))
    assert replay.was.by("metric", "priority") == {
        (Metric.FIRST_RESPONSE, "normal"): Counts(kept=1),
        (Metric.RESOLUTION, "high"): Counts(kept=1),
    }


def test_a_late_promise_stays_late_when_it_is_given_up() -> None:
    history = _history((0, K.CONTACT_MESSAGE, {}), (20, K.STATUS, {"status": "resolved"}))
    replay = _replay(history, _book(1, 10 * MINUTE), _book(2, HOUR))
    assert _counts(replay.was, Metric.FIRST_RESPONSE) == Counts(late=1)
    assert _counts(replay.would, Metric.FIRST_RESPONSE) == Counts(cancelled=1)


def test_percent_is_of_those_decided() -> None:
    assert Counts(kept=2, late=1, cancelled=5, running=9).percent == 66.67
    assert Counts(cancelled=1).percent is None


@settings(max_examples=150, deadline=None)
@given(stories())
def test_every_promise_of_a_ticket_is_counted_once(story: Story) -> None:
    whole = story.told()
    whole.advance(story.end)
    tally = Tally(SHOP)
    account = Account(story.fresh(), tally)
    for event in story.events:
        account.happen(event)
    account.advance(story.end)
    account.close()
    expected = Counter(
        (clock.metric, outcome(clock))
        for clock in whole.clocks
        if clock.target is not None or clock.fired
    )
    found = {
        (metric, became): getattr(counts, became)
        for (metric,), counts in tally.by("metric").items()
        for became in ("kept", "late", "cancelled", "running")
        if getattr(counts, became)
    }
    assert found == dict(expected)
