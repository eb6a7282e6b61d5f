"""`bin/desk doctor` names what is really broken, says what to do, and tells no secret."""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from sla_service.cli.__main__ import app
from sla_service.operations import doctor, model
from sla_service.operations.findings import Finding, Level
from sla_service.settings import ROOT

NUMBER = "700100200300"
ACCOUNT = "900800700600"
TEMPLATES = (
    "pedido_enviado",
    "pedido_saiu_para_entrega",
    "pedido_atrasado",
    "pedido_entregue",
    "avaliar_compra",
)


@dataclass
class Outside:
    """WhatsApp, the bot, its actions and the shop, on one port."""

    token: str = ""
    model: str = field(default_factory=lambda: model.fingerprint(ROOT))
    templates: list[dict[str, Any]] = field(default_factory=list)
    health: int = 200
    orders: int = 404

    async def answer(self, asked: web.Request) -> web.Response:
        """What each of them says."""
        shown, last = asked.headers.get("authorization"), asked.path.rsplit("/", 1)[-1]
        if asked.path == "/health":
            return web.Response(status=self.health)
        if last == "model":
            found = {"model": f"{self.model}.tar.gz"}
            return web.json_response(found) if self.model else web.Response(status=503)
        if asked.path.startswith("/orders/"):
            return web.Response(status=self.orders)
        if shown != f"Bearer {self.token}":
            told = {"code": 190, "message": "Invalid OAuth access token"}
            return web.json_response({"error": told}, status=401)
        if last == "message_templates":
            return web.json_response({"data": self.templates})
        return web.json_response({"id": last, "verified_name": "Loja"})


class Sick:
    """A desk whose settings can be broken, and what the doctor says of it."""

    def __init__(
        self, env: dict[str, str], outside: Outside, patch: pytest.MonkeyPatch, folder: Path
    ) -> None:
        self.env, self.outside, self.folder = env, outside, folder
        self._patch = patch

    def breaks(self, **settings: str | None) -> None:
        """Set something to what it should not be."""
        for name, value in settings.items():
            if value is None:
                self.env.pop(name, None)
            else:
                self.env[name] = value

    async def said(self, level: Level = Level.ERROR) -> list[Finding]:
        """Findings of one level."""
        for name in list(os.environ):
            if name.startswith("DESK_") and name != "DESK_TEST_DATABASE_URL":
                self._patch.delenv(name)
        for name, value in self.env.items():
            self._patch.setenv(name, value)
        found = await doctor.examine()
        told = json.dumps([str(one) for one in found])
        long = {value for name, value in self.env.items() if name.endswith("TOKEN") and value[16:]}
        assert not [value for value in long if value in told]
        assert all(one.remedy for one in found if one.level is not Level.FINE)
        return [one for one in found if one.level is level]


@pytest.fixture
async def outside() -> Any:
    """The world outside, in good health."""
    languages = ("pt_BR", "en")
    listed = [
        {"name": name, "language": language, "status": "APPROVED"}
        for name in TEMPLATES
        for language in languages
    ]
    found = Outside(token=secrets.token_urlsafe(24), templates=listed)
    served = web.Application()
    served.router.add_get("/{path:.*}", found.answer)
    server = TestServer(served)
    await server.start_server()
    yield found, str(server.make_url("")).rstrip("/")
    await server.close()


@pytest.fixture
def sick(
    database_url: str,
    outside: tuple[Outside, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Sick:
    world, url = outside
    monkeypatch.chdir(tmp_path)
    media = tmp_path / "media"
    media.mkdir(mode=0o700)
    env = {name: secrets.token_urlsafe(24) for name in ("DESK_SERVICE_TOKEN", "DESK_BOT__TOKEN")}
    env |= {
        "DESK_DATABASE_URL": database_url,
        "DESK_WHATSAPP__APP_SECRETS": secrets.token_hex(16),
        "DESK_WHATSAPP__VERIFY_TOKEN": secrets.token_urlsafe(24),
        "DESK_WHATSAPP__ACCESS_TOKEN": world.token,
        "DESK_WHATSAPP__GRAPH_URL": url,
        "DESK_WHATSAPP__ACCOUNT_ID": ACCOUNT,
        "DESK_ORDER_EVENTS__PHONE_NUMBER_ID": NUMBER,
        "DESK_ORDER_SYSTEM__URL": url,
        "DESK_ORDER_SYSTEM__TOKEN": secrets.token_urlsafe(24),
        "DESK_NOTIFY__DESK_URL": "https://balcao.loja.example",
        "DESK_MEDIA__FOLDER": str(media),
        "DESK_BOT__URL": url,
        "ACTIONS_URL": f"{url}/webhook",
    }
    return Sick(env, world, monkeypatch, tmp_path)


def of(found: list[Finding], about: str) -> str:
    """What is said about something, in one text."""
    return "\n".join(f"{one.sentence} {one.remedy}" for one in found if one.about == about)


async def test_of_a_desk_in_good_health_nothing_bad_is_said(sick: Sick) -> None:
    assert await sick.said() == []
    assert await sick.said(Level.WARNING) == []
    about = {one.about for one in await sick.said(Level.FINE)}
    assert about == {
        *("secrets", "addresses", "files", "data", "database"),
        *("whatsapp", "bot", "actions", "orders"),
    }


async def test_missing_short_and_guessable_secrets_are_named_and_not_shown(sick: Sick) -> None:
    sick.breaks(
        DESK_SERVICE_TOKEN=None,
        DESK_BOT__TOKEN="short",
        DESK_WHATSAPP__VERIFY_TOKEN="change-me-change-me-change-me",
        DESK_METRICS__TOKEN="abc",
    )
    told = of(await sick.said(), "settings")
    assert "DESK_SERVICE_TOKEN, DESK_BOT__TOKEN" in told
    assert "DESK_VERIFY" not in told
    warned = of(await sick.said(Level.WARNING), "secrets")
    assert "DESK_WHATSAPP__VERIFY_TOKEN looks like something one can guess" in warned
    assert "DESK_METRICS__TOKEN is shorter" in warned


async def test_one_secret_for_two_purposes_is_told(sick: Sick) -> None:
    sick.breaks(DESK_BOT__TOKEN=sick.env["DESK_SERVICE_TOKEN"])
    told = of(await sick.said(Level.WARNING), "secrets")
    assert "DESK_BOT__TOKEN, DESK_SERVICE_TOKEN" in told


async def test_a_setting_that_can_not_be_read_is_named_and_its_value_is_not(sick: Sick) -> None:
    sick.breaks(DESK_PORT="eighty-something", DESK_HANDOFF__STRATEGY="fair")
    told = of(await sick.said(), "settings")
    assert "DESK_PORT" in told
    assert "DESK_HANDOFF__STRATEGY" in told
    assert "eighty-something" not in told


async def test_a_secret_that_is_in_a_file_that_is_not_there(sick: Sick) -> None:
    sick.breaks(DESK_SERVICE_TOKEN=None, DESK_SERVICE_TOKEN_FILE=str(sick.folder / "nowhere"))
    assert "nowhere" in of(await sick.said(), "settings")


async def test_a_public_desk_is_https_and_no_demo(sick: Sick) -> None:
    sick.breaks(DESK_NOTIFY__DESK_URL="http://balcao.loja.example")
    assert "not https" in of(await sick.said(), "addresses")
    sick.breaks(DESK_NOTIFY__DESK_URL="https://balcao.loja.example", DESK_DEMO="true")
    assert "DESK_DEMO" in of(await sick.said(), "addresses")
    sick.breaks(DESK_DEMO=None, DESK_ORDER_SYSTEM__URL="http://loja.example")
    assert "DESK_ORDER_SYSTEM__URL" in of(await sick.said(Level.WARNING), "addresses")


async def test_who_else_can_read_secrets_and_files(sick: Sick) -> None:
    written = sick.folder / ".env"
    written.write_text("DESK_LOG_LEVEL=info\n")
    written.chmod(0o644)
    (sick.folder / "media").chmod(0o755)
    assert "chmod 600 .env" in of(await sick.said(), "files")
    assert "chmod 700" in of(await sick.said(Level.WARNING), "files")
    written.chmod(0o640)
    assert "its group" in of(await sick.said(Level.WARNING), "files")


async def test_data_that_designers_broke_is_named(sick: Sick) -> None:
    empty = sick.folder / "data"
    empty.mkdir()
    plan = sick.folder / "notices.yml"
    plan.write_text("notices: {kinds: {shipped: {activ: yes}}}")
    sick.breaks(DESK_DATA_DIR=str(empty), DESK_ORDER_EVENTS__PLAN=str(plan))
    told = of(await sick.said(), "data")
    assert "The desk's sentences can't be read" in told
    assert "kinds.shipped.activ" in told
    sick.breaks(SHOP_TIMEZONE="America/Sao_Polo")
    assert "America/Sao_Polo" in of(await sick.said(), "data")


async def test_a_database_that_is_not_there_is_said_once(sick: Sick) -> None:
    sick.breaks(DESK_DATABASE_URL="postgresql://desk:geheim@127.0.0.1:1/balcao")
    found = await sick.said()
    assert len(found) == 1
    assert "PostgreSQL can't be used" in of(found, "database")
    assert "geheim" not in of(found, "database")
    sick.breaks(DESK_DATABASE_URL=None)
    assert "Set DESK_DATABASE_URL" in of(await sick.said(), "database")


async def test_tables_of_another_version_are_told(sick: Sick, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        (now,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        try:
            for at, told, level in (
                ("0008", "Run bin/desk migrate", Level.ERROR),
                ("9999", "doesn't know", Level.WARNING),
            ):
                connection.execute("UPDATE alembic_version SET version_num = %s", [at])
                assert told in of(await sick.said(level), "database")
        finally:
            connection.execute("UPDATE alembic_version SET version_num = %s", [now])


async def test_a_server_that_may_lose_what_it_promised_is_told(
    sick: Sick, database_url: str
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')  # type: ignore[arg-type]
        try:
            assert "synchronous_commit" in of(await sick.said(), "database")
        finally:
            connection.execute(f'ALTER DATABASE "{name}" RESET synchronous_commit')  # type: ignore[arg-type]


async def test_more_connections_than_the_server_has(sick: Sick) -> None:
    sick.breaks(DESK_DATABASE__POOL_SIZE="900")
    assert "max_connections" in of(await sick.said(), "database")


async def test_a_channel_that_can_not_work_is_named_without_its_address(
    sick: Sick, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO notify_teams (name, channels, language, time_zone, digest_after) VALUES "
            """('agent', '{"slack": "slack://geheim"}', 'pt', 'America/Sao_Paulo', 5)"""
        )
    told = of(await sick.said(), "notify")
    assert "slack of the team agent" in told
    assert "geheim" not in told


async def test_a_token_that_whatsapp_does_not_take(sick: Sick) -> None:
    sick.outside.token = "another"
    told = of(await sick.said(), "whatsapp")
    assert "does not take our token" in told
    assert "code 190" in told
    sick.breaks(DESK_WHATSAPP__GRAPH_URL="http://127.0.0.1:1")
    assert "can't be reached" in of(await sick.said(), "whatsapp")


async def test_templates_that_are_not_there_in_both_languages(sick: Sick) -> None:
    sick.outside.templates = [
        one | {"status": "PAUSED"} if one["name"] == "pedido_atrasado" else one
        for one in sick.outside.templates
        if (one["name"], one["language"]) != ("pedido_enviado", "en")
    ]
    sick.breaks(DESK_RATINGS__TEMPLATE="avaliar_atendimento")
    told = of(await sick.said(Level.WARNING), "whatsapp")
    assert "pedido_enviado in en is not there" in told
    assert "pedido_atrasado in pt_BR is paused" in told
    assert "avaliar_atendimento in pt is not there" in told
    assert "pedido_enviado in pt_BR" not in told


async def test_a_bot_that_is_away_has_no_model_or_another(sick: Sick) -> None:
    sick.outside.model = "0123456789abcdef"
    told = of(await sick.said(Level.WARNING), "bot")
    assert "runs the model 0123456789abcdef" in told
    sick.outside.model = ""
    assert "no model" in of(await sick.said(), "bot")
    sick.breaks(DESK_BOT__URL="http://127.0.0.1:1", ACTIONS_URL="http://127.0.0.1:1/webhook")
    found = await sick.said()
    assert "does not answer" in of(found, "bot")
    assert "does not answer" in of(found, "actions")


@pytest.mark.parametrize(("status", "said"), [(401, "our token"), (500, "status 500")])
async def test_an_order_system_that_refuses_or_fails(sick: Sick, status: int, said: str) -> None:
    sick.outside.orders = status
    assert said in of(await sick.said(), "orders")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    return {
        "DESK_DATABASE_URL": "postgresql://127.0.0.1:1/x",
        "DESK_BOT__URL": "http://127.0.0.1:1",
    }


def test_the_command_fails_when_something_is_wrong_and_says_it_as_json(
    terminal: dict[str, str],
) -> None:
    env = terminal | {"COLUMNS": "200", "DESK_WHATSAPP__GRAPH_URL": "http://127.0.0.1:1"}
    told = CliRunner().invoke(app, ["doctor", "--json"], env=env)
    assert told.exit_code == 1
    levels = [one["level"] for one in json.loads(told.stdout[told.stdout.index("[") :])]
    assert levels == sorted(levels, key=["error", "warning", "fine"].index)
    shown = CliRunner().invoke(app, ["doctor"], env=env)
    assert shown.exit_code == 1
    assert "✗ database" in shown.output
