"""The knobs of the simulator, read from SIMULATOR_* variables."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that can be set; secrets have no default, they are shared with the desk."""

    model_config = SettingsConfigDict(env_prefix="SIMULATOR_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8090
    public_url: str = "http://127.0.0.1:8090"
    webhook_url: str = "http://127.0.0.1:8000/webhooks/whatsapp"
    state: Path | None = None

    app_secret: SecretStr = Field(min_length=1)
    verify_token: SecretStr = Field(min_length=1)
    access_token: SecretStr = Field(min_length=1)
    order_token: SecretStr = Field(min_length=1)
    # Where the demo shop tells of its orders (Standard Webhooks); empty: it keeps them to itself.
    order_events_url: str = ""
    order_events_secret: SecretStr = SecretStr("")

    business_name: str = "Passo Firme"
    display_phone_number: str = "551140028922"
    phone_number_id: str = "700100200300"
    waba_id: str = "900800700600"

    # Meta tries again for up to seven days with growing pauses; here a day is seconds.
    answer_timeout_seconds: float = 10
    retry_first_seconds: float = 0.5
    retry_longest_seconds: float = 5
    concurrent_deliveries: int = Field(default=4, ge=1)
    batch_linger_seconds: float = 0.25
    verify_every_seconds: float = 2

    sent_after_seconds: float = 0.05
    delivered_after_seconds: float = 0.2
    read_after_seconds: float = 0.4
    auto_read: bool = False
    escape_unicode: bool = True

    media_url_seconds: float = 300
    typing_seconds: float = 25
    window_seconds: float = 24 * 3600
    free_service_messages: int = 1000
