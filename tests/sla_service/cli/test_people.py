"""`bin/desk people`: accounts and keys from a terminal."""

import json
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from sla_service.cli.people import people

_LINK = "http://127.0.0.1:8000/console?invitation="


class Terminal:
    """A terminal at a try-out desk."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._env = {"DESK_DATABASE_URL": url, "DESK_DEMO": "true", "COLUMNS": "200"}

    def says(self, *arguments: str, code: int = 0) -> str:
        """What a command prints."""
        done = CliRunner().invoke(people, arguments, env=self._env)
        assert done.exit_code == code, done.output
        return done.output

    def rows(self, query: str) -> list[Any]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()  # type: ignore[call-overload]


@pytest.fixture
def terminal(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.chdir("/")  # no .env there
    return Terminal(database_url)


def test_the_first_accounts_are_made_once_and_their_password_told_once(terminal: Terminal) -> None:
    told = json.loads(terminal.says("first", "--json"))
    assert [one["name"] for one in told["accounts"]["people"]] == [
        "Administração",
        "Bruno Tavares",
        "Carla Mendes",
        "Diego Rocha",
        "Emma Hughes",
    ]
    assert told["link"].startswith(_LINK)
    again = json.loads(terminal.says("first", "--json"))
    assert again["accounts"] is None
    assert again["link"] not in {None, told["link"]}
    assert told["accounts"]["password"] not in terminal.says("first")


def test_somebody_is_added_invited_and_closed(terminal: Terminal) -> None:
    terminal.says("add", "Nina@loja.example", "--name", "Nina Prado", "--role", "admin")
    terminal.says("add", "bia@loja.example", "--name", "Bia", "--role", "admin")
    assert _LINK in terminal.says("invite", "nina@loja.example")
    assert _LINK in terminal.says("reset-password", "nina@loja.example")
    assert "Nina" in terminal.says("list")
    terminal.says("disable", "nina@loja.example")
    assert "closed" in terminal.says("list")
    assert "last administrator" in terminal.says("disable", "bia@loja.example", code=1)
    terminal.says("disable", "nina@loja.example", "--undo")
    assert "nobody" in terminal.says("invite", "quem@loja.example", code=1)
    acts = terminal.rows("SELECT act, actor_name FROM audit_log ORDER BY id LIMIT 4")
    assert acts == [
        ("agent.added", "terminal"),
        ("agent.added", "terminal"),
        ("agent.invited", "terminal"),
        ("agent.invited", "terminal"),
    ]


def test_a_key_is_printed_once(terminal: Terminal) -> None:
    text = terminal.says("keys", "add", "loja", "--scope", "sla:read", "--days", "3").strip()
    assert text.startswith("desk_1_")
    listed = terminal.says("keys", "list")
    assert "sla:read" in listed
    assert text not in listed
    terminal.says("keys", "revoke", "1")
    assert "There are no keys" in terminal.says("keys", "list")
    terminal.says("keys", "revoke", "1", code=1)
