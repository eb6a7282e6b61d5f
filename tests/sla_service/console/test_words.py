"""The page says everything in both languages."""

import re

import pytest

from sla_service.console.assets import FOLDER, LANGUAGES, Assets

_PLACEHOLDER = re.compile(r"\{\w+\}")


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
    sources = {path.name: path.read_text() for path in FOLDER.iterdir() if path.suffix != ".json"}
    asked = {
        key
        for source in sources.values()
        for key in re.findall(r"""(?:\bt\("|data-word(?:-\w+)?="|\{\{)([a-z]+\.[\w.]+)""", source)
    }
    assert len(asked) > 40
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


def test_every_module_that_the_page_imports_is_loaded_ahead(assets: Assets) -> None:
    page = assets.pages["index"]
    for name in assets.files:
        if name.endswith((".js", ".css")):
            assert f"/static/{{{{version}}}}/{name}" in page, name


def test_another_version_of_a_file_has_another_address(tmp_path: object, assets: Assets) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", assets.version)
    assert f"/static/{assets.version}/app.js" in assets.page("index", "pt-BR")
