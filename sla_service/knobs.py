"""Groups of settings, one for each room that has any."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

ROOT = Path(__file__).parent.parent


def _seconds(value: object) -> object:
    """Let a duration be written as plain seconds, besides ISO 8601."""
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return float(value)
    return value


Duration = Annotated[timedelta, BeforeValidator(_seconds)]


class Group(BaseModel):
    """A group of settings: read once, never changed."""

    model_config = ConfigDict(frozen=True)


class DatabaseSettings(Group):
    """How this process uses PostgreSQL."""

    pool_size: int = Field(16, ge=2, description="Connections a process keeps open at most.")


class WhatsAppSettings(Group):
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
    file_timeout: Duration = Field(
        timedelta(minutes=2), description="How long a file may take to come from or go to Meta."
    )
    file_hosts: str = Field(
        "fbsbx.com,facebook.com,fbcdn.net,whatsapp.net",
        description="Hosts that files are fetched from, besides the Graph API's own: no other is "
        "shown the access token.",
    )
    account_id: str = Field(
        "", description="The WhatsApp Business Account whose templates agents may send."
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

    def known_file_hosts(self) -> tuple[str, ...]:
        """The hosts of files, each with all that is under it."""
        return tuple(host.strip().lower() for host in self.file_hosts.split(",") if host.strip())

    def signing_keys(self) -> tuple[bytes, ...]:
        """The app secrets as bytes, newest first."""
        parts = self.app_secrets.get_secret_value().split(",")
        return tuple(part.strip().encode() for part in parts if part.strip())


class BotSettings(Group):
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


class LaneSettings(Group):
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


class TicketSettings(Group):
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


class RatingSettings(Group):
    """How contacts are asked how it went."""

    ask: Literal["all", "people", "nobody"] = Field(
        "all",
        description="After which solutions: all; people: where a person took part; nobody.",
    )
    delay: Duration = Field(
        timedelta(minutes=2), description="How long after the solution they are asked."
    )
    bot_pause: Duration = Field(
        timedelta(days=14),
        description="After what the bot solved alone, a contact is asked once in so long.",
    )
    comment_within: Duration = Field(
        timedelta(minutes=15), description="What they write this soon after a score is its comment."
    )
    template: str = Field(
        "",
        description="The approved template that asks after the 24 hours, with five quick replies, "
        "the best score first, and no variables; without one nobody is asked then.",
    )


class HandoffSettings(Group):
    """How conversations come to people, and go back to the bot."""

    assigns: Literal["offer", "directly"] = Field(
        "offer",
        description="offer: an agent is offered a conversation and accepts it; directly: it is "
        "theirs at once.",
    )
    strategy: Literal["least_loaded", "round_robin"] = Field(
        "least_loaded",
        description="Who gets the next one: whoever has the most room, or had none for longest.",
    )
    offer_for: Duration = Field(
        timedelta(seconds=30), description="An offer moves on to somebody else after this."
    )
    gone_after: Duration = Field(
        timedelta(minutes=2),
        description="A contact who waits this long for an agent who is away or offline goes back "
        "to the queue.",
    )
    idle_after: Duration = Field(
        timedelta(hours=24),
        description="A conversation goes back to the bot when the contact leaves an agent's "
        "answer at that for so long; 0: never.",
    )
    low_confidence: float = Field(
        0.35,
        ge=0,
        le=1,
        description="Two answers in a row of which the bot was less sure than this call a person; "
        "0: never.",
    )


class NotifySettings(Group):
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


class MediaSettings(Group):
    """Files that contacts send and agents attach."""

    folder: Path = Field(
        ROOT / "var" / "media",
        description="Where files are kept; the web process and the workers see the same folder.",
    )
    largest: int = Field(
        100 * 1024 * 1024, ge=1, description="The largest file accepted, in bytes (Meta's limit)."
    )
    at_once: int = Field(4, ge=1, description="Files a worker fetches side by side.")
    attempts: int = Field(36, ge=1, description="Tries of a file, in a day, until it is given up.")


class OrderSystemSettings(Group):
    """The shop's orders, shown beside a conversation."""

    url: str = Field(
        "", description="Where the shop's order API begins; empty: agents see no orders."
    )
    token: SecretStr = Field(SecretStr(""), description="What the desk shows to it.")
    remembered: Duration = Field(
        timedelta(seconds=10), description="How long an answer of it is good for."
    )


class AccountSettings(Group):
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
    tries: int = Field(10, ge=1, description="Wrong passwords of one account before it must wait.")
    tries_window: Duration = Field(
        timedelta(minutes=15), description="How long such an account waits."
    )
    tries_a_minute: int = Field(
        30, ge=1, description="Sign-ins that one address may try in a minute."
    )
    hashing_at_once: int = Field(
        2, ge=1, description="Passwords a process hashes side by side; each takes 64 MB meanwhile."
    )


class MetricsSettings(Group):
    """Figures for Prometheus (docs/operations.md)."""

    token: SecretStr = Field(
        SecretStr(""), description="What a scraper of /metrics shows; empty: there is no such page."
    )
    worker_port: int = Field(
        0, ge=0, le=65535, description="Where a worker shows its own figures; 0: nowhere."
    )
