"""What an endpoint checks to know that a webhook is ours (Standard Webhooks)."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook


def new_secret() -> str:
    """A secret for an endpoint, as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(webhook_id: str, body: bytes, at: datetime, secret: Sequence[str]) -> dict[str, str]:
    """The three headers of an attempt, signed with each live secret; `at` is in UTC."""
    said = body.decode()
    signatures = [Webhook(one).sign(webhook_id, at, said) for one in secret]
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
