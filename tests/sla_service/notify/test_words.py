"""What teams read, in both languages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sla_service.notify import words
from sla_service.notify.letters import Letter, Reader, compose, distance, moment
from sla_service.notify.values import LANGUAGES, NoticeKind
from sla_service.notify.words import fields
from sla_service.sla.policy import Metric
from sla_service.tickets.tables import Priority
from tests.sla_service.notify.conftest import DUE, notice

AT = DUE + timedelta(minutes=12)


def _reader(language: str = "pt") -> Reader:
    return Reader("agent", words.read(language), "America/Sao_Paulo", "https://desk.example")


def _sentences(tree: Any, *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _sentences(value, *path, key)
        else:
            yield (*path, key), str(value)


def test_both_languages_say_the_same_things_with_the_same_fields() -> None:
    first, second = (
        {path: fields(said) for path, said in _sentences(words.read(language).tree)}
        for language in LANGUAGES
    )
    assert first == second


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_metric_and_priority_has_words(language: str) -> None:
    tree = words.read(language).tree
    assert {kind.value for kind in NoticeKind} <= tree.keys()
    assert {kind.value for kind in NoticeKind} == tree["lines"].keys()
    assert {metric.value for metric in Metric} == tree["metrics"].keys()
    assert {priority.value for priority in Priority} == tree["priorities"].keys()
    assert len(tree["months"]) == 12


def test_a_late_answer_is_told_in_portuguese_on_the_teams_clock() -> None:
    assert compose([notice()], _reader(), AT) == Letter(
        subject="Ticket 1001: primeira resposta atrasada há 12 min",
        text="Pedido atrasado\n"
        "A primeira resposta venceu às 08:20 (há 12 min).\n"
        "Prioridade: alta\n"
        "Política: padrão\n"
        "https://desk.example/console?conversation=1001",
        html="<!doctype html><html><body><p>Pedido atrasado</p>"
        "<p>A primeira resposta venceu às 08:20 (há 12 min).</p>"
        "<p>Prioridade: alta</p><p>Política: padrão</p>"
        '<p><a href="https://desk.example/console?conversation=1001">Abrir no Balcão</a></p>'
        "</body></html>",
        is_alarming=True,
    )


def test_a_warning_is_told_in_english() -> None:
    letter = compose([notice(kind=NoticeKind.WARNED)], _reader("en"), DUE - timedelta(hours=30))
    assert letter.subject == ("Ticket 1001: first response due on Nov 26 at 08:20 (in 30 h)")
    assert not letter.is_alarming


def test_what_is_not_known_leaves_no_empty_line() -> None:
    letter = compose([notice(subject=None, policy=None, priority=None, link=None)], _reader(), AT)
    assert letter.text == "A primeira resposta venceu às 08:20 (há 12 min)."


def test_what_a_contact_wrote_is_text_in_the_html() -> None:
    letter = compose([notice(subject="<img src=x onerror=alert(1)>\r\nBcc: x@y.z")], _reader(), AT)
    assert "<img" not in letter.html
    assert "&lt;img" in letter.html
    assert "\n" not in letter.subject


def test_a_digest_lists_the_most_overdue_first_and_counts_the_rest() -> None:
    many = [notice(1000 + late, due_at=DUE - timedelta(minutes=late)) for late in range(32)]
    letter = compose(many, _reader(), AT)
    lines = letter.text.splitlines()
    assert letter.subject == "32 avisos, o mais atrasado é o ticket 1031"
    assert lines[0] == "32 avisos para a equipe agent, do mais atrasado ao mais folgado:"
    assert lines[1] == (
        "- Ticket 1031: primeira resposta venceu às 07:49 (há 43 min) "
        "https://desk.example/console?conversation=1031"
    )
    assert len(lines) == 22
    assert lines[-1].startswith("- e mais 12 ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_kind_can_be_told(language: str, kind: NoticeKind) -> None:
    letter = compose([notice(kind=kind, tier="senior", reason="x")], _reader(language), AT)
    assert "{" not in letter.subject + letter.text
    assert letter.subject
    assert letter.text


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "agora"),
        (-1, "há 1 min"),
        (59, "em 59 min"),
        (60, "em 1 h"),
        (-61, "há 1 h 01"),
        (47 * 60 + 30, "em 47 h 30"),
        (-48 * 60, "há 2 dias"),
    ],
)
def test_a_distance_is_short_and_never_rounded_up(minutes: int, said: str) -> None:
    assert distance(AT + timedelta(minutes=minutes), AT, words.read("pt")) == said


def test_another_days_moment_names_the_day() -> None:
    at = datetime(2026, 11, 25, 23, tzinfo=UTC)
    said = moment(DUE, at, "America/Sao_Paulo", words.read("pt"))
    assert said == "em 26 de nov. às 08:20"
