"""What is told about a wait is true, and in the designers' words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sla_service.conversations import wording
from sla_service.handoff import telling
from sla_service.handoff.tables import Reason
from sla_service.handoff.waiting import Figures, Wait, WaitKind, estimate
from sla_service.settings import ROOT

WORDS = wording.load(ROOT / "data")
TUESDAY = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)  # 19:30 in São Paulo


def _figures(**changes: Any) -> Figures:
    usual: dict[str, Any] = {
        "ahead": 0,
        "there": 2,
        "is_somebody_free": False,
        "pickups": [timedelta(minutes=4)] * 5,
        "opens_at": None,
    }
    return Figures(**{**usual, **changes})


def test_with_somebody_free_and_nobody_ahead_it_is_now() -> None:
    assert estimate(_figures(is_somebody_free=True)).kind is WaitKind.NOW


def test_somebody_who_works_after_hours_is_there_all_the_same() -> None:
    assert estimate(_figures(is_somebody_free=True, opens_at=TUESDAY)).kind is WaitKind.NOW


def test_outside_business_hours_the_opening_is_told_and_no_minutes() -> None:
    wait = estimate(_figures(opens_at=TUESDAY, time_zone="America/Sao_Paulo"))
    assert (wait.kind, wait.opens_at, wait.minutes) == (WaitKind.CLOSED, TUESDAY, None)


@pytest.mark.parametrize(
    ("ahead", "pickup", "minutes"),
    [(0, 4, 5), (2, 4, 10), (0, 0.2, 2), (4, 15, 45), (9, 15, None)],
)
def test_the_minutes_come_from_the_queues_own_figures_and_are_rounded_up(
    ahead: int, pickup: float, minutes: int | None
) -> None:
    pickups = [timedelta(minutes=pickup)] * 7
    wait = estimate(_figures(ahead=ahead, pickups=pickups))
    assert (wait.kind, wait.minutes) == (WaitKind.MINUTES, minutes)


def test_one_long_night_does_not_spoil_the_estimate() -> None:
    pickups = [*[timedelta(minutes=3)] * 4, timedelta(hours=9)]
    assert estimate(_figures(pickups=pickups)).minutes == 3


@pytest.mark.parametrize("figures", [_figures(pickups=[]), _figures(there=0)])
def test_without_figures_no_number_is_made_up(figures: Figures) -> None:
    assert estimate(figures) == Wait(WaitKind.UNKNOWN)


@pytest.mark.parametrize(
    ("opens_at", "portuguese", "english"),
    [
        (datetime(2026, 3, 3, 23, 0, tzinfo=UTC), "hoje às 20h", "today at 20:00"),
        (datetime(2026, 3, 4, 12, 0, tzinfo=UTC), "amanhã às 9h", "tomorrow at 9:00"),
        (datetime(2026, 3, 4, 12, 30, tzinfo=UTC), "amanhã às 9h30", "tomorrow at 9:30"),
        (datetime(2026, 3, 7, 12, 0, tzinfo=UTC), "no sábado às 9h", "on Saturday at 9:00"),
        (datetime(2026, 3, 9, 12, 0, tzinfo=UTC), "na segunda-feira às 9h", "on Monday at 9:00"),
        (
            datetime(2026, 3, 10, 12, 0, tzinfo=UTC),
            "no dia 10 de março às 9h",
            "on March 10 at 9:00",
        ),
    ],
)
def test_an_opening_is_told_as_people_say_it(
    opens_at: datetime, portuguese: str, english: str
) -> None:
    wait = Wait(WaitKind.CLOSED, opens_at=opens_at, time_zone="America/Sao_Paulo")
    assert portuguese in telling.about_wait(WORDS, wait, "pt", at=TUESDAY)
    assert english in telling.about_wait(WORDS, wait, "en", at=TUESDAY)


@pytest.mark.parametrize("language", ["pt", "en", None])
@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize(
    "wait",
    [
        Wait(WaitKind.NOW),
        Wait(WaitKind.MINUTES, 10),
        Wait(WaitKind.MINUTES),
        Wait(WaitKind.CLOSED, opens_at=TUESDAY, time_zone="America/Sao_Paulo"),
        Wait(WaitKind.UNKNOWN),
    ],
)
def test_each_reason_and_each_wait_has_words_in_each_language(
    wait: Wait, reason: Reason, language: str | None
) -> None:
    said = telling.handed_over(WORDS, reason, wait, language, at=TUESDAY, ticket=1024)
    assert "1024" in said
    assert "{" not in said
    assert telling.about_wait(WORDS, wait, language, at=TUESDAY) in said
