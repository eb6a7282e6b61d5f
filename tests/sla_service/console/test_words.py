"""The page says everything in both languages."""

import re

import pytest

from sla_service.console.assets import FOLDER, LANGUAGES, Assets

_PLACEHOLDER = re.compile(r"\{\w+\}")
_ASKED = {
    ".js": re.compile(r"""\bt\("([a-z]+\.[\w.]+)\""""),
    ".html": re.compile(r"\{\{([a-z]+\.[\w.]+)\}\}"),
}


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets.read()


def test_both_languages_say_the_same_things(assets: Assets) -> None:
    portuguese, english = (assets.words[tag] for tag in LANGUAGES)
    assert list(portuguese) == list(english)
    for key, words in portuguese.items():
        assert words.strip(), key
        assert set(_PLACEHOLDER.findall(words)) == set(_PLACEHOLDER.findall(english[key])), key


def test_every_word_that_the_page_asks_for_exists(assets: Assets) -> None:
    asked = {
        key
        for path in FOLDER.rglob("*")
        if path.suffix in {".js", ".html"} and path.parent.name != "vendor"
        for key in _ASKED[path.suffix].findall(path.read_text())
    }
    assert len(asked) > 200
    assert asked <= set(assets.words["en"])


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("owner", "sla_service.conversations.tables:Owner"),
        ("author", "sla_service.conversations.tables:Author"),
        ("state", "sla_service.conversations.tables:SendState"),
        ("kind", "sla_service.whatsapp.values:MessageKind"),
        ("reason", "sla_service.handoff.tables:Reason"),
        ("ticket.status", "sla_service.tickets.tables:TicketStatus"),
        ("priority", "sla_service.tickets.tables:Priority"),
        ("failure", "sla_service.whatsapp.failures:FailureClass"),
    ],
)
def test_every_value_that_the_desk_may_show_has_a_word(
    assets: Assets, prefix: str, values: str
) -> None:
    from pkgutil import resolve_name  # noqa: PLC0415 - only this test names things by string

    for member in resolve_name(values):
        assert f"{prefix}.{member.value}" in assets.words["en"]
