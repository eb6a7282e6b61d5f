"""Which ticket a message joins."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_service.tickets.threading import LastTicket, Threading, decide

_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
_DAY = timedelta(hours=24)


def _last(*, hours_ago: float, resolved: bool = False, people: bool = False) -> LastTicket:
    return LastTicket(resolved, people, _AT - timedelta(hours=hours_ago))


@pytest.mark.parametrize(
    ("last", "after_window", "expected"),
    [
        (None, "follow_up", Threading.OPEN),
        (_last(hours_ago=1), "follow_up", Threading.JOIN),
        (_last(hours_ago=24), "follow_up", Threading.JOIN),
        (_last(hours_ago=24.01), "follow_up", Threading.FOLLOW_UP),
        (_last(hours_ago=24.01), "reopen", Threading.JOIN),
        (_last(hours_ago=1, resolved=True), "follow_up", Threading.REOPEN),
        (_last(hours_ago=30, resolved=True), "follow_up", Threading.FOLLOW_UP),
        (_last(hours_ago=30, resolved=True), "reopen", Threading.REOPEN),
        (_last(hours_ago=30, people=True), "follow_up", Threading.JOIN),
        (_last(hours_ago=30, people=True, resolved=True), "follow_up", Threading.FOLLOW_UP),
    ],
)
def test_the_window_and_who_works_on_it_decide(
    last: LastTicket | None, after_window: Literal["follow_up", "reopen"], expected: Threading
) -> None:
    assert decide(last, _AT, _DAY, after_window) is expected


@given(st.integers(0, 200), st.booleans(), st.integers(1, 100))
def test_a_message_within_the_window_never_opens_a_ticket(
    hours: int, resolved: bool, window: int
) -> None:
    decision = decide(
        _last(hours_ago=min(hours, window), resolved=resolved),
        _AT,
        timedelta(hours=window),
        "follow_up",
    )
    assert decision in (Threading.JOIN, Threading.REOPEN)
