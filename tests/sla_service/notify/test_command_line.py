"""`bin/desk notify`: teams, endpoints, the log and replays from a terminal."""

from collections.abc import Callable

import psycopg
import pytest
from typer.testing import CliRunner, Result

from sla_service.cli.notify import notify

type Run = Callable[..., Result]


@pytest.fixture
def desk(database_url: str) -> Run:
    """The command, on the tests' database."""
    env = {"DESK_DATABASE_URL": database_url, "DESK_DEMO": "true"}

    def run(*words: str, says: str | None = None) -> Result:
        return CliRunner().invoke(notify, list(words), env=env, input=says)

    return run


def test_a_team_is_set_listed_and_removed(desk: Run) -> None:
    secret = "mailto://desk:uma-senha-longa@smtp.loja.example/bruno@loja.example"
    made = desk("team", "set", "agent", "--url", "-", "--quiet", "22:00-07:00", says=f"{secret}\n")
    assert made.output == "agent is told through: mailto\n"
    listed = desk("team", "list").output
    assert "22:00-07:00" in listed
    assert "uma-senha" not in listed
    assert desk("team", "remove", "agent").exit_code == 0
    assert desk("team", "list").output == "There is no team.\n"
    assert desk("team", "remove", "agent").exit_code == 1


@pytest.mark.parametrize(
    "wrong",
    [("--url", "syslog://"), ("--quiet", "late"), ("--time-zone", "Mars"), ("--language", "fr")],
)
def test_a_wrong_team_is_refused_in_a_sentence(desk: Run, wrong: tuple[str, str]) -> None:
    refused = desk("team", "set", "agent", *wrong)
    assert refused.exit_code in {1, 2}
    assert "Traceback" not in refused.output


def test_an_endpoint_is_added_with_its_secret_and_removed(desk: Run) -> None:
    assert "whsec_" in desk("webhook", "add", "https://shop.example/hook").output
    assert "whsec_" in desk("webhook", "secret", "1").output
    listed = desk("webhook", "list").output
    assert "https://shop.example/hook" in listed
    assert "whsec_" not in listed
    assert desk("webhook", "activate", "1").exit_code == 0
    assert desk("webhook", "remove", "1").exit_code == 0
    assert desk("webhook", "remove", "1").exit_code == 1


def test_a_test_message_waits_in_the_log_and_is_replayed(desk: Run, database_url: str) -> None:
    desk("team", "set", "agent", "--url", "mailto://u:p@loja.example")
    desk("webhook", "add", "https://shop.example/hook", "--event", "sla.test")
    assert desk("test", "agent").output.startswith("2 on their way")
    log = desk("deliveries", "--state", "queued").output
    assert "send_1" in log
    assert "msg_" in log
    assert desk("deliveries", "--state", "sent").output == "There is nothing.\n"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE notice_sends SET state = 'given_up', due_at = NULL")
    assert desk("replay", "send_1").output == "send_1: waiting again\n"
    assert desk("replay", "send_2").exit_code == 1
    assert desk("test", "nobody").exit_code == 1
