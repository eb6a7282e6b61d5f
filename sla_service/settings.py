"""The knobs: one frozen value read from the environment at the edge and passed down."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent


def _seconds(value: object) -> object:
    """Let a duration be written as plain seconds, besides ISO 8601."""
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return float(value)
    return value


Duration = Annotated[timedelta, BeforeValidator(_seconds)]


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True)


class DatabaseSettings(_Group):
    """How this process uses PostgreSQL."""

    pool_size: int = Field(16, ge=2, description="Connections a process keeps open at most.")


class WhatsAppSettings(_Group):
    """The channel: what Meta signs with, where it is reached, and how patient we are."""

    app_secrets: SecretStr = Field(
        SecretStr(""),
        description="App secrets that sign webhooks, newest first, separated by commas; "
        "more than one while a secret is being changed.",
    )
    verify_token: SecretStr = Field(
        SecretStr(""), description="The string Meta repeats when it verifies the webhook address."
    )
    access_token: SecretStr = Field(
        SecretStr(""), description="The system user's token that sends messages."
    )
    graph_url: str = Field("https://graph.facebook.com", description="Meta's Graph API.")
    graph_version: str = Field("v25.0", description="Version in the Graph API's path.")
    max_body_bytes: int = Field(
        4 * 1024 * 1024, description="The largest webhook accepted (Meta sends up to 3 MB)."
    )
    send_timeout: Duration = Field(
        timedelta(seconds=10), description="How long a send may take before its outcome is unknown."
    )
    settle_after: Duration = Field(
        timedelta(seconds=30),
        description="How long a send without an answer waits for its status before it is repeated.",
    )
    window: Duration = Field(
        timedelta(hours=23, minutes=55),
        description="Free-form messages are allowed this long after the contact's last message "
        "(Meta's 24 hours, less a margin).",
    )

    def signing_keys(self) -> tuple[bytes, ...]:
        """The app secrets as bytes, newest first."""
        parts = self.app_secrets.get_secret_value().split(",")
        return tuple(part.strip().encode() for part in parts if part.strip())


class BotSettings(_Group):
    """The bot's server, and how long its silence is borne."""

    url: str = Field("http://127.0.0.1:5005", description="Rasa's server.")
    token: SecretStr = Field(SecretStr(""), description="What the desk shows to the bot's channel.")
    timeout: Duration = Field(timedelta(seconds=20), description="How long a turn may take.")
    at_once: int = Field(
        8,
        ge=1,
        description="Turns a worker puts to the bot side by side. One Rasa process uses one core: "
        "more would only take turns there, and all end late together.",
    )
    patience: Duration = Field(
        timedelta(minutes=3),
        description="How long a turn is tried again before the conversation goes to people.",
    )


class LaneSettings(_Group):
    """How a worker takes conversations."""

    quiet: Duration = Field(
        timedelta(milliseconds=900),
        description="A burst ends when the contact is quiet this long; 0: answer each message.",
    )
    quiet_at_most: Duration = Field(
        timedelta(seconds=6), description="A burst is answered after this long even if it goes on."
    )
    lease: Duration = Field(
        timedelta(seconds=60),
        description="A worker that died gives its conversations up after this.",
    )
    at_once: int = Field(32, ge=1, description="Conversations a worker handles side by side.")
    attempts: int = Field(5, ge=1, description="Tries of an update that fails before it is parked.")


class TicketSettings(_Group):
    """How messages become tickets."""

    threading_window: Duration = Field(
        timedelta(hours=24), description="A message this soon after the last joins the same ticket."
    )
    after_window: Literal["follow_up", "reopen"] = Field(
        "follow_up",
        description="What a message after the window does: a new ticket, or the old one.",
    )
    settled_after: Duration = Field(
        timedelta(minutes=4),
        description="The bot's answer counts as the solution when the contact leaves it at that "
        "for so long.",
    )
    abandoned_after: Duration = Field(
        timedelta(hours=24),
        description="A question of the bot's that stays unanswered for so long ends the ticket.",
    )
    order_proofs_a_day: int = Field(
        5, ge=1, description="Tries a contact has in 24 hours to prove that an order is theirs."
    )


class NotifySettings(_Group):
    """How people are told: alerts, e-mail, chat services and webhooks."""

    desk_url: str = Field(
        "http://127.0.0.1:8000",
        description="Where people open the console; alerts link there.",
    )
    schemes: str = Field(
        "mailto,mailtos,slack,discord,msteams,workflow,workflows,tgram,gchat,rocket,rockets,"
        "mmost,mmosts,ntfy,ntfys,pover,json,jsons",
        description="Apprise services a team's channels may use, separated by commas.",
    )
    reach: Literal["public", "private", "loopback"] = Field(
        "public",
        description="How near a webhook's or chat server's address may be: public; private: the "
        "own network too; loopback: this machine too (try-outs).",
    )
    at_once: int = Field(4, ge=1, description="Messages a process hands over side by side.")
    timeout: Duration = Field(
        timedelta(seconds=15), description="How long a service or an endpoint may take to answer."
    )
    lease: Duration = Field(
        timedelta(minutes=2),
        description="A send that nobody ended is tried again after this, under the same id.",
    )
    pace: Duration = Field(
        timedelta(seconds=20),
        description="After a message, a channel gathers what comes for this long; urgent goes on.",
    )
    attempts: int = Field(8, ge=1, description="Tries of a message before it is given up.")
    webhook_attempts: int = Field(10, ge=1, description="Tries of a webhook before it is given up.")

    def allowed_schemes(self) -> frozenset[str]:
        """The services a channel may use."""
        return frozenset(name.strip() for name in self.schemes.split(",") if name.strip())


class AccountSettings(_Group):
    """How people sign in, and for how long."""

    idle: Duration = Field(
        timedelta(hours=12), description="A session that is not used for so long ends."
    )
    lifetime: Duration = Field(
        timedelta(days=7), description="A session ends after this however it is used."
    )
    invitation: Duration = Field(
        timedelta(days=3), description="How long a one-time link is good for."
    )
    tries: int = Field(
        10, ge=1, description="Wrong passwords of one account before it must wait."
    )
    tries_window: Duration = Field(
        timedelta(minutes=15), description="How long such an account waits."
    )
    tries_a_minute: int = Field(
        30, ge=1, description="Sign-ins that one address may try in a minute."
    )
    hashing_at_once: int = Field(
        2, ge=1, description="Passwords a process hashes side by side; each takes 64 MB meanwhile."
    )


class Settings(BaseSettings):
    """Everything that can be set, from `DESK_…` variables, `DESK_…_FILE` secrets, or `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="DESK_", env_nested_delimiter="__", env_file=".env", extra="ignore", frozen=True
    )

    database_url: SecretStr | None = Field(
        None, description="PostgreSQL; when absent, a private server in var/ is started and used."
    )
    service_token: SecretStr = Field(
        SecretStr(""), description="What the bot's actions show to the desk's API."
    )
    host: str = Field("127.0.0.1", description="Address the web process listens on.")
    port: int = Field(8000, description="Port the web process listens on.")
    log_level: str = Field("info", description="debug, info, warning or error.")
    log_json: bool = Field(False, description="One JSON object a line, for production.")
    demo: bool = Field(
        False,
        description="A try-out on one machine: short secrets are allowed, the first start brings "
        "people to play with.",
    )
    data_dir: Path = Field(ROOT / "data", description="Where designers keep the responses.")

    database: DatabaseSettings = DatabaseSettings()
    whatsapp: WhatsAppSettings = WhatsAppSettings()
    bot: BotSettings = BotSettings()
    lanes: LaneSettings = LaneSettings()
    tickets: TicketSettings = TicketSettings()
    notify: NotifySettings = NotifySettings()
    accounts: AccountSettings = AccountSettings()

    @classmethod
    def read(cls) -> Self:
        """The settings of this process; `DESK_X_FILE` names a file that holds `DESK_X`."""
        for name, path in list(os.environ.items()):
            if name.startswith("DESK_") and name.endswith("_FILE"):
                os.environ.setdefault(name.removesuffix("_FILE"), Path(path).read_text().strip())
        return cls()

    def server_url(self) -> str:
        """The libpq URL of PostgreSQL. Raises ValueError when none is set."""
        if self.database_url is None:
            raise ValueError("DESK_DATABASE_URL is not set (bin/dev and bin/desk set it)")
        return self.database_url.get_secret_value()

    @model_validator(mode="after")
    def _secrets_are_set(self) -> Self:
        missing = [name for name, value in self._secrets() if len(value) < 16]
        if missing and not self.demo:
            raise ValueError(
                "unset or shorter than 16 characters: "
                + ", ".join(missing)
                + " (DESK_DEMO=true allows this on a try-out machine)"
            )
        return self

    def _secrets(self) -> list[tuple[str, str]]:
        keys = [key.decode() for key in self.whatsapp.signing_keys()] or [""]
        return [
            ("DESK_SERVICE_TOKEN", self.service_token.get_secret_value()),
            ("DESK_BOT__TOKEN", self.bot.token.get_secret_value()),
            ("DESK_WHATSAPP__VERIFY_TOKEN", self.whatsapp.verify_token.get_secret_value()),
            ("DESK_WHATSAPP__ACCESS_TOKEN", self.whatsapp.access_token.get_secret_value()),
            *(("DESK_WHATSAPP__APP_SECRETS", key) for key in keys),
        ]
