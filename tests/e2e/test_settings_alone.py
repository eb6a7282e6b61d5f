"""The settings by themselves, before a made-up desk: what they ask for, and what they say of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.browser import opened, session
from tests.e2e.desk import until
from tests.e2e.made_up import WIDE
from tests.e2e.wording import console as words

_TRIED = {
    "handoffs": [
        {
            "handoff": 1,
            "conversation": 1,
            "ticket": 1001,
            "at": "2026-11-25T10:00:00Z",
            "reason": "wish",
            "was": None,
            "would": {"name": "Trocas"},
            "is_changed": True,
        }
    ],
    "changed": 1,
    "by_rule": {"Trocas": 1},
}

_PROMISED = {"target": 300.0, "calendar": None, "due_at": "2026-11-25T10:05:00Z"}
_PLANNED = {
    "open": 3,
    "changed": 1,
    "moves": [
        {
            "ticket_id": 7,
            "number": 1042,
            "policy_before": "padrao",
            "policy_after": "fraude",
            "clocks": [
                {"metric": "resolution", "cycle": 0, "before": _PROMISED, "after": _PROMISED}
            ],
        }
    ],
}


@contextmanager
def _settings(browser: Browser, address: str, part: str) -> Iterator[Page]:
    with session(browser, viewport=WIDE) as context:
        page = context.new_page()
        page.goto(f"{address}/console#settings/{part}")
        expect(page.locator(".skeleton")).to_have_count(0)
        yield page


def test_a_mistyped_password_is_told_and_the_page_stays(browser: Browser, address: str) -> None:
    with _settings(browser, address, "account") as page:
        page.route("**/api/me/password", lambda route: _refuse(route, 401, "wrong_password"))
        page.get_by_label(words()["account.old"]).fill("not this one")
        page.get_by_label(words()["account.new"]).fill("another that is long")
        page.get_by_role("button", name=words()["account.change"]).click()
        toast = page.get_by_test_id("toast")
        expect(toast).to_contain_text(words()["problem.wrong_password"])
        expect(page.get_by_label(words()["account.new"])).to_have_value("another that is long")


def test_a_session_that_ended_leads_to_the_way_in(browser: Browser, address: str) -> None:
    with _settings(browser, address, "account") as page:
        page.route("**/api/me/sessions/*", lambda route: _refuse(route, 401, "not_signed_in"))
        page.route("**/api/me", lambda route: _refuse_changes(route, 401, "not_signed_in"))
        page.get_by_label(words()["agent.name"]).fill("Bruna")
        with page.expect_navigation():
            page.get_by_role("button", name=words()["app.save"], exact=True).click()


@pytest.mark.parametrize(
    "asked",
    [
        ("webhooks", "webhook.add", "webhook.url", "http://10.0.0.1/", "endpoint_refused"),
        ("teams", "team.add", "team.name", "vendas", "channel_refused"),
    ],
    ids=["webhooks", "teams"],
)
def test_what_is_refused_is_explained_beside_its_form(
    browser: Browser, address: str, asked: tuple[str, ...]
) -> None:
    part, opens, field, value, problem = asked
    with _settings(browser, address, part) as page:
        page.route("**/api/webhooks/endpoints", lambda route: _refuse_changes(route, 422, problem))
        page.route("**/api/notify/teams/*", lambda route: _refuse_changes(route, 422, problem))
        page.get_by_role("button", name=words()[opens]).click()
        form = page.get_by_role("dialog")
        form.get_by_label(words()[field], exact=True).fill(value)
        form.get_by_role("button", name=words()["app.save"]).click()
        expect(page.get_by_test_id("toast")).to_contain_text(words()[f"problem.{problem}"])
        expect(form).to_be_visible()


def test_a_rule_is_tried_before_it_counts(browser: Browser, address: str) -> None:
    asked: list[Any] = []

    def tried(route: Route) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(json=_TRIED)

    with _settings(browser, address, "routing") as page:
        page.route("**/api/routing-rules/dry-run", tried)
        page.route("**/api/routing-rules", lambda route: _refuse_changes(route, 500, "saved"))
        form = _rule(page, "Fraude para a supervisão")
        reasons = form.get_by_role("group", name=words()["route.reason"])
        reasons.get_by_label(words()["reason.fraud"]).check()
        form.get_by_label(words()["language.en"]).check()
        form.get_by_label(words()["route.queue"]).select_option("picked")
        form.get_by_role("button", name=words()["route.try"]).click()
        result = words()["route.tried"].format(count=1, changed=1)
        expect(form.get_by_text(result)).to_be_visible()
        expect(page.get_by_test_id("toast")).to_have_count(0)
        first, *others = asked[0]["rules"]
        assert first["when"] == {
            "intent": ["fraud_report"],
            "reason": ["fraud"],
            "language": ["en"],
        }
        assert first["then"] == {"agent": 2, "priority": "urgent", "queue": "picked"}
        assert len(others) == 2, "with the other rules as they are"


def test_what_a_conversation_is_about_is_chosen_by_its_words(
    browser: Browser, address: str
) -> None:
    kept: list[Any] = []
    when = {"intent": ["fraud_report", "own_intent"]}
    rule = {"name": "Fraude", "when": when, "then": {}, "is_active": True}

    def answer(route: Route) -> None:
        if route.request.method == "PUT":
            kept.append(route.request.post_data_json)
        route.fulfill(json={"rules": [rule]})

    with session(browser, viewport=WIDE) as context:
        page = context.new_page()
        page.route("**/api/routing-rules", answer)
        page.goto(f"{address}/console#settings/routing")
        form = _rule(page, "Fraude")
        subjects = form.get_by_role("group", name=words()["route.intent"])
        expect(subjects.get_by_label(words()["intent.fraud_report"])).to_be_checked()
        expect(subjects.get_by_label("own intent")).to_be_checked()
        subjects.get_by_label(words()["intent.complaint"], exact=True).check()
        form.get_by_role("button", name=words()["app.save"]).click()
        expect(form).to_have_count(0)
        chosen = kept[0]["rules"][0]["when"]
        assert chosen == {"intent": ["fraud_report", "own_intent", "complaint"]}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("pt-BR", "O calendário `lojja` não existe aqui; você quis dizer `loja`?"),
        ("en", "Calendar `lojja` is not known here; did you mean `loja`?"),
    ],
)
def test_what_is_wrong_with_policies_is_told_in_the_pages_language(
    browser: Browser, address: str, language: str, sentence: str
) -> None:
    screen = f"{address}/console?lang={language}#settings/policies"
    with opened(browser, screen, viewport=WIDE) as page:
        text = page.get_by_label(words(language)["policy.text"])
        text.fill(text.input_value().replace("calendar: loja", "calendar: lojja", 1))
        expect(page.get_by_text(sentence)).to_be_visible()


def test_what_policies_would_change_is_told_by_the_tickets_number(
    browser: Browser, address: str
) -> None:
    with _settings(browser, address, "policies") as page:
        page.route("**/api/sla/rulebooks/*/dry-run", lambda route: route.fulfill(json=_PLANNED))
        page.get_by_role("button", name=words()["policy.plan"]).first.click()
        expect(page.get_by_role("cell", name="#1042", exact=True)).to_be_visible()


def test_the_ticket_to_join_is_chosen_or_typed(browser: Browser, address: str) -> None:
    asked: list[Any] = []

    def joined(route: Route) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(json={})

    shown = {"subject": "Troca", "opened_at": "2026-11-25T10:00:00Z", "merged_into": None}
    tickets = [
        {"number": 1002, "status": "open", **shown},
        {"number": 977, "status": "pending", **shown},
        {"number": 950, "status": "resolved", **shown},
        {"number": 940, "status": "open", **shown, "merged_into": 977},
    ]
    with opened(browser, f"{address}/console#c2", viewport=WIDE) as page:
        page.route("**/api/conversations/2/tickets", lambda route: route.fulfill(json=tickets))
        page.route("**/api/tickets/1002/merge", joined)
        expect(page.get_by_test_id("message").first).to_be_visible()
        for act in ("chosen", "typed"):
            page.keyboard.press("m")
            form = page.get_by_role("dialog")
            number = form.get_by_label(words()["merge.into"])
            others = form.get_by_role("list", name=words()["merge.others"])
            expect(others.get_by_role("button")).to_have_count(1)
            if act == "chosen":
                others.get_by_role("button", name="#977").click()
                expect(number).to_have_value("977")
            else:
                number.fill("#978")
            form.get_by_role("button", name=words()["act.merge"]).click()
            expect(form).to_have_count(0)
        until(lambda: len(asked) == 2, "both to be asked for")
        assert asked == [{"into": 977}, {"into": 978}]


def test_trying_rules_says_nothing_of_saving(browser: Browser, address: str) -> None:
    with _settings(browser, address, "routing") as page:
        page.route("**/api/routing-rules/dry-run", lambda route: route.fulfill(json=_TRIED))
        page.get_by_role("button", name=words()["route.try"]).click()
        result = words()["route.tried"].format(count=1, changed=1)
        expect(page.get_by_text(result)).to_be_visible()
        expect(page.get_by_test_id("toast")).to_have_count(0)


def test_a_part_of_a_rule_that_the_form_does_not_show_stays(browser: Browser, address: str) -> None:
    kept: list[Any] = []
    rule = {"name": "WhatsApp", "when": {"channel": ["whatsapp"]}, "then": {}, "is_active": True}

    def answer(route: Route) -> None:
        if route.request.method == "PUT":
            kept.append(route.request.post_data_json)
        route.fulfill(json={"rules": [rule]})

    with session(browser, viewport=WIDE) as context:
        page = context.new_page()
        page.route("**/api/routing-rules", answer)
        page.goto(f"{address}/console#settings/routing")
        form = _rule(page, "WhatsApp")
        form.get_by_role("button", name=words()["app.save"]).click()
        expect(form).to_have_count(0)
        assert kept[0]["rules"][0]["when"] == {"channel": ["whatsapp"]}


def test_a_tag_is_as_long_as_the_desk_takes_it(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/console#c2", viewport=WIDE) as page:
        expect(page.get_by_test_id("message").first).to_be_visible()
        page.keyboard.press("l")
        field = page.get_by_role("dialog").get_by_label(words()["tag.name"])
        field.press_sequentially("x" * 45)
        expect(field).to_have_value("x" * 40)


def _rule(page: Page, name: str) -> Locator:
    """The form of a rule."""
    card = page.get_by_role("listitem").filter(has_text=name)
    card.get_by_role("button", name=words()["app.edit"]).click()
    return page.get_by_role("dialog", name=name)


def _refuse(route: Route, status: int, problem: str) -> None:
    route.fulfill(status=status, json={"type": problem, "title": "", "status": status})


def _refuse_changes(route: Route, status: int, problem: str) -> None:
    if route.request.method == "GET":
        route.continue_()
    else:
        _refuse(route, status, problem)


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_what_shoppers_were_told_and_why_not_is_seen(
    browser: Browser, address: str, language: str
) -> None:
    said = words(language)
    where = f"{address}/console?lang={language}#settings/order_notices"
    with opened(browser, where, viewport=WIDE) as page:
        notices = page.get_by_test_id("order-notice")
        expect(notices).to_have_count(6)
        expect(notices.first).to_contain_text(said["orderNotice.state.sent"])
        expect(page.get_by_text(said["orderNotice.why.no_consent"])).to_be_visible()
        expect(page.get_by_text("evt_48213_9")).to_be_visible()
        page.get_by_role("button", name=said["orderNotice.state.dropped"]).click()
        button = page.get_by_role("button", name=said["orderNotice.state.dropped"])
        expect(button).to_have_attribute("aria-pressed", "true")
        page.goto(f"{address}/console?lang={language}#settings/templates")
        templates = page.get_by_test_id("template-state")
        expect(templates).to_have_count(3)
        expect(templates.last).to_contain_text(said["template.status.paused"])
        expect(templates.last).to_contain_text(said["template.score.red"])
