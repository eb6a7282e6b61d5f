"""Who gets an unanswered message, and when the promise of people begins."""

from dataclasses import replace

from sla_service.sla.instants import MINUTE
from sla_service.sla.policy import Match, Starts, Step
from tests.sla_service.sla.by_hand import (
    ALL_DAY,
    ESCALATION,
    FIRST,
    NEXT,
    due,
    fired,
    states,
    told,
    written,
)


def test_an_unanswered_message_climbs_to_the_last_tier_and_stays_there() -> None:
    ticket = told(ALL_DAY, "06 10:00 contact_message", until="07 10:00")
    climbed = [
        (written(one.at), one.tier, one.next_tier)
        for one in ticket.effects
        if one.metric is ESCALATION
    ]
    assert climbed == [
        ("06 10:05", "bot", "agent"),
        ("06 10:15", "agent", "senior"),
        ("06 10:35", "senior", None),
    ]
    assert ticket.tier == "senior"
    assert ticket.live(ESCALATION) is None


def test_an_acknowledgement_stops_the_chain_until_the_next_unanswered_message() -> None:
    log = ["06 10:00 contact_message", "06 10:07 acknowledgement", "06 10:08 contact_message"]
    ticket = told(ALL_DAY, *log, until="06 12:00")
    assert fired(ticket, ESCALATION) == [("breached", "06 10:05")]
    assert states(ticket, ESCALATION) == ["breached", "cancelled"]
    answered = [*log, "06 12:00 agent_message", "06 13:00 contact_message"]
    assert due(told(ALL_DAY, *answered), ESCALATION) == "06 13:10"  # the agent still has it


def test_a_reassignment_gives_the_next_tier_its_own_patience() -> None:
    ticket = told(ALL_DAY, "06 10:00 contact_message", "06 10:03 assignment senior")
    assert due(ticket, ESCALATION) == "06 10:23"
    assert states(ticket, ESCALATION) == ["fulfilled", "running"]


def test_whoever_gets_what_they_have_already_gets_no_new_patience() -> None:
    ticket = told(ALL_DAY, "06 10:00 contact_message", "06 10:03 assignment bot")
    assert due(ticket, ESCALATION) == "06 10:05"
    assert states(ticket, ESCALATION) == ["running"]


def test_nobody_is_called_for_a_message_that_was_answered_as_patience_grew_shorter() -> None:
    hurried = replace(ALL_DAY, chain=(Step("bot", MINUTE),), match=Match(frozenset({"urgent"})))
    ticket = told(
        (hurried, ALL_DAY),
        "06 10:00 contact_message",
        "06 10:03 priority urgent",
        "06 10:03 agent_message",
    )
    assert states(ticket, ESCALATION) == ["cancelled"]
    assert fired(ticket, ESCALATION) == []


def test_escalation_waits_while_the_contact_is_waited_for() -> None:
    ticket = told(
        ALL_DAY, "06 10:00 contact_message", "06 10:02 status pending", "06 10:30 status open"
    )
    assert due(ticket, ESCALATION) == "06 10:33"


def test_what_the_bot_says_counts_where_the_policy_says_so() -> None:
    log = ["06 10:00 contact_message", "06 10:00:05 bot_message"]
    assert states(told(ALL_DAY, *log), FIRST) == ["running"]
    assert states(told(replace(ALL_DAY, bot_counts=True), *log), FIRST) == ["fulfilled"]


def test_a_promise_of_people_runs_from_the_handoff_to_their_answer() -> None:
    policy = replace(ALL_DAY, starts=Starts.HANDOFF)
    log = ["06 10:00 contact_message", "06 10:00:05 bot_message"]
    assert states(told(policy, *log), FIRST) == []
    escalated = told(policy, *log, until="06 10:05:01")
    assert due(escalated, FIRST) == "06 11:05"
    handed = [*log, "06 10:02 assignment agent"]
    assert due(told(policy, *handed), FIRST) == "06 11:02"
    back = told(policy, *handed, "06 10:10 assignment bot", "06 10:12 assignment agent")
    assert states(back, FIRST) == ["cancelled"]
    assert due(back, NEXT) == "06 10:42"


def test_whoever_the_bot_answered_and_handed_over_waits_for_a_person() -> None:
    policy = replace(ALL_DAY, starts=Starts.HANDOFF, bot_counts=True)
    ticket = told(
        policy, "06 10:00 contact_message", "06 10:00:05 bot_message", "06 10:01 assignment agent"
    )
    assert due(ticket, FIRST) == "06 11:01"
    assert due(ticket, ESCALATION) == "06 10:11"
