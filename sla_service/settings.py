"""The knobs: one frozen value read from the environment at the edge and passed down."""

import os
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sla_service.knobs import (
    ROOT,
    AccountSettings,
    BotSettings,
    DatabaseSettings,
    HandoffSettings,
    LaneSettings,
    MediaSettings,
    MetricsSettings,
    NotifySettings,
    OrderSystemSettings,
    RatingSettings,
    TicketSettings,
    WhatsAppSettings,
)
from sla_service.shop_knobs import (
    KnowledgeSettings,
    OrderEventSettings,
    PriceSettings,
    PrivacySettings,
    VoiceSettings,
)

__all__ = [
    "ROOT",
    "AccountSettings",
    "BotSettings",
    "DatabaseSettings",
    "HandoffSettings",
    "KnowledgeSettings",
    "LaneSettings",
    "MediaSettings",
    "MetricsSettings",
    "NotifySettings",
    "OrderEventSettings",
    "OrderSystemSettings",
    "PriceSettings",
    "PrivacySettings",
    "RatingSettings",
    "Settings",
    "TicketSettings",
    "VoiceSettings",
    "WhatsAppSettings",
]


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
    commit: str = Field("", description="What this desk was built from; deploy/ writes it down.")

    database: DatabaseSettings = DatabaseSettings()
    whatsapp: WhatsAppSettings = WhatsAppSettings()
    bot: BotSettings = BotSettings()
    lanes: LaneSettings = LaneSettings()
    tickets: TicketSettings = TicketSettings()
    ratings: RatingSettings = RatingSettings()
    handoff: HandoffSettings = HandoffSettings()
    notify: NotifySettings = NotifySettings()
    accounts: AccountSettings = AccountSettings()
    media: MediaSettings = MediaSettings()
    voice: VoiceSettings = VoiceSettings()
    metrics: MetricsSettings = MetricsSettings()
    order_system: OrderSystemSettings = OrderSystemSettings()
    order_events: OrderEventSettings = OrderEventSettings()
    prices: PriceSettings = PriceSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    privacy: PrivacySettings = PrivacySettings()

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
