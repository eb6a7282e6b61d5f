"""Secrets are made once; the processes' settings agree with each other and with the person's."""

import base64
import json
import stat
from pathlib import Path

import pytest

from dev import environment, secrets
from dev.places import Places
from dev.ports import Ports


@pytest.fixture
def here(tmp_path: Path) -> Places:
    return Places(root=tmp_path, var=tmp_path / "var")


def env(here: Places, ports: Ports | None = None, **chosen: str) -> dict[str, str]:
    return environment.of_desk(here, chosen, ports or Ports(), secrets.load(here.secrets))


def test_secrets_are_made_once_and_for_the_owner_alone(here: Places) -> None:
    made = secrets.load(here.secrets)

    assert secrets.load(here.secrets) == made
    assert stat.S_IMODE(here.secrets.stat().st_mode) == 0o600
    assert len(set(made.values())) == len(secrets.NAMES)
    assert min(map(len, made.values())) >= 32


def test_a_secret_that_is_new_to_the_desk_is_added_to_those_it_has(here: Places) -> None:
    here.var.mkdir()
    here.secrets.write_text(json.dumps({"bot_token": "kept-from-before"}))

    assert secrets.load(here.secrets)["bot_token"] == "kept-from-before"
    assert set(secrets.load(here.secrets)) == set(secrets.NAMES)


def test_every_address_follows_the_ports(here: Places) -> None:
    ours = env(here, Ports(web=1001, rasa=1002, actions=1003, simulator=1004))

    assert ours["DESK_PORT"] == "1001"
    assert ours["DESK_URL"] == "http://127.0.0.1:1001"
    assert ours["SIMULATOR_WEBHOOK_URL"] == "http://127.0.0.1:1001/webhooks/whatsapp"
    assert ours["DESK_BOT__URL"] == "http://127.0.0.1:1002"
    assert ours["ACTIONS_URL"] == "http://127.0.0.1:1003/webhook"
    assert ours["SIMULATOR_PORT"] == "1004"
    assert ours["DESK_WHATSAPP__GRAPH_URL"] == "http://127.0.0.1:1004/graph"
    assert ours["ORDER_SYSTEM_URL"] == "http://127.0.0.1:1004/shop/api"


def test_both_sides_of_a_wire_share_their_secret(here: Places) -> None:
    ours = env(here)

    assert ours["SIMULATOR_APP_SECRET"] == ours["DESK_WHATSAPP__APP_SECRETS"]
    assert ours["SIMULATOR_VERIFY_TOKEN"] == ours["DESK_WHATSAPP__VERIFY_TOKEN"]
    assert ours["SIMULATOR_ACCESS_TOKEN"] == ours["DESK_WHATSAPP__ACCESS_TOKEN"]
    assert ours["SIMULATOR_ORDER_TOKEN"] == ours["ORDER_SYSTEM_TOKEN"]
    assert ours["SIMULATOR_ORDER_EVENTS_SECRET"] == ours["DESK_ORDER_EVENTS__SECRETS"]
    assert ours["SIMULATOR_ORDER_EVENTS_URL"] == f"{ours['DESK_URL']}/webhooks/orders"
    key = base64.b64decode(ours["DESK_ORDER_EVENTS__SECRETS"].removeprefix("whsec_"), validate=True)
    assert len(key) == 24, "signed as Standard Webhooks are"


def test_the_simulator_follows_the_secrets_of_the_person(here: Places) -> None:
    ours = env(here, DESK_WHATSAPP__APP_SECRETS="the-new-one, the-old-one")

    assert ours["DESK_WHATSAPP__APP_SECRETS"] == "the-new-one, the-old-one"
    assert ours["SIMULATOR_APP_SECRET"] == "the-new-one"


def test_a_secret_given_as_a_file_gets_no_value_beside_it(here: Places) -> None:
    ours = env(here, DESK_WHATSAPP__ACCESS_TOKEN_FILE="/run/secrets/whatsapp")

    assert "DESK_WHATSAPP__ACCESS_TOKEN" not in ours


def test_the_dotenv_file_wins_over_the_defaults_and_the_environment_over_it(
    here: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here.root / ".env").write_text("DESK_LOG_LEVEL=debug\nDESK_BOT__URL=http://127.0.0.1:7000\n")
    monkeypatch.setenv("DESK_LOG_LEVEL", "warning")
    ours = env(here, **environment.settings(here))

    assert ours["DESK_LOG_LEVEL"] == "warning"
    assert ours["DESK_BOT__URL"] == "http://127.0.0.1:7000"
