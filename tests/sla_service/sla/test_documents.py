"""Policies as managers write them: what is wrong is said with the line, all of it at once."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from sla_service.sla import documents
from sla_service.sla.instants import duration, instant, moment
from sla_service.sla.policy import Facts, Match, Metric, Reopening, Starts, Step
from sla_service.sla.problems import PolicyErrors

ROOT = Path(__file__).parents[3]
_LOJA = """\
calendars:
  loja: {time_zone: America/Sao_Paulo, hours: {mon-fri: ["09:00-18:00"]}}
policies:
"""
_MINUTE = 60_000_000
_QUOTED = re.compile(r"`[^`]+`")


def said(text: str) -> list[tuple[int, str, str]]:
    """Everything that is wrong with a text."""
    return [(one.line, one.where, one.message) for one in documents.read(text).errors]


def doubted(text: str) -> list[tuple[int, str, str]]:
    """Everything that is doubtful about a text that can be used."""
    reading = documents.read(text)
    assert reading.document is not None, reading.problems
    return [(one.line, one.where, one.message) for one in reading.problems]


_NOT_A_DURATION = (
    "This is not a length of time; write it like `90 s`, `5 min`, `2 h`, `1h30` or `PT30M`."
)
_EMPTY = "This is left empty: fill it in, or take the line out."

# What is written below `_LOJA`, from line 4 on → where, and what is said of it.
_FAULTS: dict[str, tuple[str, int, str, str]] = {
    "an unknown key": (
        "- {name: a, taget: 5 min}",
        4,
        "policies[0].taget",
        "`taget` is not known here; did you mean `targets`?",
    ),
    "a key nothing like any": (
        "- name: a\n  match: {xyz: 1}",
        5,
        "policies[0].match.xyz",
        (
            "`xyz` is not known here; known are `priority`, `channel`, `segment`, `intent`, "
            "`language` and `tags`."
        ),
    ),
    "no name": ("- calendar: loja", 4, "policies[0].name", "`name` is missing."),
    "a name twice": (
        "- name: a\n- name: b\n- name: a",
        6,
        "policies[2].name",
        "Another policy on line 4 is called `a` too.",
    ),
    "a name that means none": (
        "- name: none",
        4,
        "policies[0].name",
        "`none` is how tickets without a policy are told; choose another name.",
    ),
    "a key twice": (
        "- name: a\n  calendar: loja\n  calendar: loja",
        6,
        "policies[0].calendar",
        "`calendar` is here twice; it is on line 5 too.",
    ),
    "an unknown calendar": (
        "- name: a\n  calendar: lojja",
        5,
        "policies[0].calendar",
        "Calendar `lojja` is not known here; did you mean `loja`?",
    ),
    "an unknown calendar of a metric": (
        "- name: a\n  calendars:\n    resolution: never",
        6,
        "policies[0].calendars.resolution",
        "Calendar `never` is not known here; known are `loja`.",
    ),
    "an unknown metric": (
        "- name: a\n  targets: {frist_response: 5 min}",
        5,
        "policies[0].targets.frist_response",
        "Metric `frist_response` is not known here; did you mean `first_response`?",
    ),
    "a target of the escalation": (
        "- name: a\n  targets: {escalation: 5 min}",
        5,
        "policies[0].targets.escalation",
        "How long an escalation waits stands in `escalation`, tier by tier.",
    ),
    "an unknown priority": (
        "- name: a\n  targets:\n    resolution: {hihg: 5 min}",
        6,
        "policies[0].targets.resolution.hihg",
        "Priority `hihg` is not known here; did you mean `high`?",
    ),
    "an unknown priority to match": (
        "- name: a\n  match: {priority: urgentissimo}",
        5,
        "policies[0].match.priority",
        "Priority `urgentissimo` is not known here; did you mean `urgent`?",
    ),
    "a match that is left empty": (
        "- name: a\n  match: {intent: }",
        5,
        "policies[0].match.intent",
        _EMPTY,
    ),
    "a match of none": (
        "- name: a\n  match: {intent: []}",
        5,
        "policies[0].match.intent",
        "Name at least one, or take the line out: then any will do.",
    ),
    "targets left empty": ("- name: a\n  targets:", 5, "policies[0].targets", _EMPTY),
    "a status that pauses nothing": (
        "- name: a\n  pauses: {resolution: open}",
        5,
        "policies[0].pauses.resolution",
        "Status that pauses `open` is not known here; known are `pending` and `on_hold`.",
    ),
    "a number without a unit": (
        "- name: a\n  targets: {resolution: 24}",
        5,
        "policies[0].targets.resolution",
        "The unit is missing: write `24 min` or `24 h`.",
    ),
    "no time at all": (
        "- name: a\n  targets: {resolution: 0 min}",
        5,
        "policies[0].targets.resolution",
        "A promise needs more time than none.",
    ),
    "a time before": (
        "- name: a\n  targets: {resolution: -5 min}",
        5,
        "policies[0].targets.resolution",
        _NOT_A_DURATION,
    ),
    "a time of day for a duration": (
        "- name: a\n  targets: {resolution: 18:00}",
        5,
        "policies[0].targets.resolution",
        _NOT_A_DURATION,
    ),
    "a warning at the deadline": (
        "- name: a\n  warnings: [50%, 100%]",
        5,
        "policies[0].warnings[1]",
        "A warning comes before the deadline: between 0% and 100%, as `80%`.",
    ),
    "a warning of nothing": (
        "- name: a\n  warnings:\n  - 50%\n  - 0",
        7,
        "policies[0].warnings[1]",
        "A warning comes before the deadline: between 0% and 100%, as `80%`.",
    ),
    "a warning that is no number": (
        "- name: a\n  warnings: half",
        5,
        "policies[0].warnings",
        "Write a part of the target, such as `80%`.",
    ),
    "a tier twice": (
        "- name: a\n  escalation:\n  - {tier: bot, after: 1 h}\n  - {tier: bot, after: 2 h}",
        7,
        "policies[0].escalation[1].tier",
        "The tier `bot` is in the chain twice.",
    ),
    "a chain upside down": (
        "- name: a\n  escalation:\n  - {tier: senior, after: 1 h}\n  - {tier: agent, after: 2 h}",
        7,
        "policies[0].escalation[1].tier",
        "The tier `agent` comes before `senior` in a chain, not after it.",
    ),
    "a step without its time": (
        "- name: a\n  escalation:\n  - tier: bot",
        6,
        "policies[0].escalation[0].after",
        "`after` is missing.",
    ),
    "neither yes nor no": (
        "- name: a\n  bot_counts: perhaps",
        5,
        "policies[0].bot_counts",
        "Write yes or no.",
    ),
    "an unknown beginning": (
        "- name: a\n  starts: handof",
        5,
        "policies[0].starts",
        "Beginning `handof` is not known here; did you mean `handoff`?",
    ),
    "a policy that is a word": (
        "- padrao",
        4,
        "policies[0]",
        "Lines of the form `key: value` are expected here.",
    ),
    "a tag": (
        "- name: !important a",
        4,
        "policies[0].name",
        "Tags such as `!important` have no meaning here.",
    ),
}


@pytest.mark.parametrize("fault", _FAULTS)
def test_what_is_wrong_is_said_with_its_line(fault: str) -> None:
    text, *expected = _FAULTS[fault]
    assert said(_LOJA + text) == [tuple(expected)]


@pytest.mark.parametrize("fault", _FAULTS)
def test_what_is_wrong_is_said_in_portuguese_with_the_same_facts(fault: str) -> None:
    (problem,) = documents.read(_LOJA + _FAULTS[fault][0]).errors
    portuguese = problem.plain("pt")
    assert portuguese["message"] != problem.message
    assert portuguese == problem.plain() | {"message": portuguese["message"]}
    assert problem.said("pt").startswith(f"linha {problem.line} ({problem.where}): ")
    named = _QUOTED.findall(problem.message)
    assert set(named) - {"`key: value`"} <= {*_QUOTED.findall(portuguese["message"])}


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_lines() -> None:
    text = dedent("""\
        calendars:
          loja:
            time_zone: Sao_Paulo
            hours: {mon-fry: 09:00-18:00}
        policies:
          - name: a
            calendar: lojinha
            bot_counts: sim
            targets: {resolution: soon}
        """)
    with pytest.raises(PolicyErrors) as refused:
        documents.parse(text)
    assert [(one.line, one.where) for one in refused.value.problems] == [
        (3, "calendars.loja.time_zone"),
        (4, "calendars.loja.hours.mon-fry"),
        (7, "policies[0].calendar"),
        (9, "policies[0].targets.resolution"),
    ]
    assert refused.value.details["problems"][2] == {
        "line": 7,
        "where": "policies[0].calendar",
        "message": "Calendar `lojinha` is not known here; did you mean `loja`?",
        "is_warning": False,
    }
    assert "line 7 (policies[0].calendar): Calendar" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line", "beginning"),
    [
        ("", 1, "The document must have the keys"),
        ("padrao", 1, "The document must have the keys"),
        ("calendars: {}", 1, "`policies` is missing."),
        ("policies:\n  - name: [a", 2, "This is not readable as YAML"),
        ("policies: []\n---\npolicies: []", 2, "This is not readable as YAML"),
        ("policies: []\n# \x00", 2, "There is a character here"),
        ("policies: &all [*all]", 1, "This is nested too deeply."),
        ("[" * 5000, 1, "This is nested too deeply."),
        ("policies: []\n? [a, b]\n: c", 2, "A key must be a word."),
    ],
)
def test_what_is_no_document_is_told_as_such(text: str, line: int, beginning: str) -> None:
    problems = said(text)
    assert [one[0] for one in problems] == [line]
    assert problems[0][2].startswith(beginning)


def test_few_lines_that_unfold_to_millions_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 9):
        before = f"*a{level - 1}"
        lines.append(f"a{level}: &a{level} [{', '.join([before] * 10)}]")
    assert [one[2] for one in said("\n".join(lines))] == ["This is nested too deeply."]


def test_words_that_yaml_would_turn_into_something_else_stay_words() -> None:
    text = dedent("""\
        calendars:
          noite:
            time_zone: Europe/Oslo
            hours: {mon-thu: 18:00-24:00, fri: [18:00-22:30]}
            closed: {2026-12-24: on, 2026-12-25: yes}
            special: {2026-12-31: [18:00-20:00]}
        policies:
          - name: no
            match: {language: no, segment: [2024, 1_000, 0x10, 010, true]}
            bot_counts: no
            calendar: noite
        """)
    document = documents.parse(text)
    assert document.policies[0].name == "no"
    assert document.policies[0].match[0].language == ("no",)
    assert document.policies[0].match[0].segment == ("2024", "1_000", "0x10", "010", "true")
    assert document.policies[0].bot_counts is False
    assert document.calendars["noite"].closed == {
        date(2026, 12, 24): "on",
        date(2026, 12, 25): "yes",
    }


def test_a_single_value_stands_for_a_list_and_for_every_priority() -> None:
    short = documents.parse(
        _LOJA + "- {name: a, match: {intent: x}, warnings: 80%, targets: {resolution: 1h30}}"
    )
    long = documents.parse(
        _LOJA + "- name: a\n  match: [{intent: [x, x]}]\n  warnings: [0.8, 80%]\n"
        "  targets: {resolution: {low: 90 min, normal: PT1H30M, high: 1.5 h, urgent: 5400 s}}"
    )
    assert short == long


def test_the_parts_that_are_left_out_mean_what_the_documentation_says() -> None:
    policy = documents.rulebook(documents.parse("policies: [{name: a}]"), 1).policies[0]
    assert policy.match == Match()
    assert policy.targets == {}
    assert policy.calendars == {}
    assert policy.warnings == ()
    assert policy.bot_counts is False
    assert policy.pauses == {
        Metric.RESOLUTION: frozenset({"pending"}),
        Metric.ESCALATION: frozenset({"pending"}),
    }
    assert (policy.starts, policy.reopening) == (Starts.CONTACT_MESSAGE, Reopening.RESUME)


def test_a_metric_has_its_own_calendar_or_the_policy_s() -> None:
    text = _LOJA.replace("policies:", "  sempre: {time_zone: UTC, always_open: yes}\npolicies:") + (
        "- {name: a, calendar: loja, calendars: {resolution: sempre}}"
    )
    (policy,) = documents.rulebook(documents.parse(text), 1).policies
    assert policy.calendars == {
        Metric.FIRST_RESPONSE: "loja",
        Metric.NEXT_RESPONSE: "loja",
        Metric.RESOLUTION: "sempre",
        Metric.ESCALATION: "loja",
    }


def test_a_match_may_name_alternatives() -> None:
    text = "policies: [{name: vip, match: [{segment: vip}, {tags: [a, b], priority: urgent}]}]"
    book = documents.rulebook(documents.parse(text), 1)
    assert book.choose(Facts(segment="vip")).name == "vip"
    assert book.choose(Facts(priority="urgent", tags=frozenset("b"))).name == "vip"
    assert book.choose(Facts(tags=frozenset("b"))).name == "none"


def test_a_policy_that_can_never_be_chosen_is_doubted() -> None:
    text = dedent("""\
        policies:
          - {name: brazil, match: {language: [pt, en], channel: whatsapp}}
          - {name: english, match: {language: en, channel: whatsapp, segment: vip}}
          - {name: calm, match: {priority: [low, normal]}}
          - {name: pressing, match: {priority: [high, urgent]}}
          - {name: all}
        """)
    message = "is never chosen: policies before it cover every ticket it is for."
    assert doubted(text) == [
        (3, "policies[1].name", f"`english` {message}"),
        (6, "policies[4].name", f"`all` {message}"),
    ]


@pytest.mark.parametrize(
    ("policies", "which"),
    [
        ("[]", ""),
        ("[{name: a, match: {intent: x}}]", ""),
        ("[{name: a, match: {priority: [low, high]}}]", " of priority `normal` and `urgent`"),
    ],
)
def test_tickets_that_no_policy_covers_are_pointed_out(policies: str, which: str) -> None:
    message = f"Tickets{which} that no policy matches are promised nothing."
    assert doubted(f"policies: {policies}") == [(1, "policies", message)]


def test_a_response_that_may_pause_is_doubted() -> None:
    assert doubted("policies:\n- name: a\n  pauses: {first_response: on_hold}") == [
        (
            3,
            "policies[0].pauses.first_response",
            "A pause of `first_response` hides how long the contact really waits.",
        )
    ]


def test_the_policies_we_ship_are_what_a_shop_begins_with() -> None:
    text = (ROOT / "sla_policies.yml").read_text("utf-8")
    assert doubted(text) == []
    book = documents.rulebook(documents.freeze(documents.parse(text)), 1)
    usual = book.choose(Facts())
    assert usual.name == "padrao"
    assert usual.target(Metric.FIRST_RESPONSE, "normal", "bot") == 5 * _MINUTE
    assert usual.target(Metric.NEXT_RESPONSE, "low", "agent") == 10 * _MINUTE
    assert usual.target(Metric.RESOLUTION, "urgent", "agent") == 24 * 60 * _MINUTE
    assert usual.chain == (
        Step("bot", 5 * _MINUTE),
        Step("agent", 10 * _MINUTE),
        Step("senior", 20 * _MINUTE),
    )
    assert usual.warnings == (0.5, 0.8)
    assert usual.starts is Starts.HANDOFF
    assert usual.bot_counts is False
    assert usual.calendars[Metric.RESOLUTION] == "sempre"
    assert usual.calendars[Metric.FIRST_RESPONSE] == "loja"
    for facts in (Facts(intent="fraud_report"), Facts(tags=frozenset({"fraude", "x"}))):
        fraud = book.choose(facts)
        assert fraud.name == "fraude"
        assert fraud.target(Metric.RESOLUTION, "normal", "agent") == 120 * _MINUTE
        assert fraud.target(Metric.ESCALATION, "normal", "agent") == 5 * _MINUTE
        calendar = book.calendar(fraud, Metric.RESOLUTION)
        sunday = instant(datetime(2027, 1, 3, 3, tzinfo=UTC))
        assert calendar.add(sunday, 120 * _MINUTE) == sunday + 120 * _MINUTE


def test_the_shop_we_ship_rests_on_holidays_and_at_night() -> None:
    text = (ROOT / "sla_policies.yml").read_text("utf-8")
    loja = documents.rulebook(documents.freeze(documents.parse(text)), 1).calendars["loja"]
    friday = datetime(2027, 9, 3, 20, 50, tzinfo=UTC)  # 17:50 in São Paulo
    due = moment(loja.add(instant(friday), 300 * _MINUTE))
    assert due == datetime(2027, 9, 6, 12, 50, tzinfo=UTC)  # 10 min, Saturday's 4 h, Monday 50 min
    monday = datetime(2027, 9, 6, 20, 50, tzinfo=UTC)
    assert moment(loja.add(instant(monday), 20 * _MINUTE)) == datetime(
        2027, 9, 8, 12, 10, tzinfo=UTC
    )  # the 7th is Independence Day


def test_a_frozen_document_asks_no_library() -> None:
    text = (ROOT / "sla_policies.yml").read_text("utf-8")
    frozen = json.loads(json.dumps(documents.plain(documents.freeze(documents.parse(text)))))
    loja = frozen["calendars"]["loja"]
    assert "holidays" not in loja
    assert loja["closed"].pop("2027-09-07") == "Independência do Brasil"
    # As if it was frozen before the library knew of that holiday:
    calendar = documents.rulebook(documents.thaw(frozen), 1).calendars["loja"]
    monday = datetime(2027, 9, 6, 20, 50, tzinfo=UTC)
    due = calendar.add(instant(monday), 20 * _MINUTE)
    assert moment(due) == datetime(2027, 9, 7, 12, 10, tzinfo=UTC)
    assert duration(calendar.elapsed(instant(monday), due)) == timedelta(minutes=20)


def test_freezing_twice_changes_nothing() -> None:
    text = (ROOT / "sla_policies.yml").read_text("utf-8")
    frozen = documents.freeze(documents.parse(text))
    assert documents.freeze(frozen) == frozen
    assert documents.parse(documents.dump(frozen)) == frozen


def test_the_example_in_the_documentation_can_be_used() -> None:
    text = (ROOT / "docs" / "sla-policies.md").read_text("utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    assert doubted(example) == []
