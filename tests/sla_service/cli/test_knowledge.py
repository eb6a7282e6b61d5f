"""`bin/desk knowledge`: articles from a terminal."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sla_service.cli.knowledge import knowledge


@pytest.fixture
def says(database_url: str, monkeypatch: pytest.MonkeyPatch) -> "Terminal":
    monkeypatch.chdir("/")  # no .env there
    return Terminal(database_url)


class Terminal:
    """A terminal at a try-out desk."""

    def __init__(self, url: str) -> None:
        self._env = {"DESK_DATABASE_URL": url, "DESK_DEMO": "true", "COLUMNS": "200"}

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What a command prints."""
        done: Result = CliRunner().invoke(knowledge, arguments, env=self._env)
        assert done.exit_code == code, done.output
        return done.output


def test_the_shops_articles_are_in_order(says: Terminal) -> None:
    assert says("check") == "50 articles are in order.\n"


def test_what_is_wrong_is_told_by_file_and_line(says: Terminal, tmp_path: Path) -> None:
    (tmp_path / "pt").mkdir()
    (tmp_path / "pt" / "pix.md").write_text("---\nid: PIX\n---\nx\n", "utf-8")
    for command in ("check", "import"):
        told = says(command, str(tmp_path), code=1)
        assert "pt/pix.md:2: id is made of a to z, digits and single hyphens" in told


def test_articles_are_brought_in_and_found(says: Terminal) -> None:
    assert "50 new or changed, 0 removed, 0 as they were." in says("import")
    assert "0 new or changed, 0 removed, 50 as they were." in says("import")
    found = json.loads(says("search", "--json", "quanto", "custa", "o", "frete"))
    assert found[0]["id"] == "delivery-cost"
    assert "Gift wrapping" in says("search", "-l", "en", "can you wrap it as a present")
    assert says("search", "???").strip() == "Nothing comes near."
    says("search", "-l", "fr", "x", code=2)


def test_unanswered_questions_are_listed(says: Terminal) -> None:
    assert says("unanswered").strip() == "Nothing is open."
    assert json.loads(says("unanswered", "--json")) == []
