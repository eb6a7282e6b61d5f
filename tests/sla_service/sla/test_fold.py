"""Logs of tickets with deadlines worked out by hand."""

from dataclasses import replace

import pytest

from sla_service.sla.events import Event, EventKind
from sla_service.sla.instants import HOUR, MINUTE
from sla_service.sla.policy import Reopening
from tests.sla_service.sla.by_hand import (
    ALL_DAY,
    FIRST,
    NEXT,
    RESOLUTION,
    SHOP_HOURS,
    at,
    due,
    fired,
    states,
    told,
    written,
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("06 17:50", "07 09:20"),  # Friday evening: ten minutes, and twenty on Saturday
        ("06 17:30", "06 18:00"),  # a deadline at closing stays at closing
        ("06 11:45", "06 13:15"),  # over lunch
        ("06 12:20", "06 13:30"),  # asked at lunch
        ("07 12:59", "09 09:29"),  # Saturday's last minute, then Monday
        ("08 03:00", "09 09:30"),  # Sunday night
        ("09 08:59:59", "09 09:30"),
    ],
)
def test_half_an_hour_of_the_shop_s_time(asked: str, expected: str) -> None:
    assert due(told(SHOP_HOURS, f"{asked} contact_message"), FIRST) == expected


def test_eight_hours_of_the_shop_s_time_with_a_pause_over_sunday() -> None:
    asked = "06 17:50 contact_message"
    assert due(told(SHOP_HOURS, asked), RESOLUTION) == "09 13:50"
    waiting = told(SHOP_HOURS, asked, "07 10:00 status pending")
    assert due(waiting, RESOLUTION) is None
    assert waiting.live(RESOLUTION).used(at("08 10:00")) == 70 * MINUTE  # type: ignore[union-attr]
    back = told(SHOP_HOURS, asked, "07 10:00 status pending", "09 11:00 contact_message")
    assert back.status == "open"
    assert due(back, RESOLUTION) == "10 09:50"


@pytest.mark.parametrize(
    ("answered", "state", "breached"),
    [
        ("07 09:19:59", "fulfilled", None),
        ("07 09:20:00", "fulfilled", None),
        ("07 09:20:01", "breached", "07 09:20"),
        ("08 12:00:00", "breached", "07 09:20"),
    ],
)
def test_an_answer_at_the_deadline_is_in_time_and_a_second_later_is_not(
    answered: str, state: str, breached: str | None
) -> None:
    ticket = told(SHOP_HOURS, "06 17:50 contact_message", f"{answered} agent_message")
    clock = next(one for one in ticket.clocks if one.metric is FIRST)
    assert clock.state == state
    assert written(clock.breached_at) == breached
    assert clock.stopped_at == at(answered)


def test_warnings_come_before_the_breach_and_each_once() -> None:
    ticket = told(ALL_DAY, "06 10:00 contact_message", until="06 12:00")
    wanted = [("warned_50", "06 10:30"), ("warned_80", "06 10:48"), ("breached", "06 11:00")]
    assert fired(ticket, FIRST) == wanted
    ticket.advance(at("09 10:00"))
    assert fired(ticket, FIRST) == wanted


def test_warnings_behind_a_new_target_are_not_sent() -> None:
    ticket = told(ALL_DAY, "06 10:00 contact_message", "06 10:06 priority urgent", until="06 11:00")
    assert fired(ticket, FIRST) == [("warned_80", "06 10:08"), ("breached", "06 10:10")]


def test_a_warning_that_is_due_at_the_very_change_is_sent() -> None:
    ticket = told(ALL_DAY, "06 10:00 contact_message", "06 10:05 priority urgent", until="06 10:06")
    assert fired(ticket, FIRST) == [("warned_50", "06 10:05")]


def test_a_target_below_what_was_consumed_is_breached_at_the_change() -> None:
    ticket = told(ALL_DAY, "06 10:00 contact_message", "06 10:20 priority urgent", until="06 10:21")
    assert fired(ticket, FIRST) == [("breached", "06 10:20")]
    ticket.apply(Event(at("06 10:22"), EventKind.PRIORITY, {"priority": "normal"}))
    assert states(ticket, FIRST) == ["breached"]


def test_an_answer_together_with_a_target_that_is_behind_already_is_late() -> None:
    ticket = told(
        ALL_DAY,
        "06 10:00 contact_message",
        "06 10:20 priority urgent",
        "06 10:20 agent_message",
    )
    assert states(ticket, FIRST) == ["breached"]
    assert fired(ticket, FIRST) == [("breached", "06 10:20")]


def test_a_target_lowered_during_a_pause_counts_when_it_is_resolved_from_there() -> None:
    ticket = told(
        ALL_DAY,
        "06 10:00 contact_message",
        "06 13:00 status pending",
        "06 14:00 priority urgent",
        until="06 20:00",
    )
    assert states(ticket, RESOLUTION) == ["paused"]
    ticket.apply(Event(at("06 21:00"), EventKind.STATUS, {"status": "resolved"}))
    assert states(ticket, RESOLUTION) == ["breached"]
    assert fired(ticket, RESOLUTION) == [("breached", "06 21:00")]


def test_resolved_without_an_answer_is_cancelled_and_the_next_message_is_owed_one() -> None:
    ticket = told(
        ALL_DAY,
        "06 10:00 contact_message",
        "06 10:04 status resolved",
        "06 15:00 contact_message",
    )
    assert states(ticket, FIRST) == ["cancelled"]
    assert due(ticket, NEXT) == "06 15:30"
    assert due(ticket, RESOLUTION) == "07 14:56"  # four minutes were consumed


def test_a_reopened_ticket_may_start_again() -> None:
    ticket = told(
        replace(ALL_DAY, reopening=Reopening.RESTART),
        "06 10:00 contact_message",
        "06 10:04 status resolved",
        "06 15:00 contact_message",
    )
    assert states(ticket, RESOLUTION) == ["fulfilled", "running"]
    assert due(ticket, RESOLUTION) == "07 15:00"


@pytest.mark.parametrize(
    ("status", "after"), [("pending", "open"), ("resolved", "open"), ("on_hold", "on_hold")]
)
def test_a_contact_s_message_ends_the_wait_for_them(status: str, after: str) -> None:
    ticket = told(
        ALL_DAY, "06 10:00 contact_message", f"06 10:04 status {status}", "06 15:00 contact_message"
    )
    assert ticket.status == after


def test_each_further_unanswered_run_is_a_cycle_that_its_messages_do_not_move() -> None:
    log = [
        "06 10:00 contact_message",
        "06 10:01 agent_message",
        "06 10:10 contact_message",
        "06 10:20 contact_message",
    ]
    assert due(told(ALL_DAY, *log), NEXT) == "06 10:40"
    ticket = told(ALL_DAY, *log, "06 10:41 agent_message", "06 10:50 contact_message")
    assert states(ticket, NEXT) == ["breached", "running"]
    assert due(ticket, NEXT) == "06 11:20"


def test_a_merge_counts_from_when_the_older_message_came() -> None:
    ticket = told(ALL_DAY, "06 10:00 contact_message")
    anchors = {"first_contact_at": at("05 12:00"), "unanswered_at": at("06 09:30")}
    ticket.apply(Event(at("06 10:10"), EventKind.MERGED_FROM, anchors))
    assert due(ticket, FIRST) == "06 10:30"
    assert due(ticket, RESOLUTION) == "06 12:00"
    ticket.advance(at("06 10:20"))
    assert fired(ticket, FIRST) == [("warned_80", "06 10:18")]  # half of it was behind already
    ticket.apply(Event(at("06 10:20"), EventKind.MERGED_INTO))
    assert states(ticket, FIRST) == states(ticket, RESOLUTION) == ["cancelled"]


def test_a_message_is_owed_an_answer_before_anything_was_promised() -> None:
    silent = replace(ALL_DAY, targets={FIRST: {"urgent": HOUR}})
    ticket = told(silent, "06 10:00 contact_message")
    assert due(ticket, FIRST) is None
    ticket.apply(Event(at("06 10:40"), EventKind.PRIORITY, {"priority": "urgent"}))
    assert due(ticket, FIRST) == "06 11:00"
