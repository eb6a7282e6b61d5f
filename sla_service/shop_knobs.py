"""Groups of settings about the shop's events, voices, what messages cost, and contacts' data."""

import base64
import binascii
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from sla_service.knobs import ROOT, Duration, Group


def _not_negative(prices: dict[str, Decimal]) -> dict[str, Decimal]:
    if any(not price.is_finite() or price < 0 for price in prices.values()):
        raise ValueError("a price is 0 or more")
    return prices


class OrderEventSettings(Group):
    """What the shop tells of its orders (docs/proactive.md)."""

    secrets: SecretStr = Field(
        SecretStr(""),
        description="Secrets that sign order events (whsec_…), newest first, separated by commas; "
        "more than one while a secret is being changed. Empty: no event is taken.",
    )
    max_body_bytes: int = Field(1024 * 1024, ge=1, description="The largest event accepted.")
    attempts: int = Field(5, ge=1, description="Tries of an event that fails before it is parked.")
    plan: Path = Field(
        ROOT / "data" / "notices" / "notices.yml",
        description="What the shop tells of its own accord, and when.",
    )
    phone_number_id: str = Field(
        "", description="The business number that writes first to a shopper who never wrote."
    )
    pause: Duration = Field(
        timedelta(minutes=10),
        description="How long a notice waits before it is looked at again while people talk with "
        "the shopper.",
    )

    def signing_secrets(self) -> tuple[str, ...]:
        """The secrets, newest first."""
        parts = self.secrets.get_secret_value().split(",")
        return tuple(part.strip() for part in parts if part.strip())

    @model_validator(mode="after")
    def _are_keys(self) -> Self:
        for secret in self.signing_secrets():
            try:
                key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
            except binascii.Error:
                key = b""
            if len(key) < 16:
                raise ValueError("a secret is whsec_ and base64 of at least 16 bytes")
        return self


class VoiceSettings(Group):
    """Who writes down what contacts say in voice messages (docs/voice.md)."""

    url: str = Field(
        "",
        description="Where a recording is posted and its words come back; empty: nobody writes "
        "them down, and people get voice messages.",
    )
    token: SecretStr = Field(SecretStr(""), description="What the desk shows there, if anything.")
    timeout: Duration = Field(
        timedelta(seconds=10),
        gt=timedelta(0),
        le=timedelta(seconds=30),
        description="How long writing down may take, with fetching the recording; people get it "
        "afterwards as if nobody wrote it down.",
    )
    largest: int = Field(
        4 * 1024 * 1024, ge=1, description="The largest recording that is written down, in bytes."
    )
    at_once: int = Field(3, ge=1, description="Recordings of one turn that are written down.")
    least_confidence: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Of words less sure than this the bot hears nothing; people read them.",
    )


class PriceSettings(Group):
    """What WhatsApp's billable messages cost, for the reports."""

    currency: str = Field("", description="The currency of these prices, like BRL; empty: none.")
    a_message: Annotated[dict[str, Decimal], AfterValidator(_not_negative)] = Field(
        {},
        description="The price of a billable message of each category, as JSON: "
        '{"service": 0.035, "utility": 0.035}. Without one, messages are counted alone.',
    )


class KnowledgeSettings(Group):
    """The articles that answer what everybody asks (docs/knowledge.md)."""

    folder: Path = Field(
        ROOT / "data" / "knowledge" / "articles",
        description="Where they are written; without such a folder there are none.",
    )
    site: str = Field(
        "",
        description="Where shoppers open articles, as they reach it; empty: DESK_NOTIFY__DESK_URL.",
    )


_REDELIVERED = 30  # days; Meta gives up after seven


class PrivacySettings(Group):
    """What is kept of contacts, and for how long (docs/privacy.md)."""

    notice: bool = Field(
        True, description="Whether the first answer to a contact tells what is kept of them."
    )
    key: SecretStr = Field(
        SecretStr(""),
        description="The key under which erased contacts are known again, so that old webhooks "
        "bring nothing back; empty: one that follows from DESK_SERVICE_TOKEN. Set it before you "
        "change that token, and keep it.",
    )
    content_months: int = Field(
        0,
        ge=0,
        description="What contacts said and sent is erased when it is older than this, and a "
        "contact who was silent for so long is forgotten; counts stay. 0: never.",
    )
    raw_days: int = Field(
        90,
        ge=0,
        description="Webhooks are kept as they came for so long after they were taken in: 30 days "
        "or more, since Meta may bring them again; 0: for ever.",
    )

    @model_validator(mode="after")
    def _outlasts_redelivery(self) -> Self:
        if 0 < self.raw_days < _REDELIVERED:
            raise ValueError(f"raw_days is 0, or {_REDELIVERED} or more")
        return self
