"""The secrets of a try-out desk, made once and kept beside its data."""

import base64
import json
import secrets
from pathlib import Path

NAMES = (
    "service_token",  # actions -> desk
    "bot_token",  # desk -> bot
    "app_secret",  # Meta's, or the simulator's, signature under webhooks
    "verify_token",  # what Meta repeats when it verifies the webhook's address
    "access_token",  # desk -> Graph API
    "order_token",  # actions -> order system
    "order_events_secret",  # order system -> desk, signature under events
)
_SIGNING = ("order_events_secret",)


def load(path: Path) -> dict[str, str]:
    """The secrets in `path`, where the missing ones are made and added."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in NAMES if name not in known]
    if missing:
        known |= {name: _made(name) for name in missing}
        write_private(path, json.dumps(known, indent=2) + "\n")
    return known


def _made(name: str) -> str:
    """A new secret; what signs as Standard Webhooks do has a form of its own."""
    if name in _SIGNING:
        return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    return secrets.token_urlsafe(24)


def write_private(path: Path, text: str) -> None:
    """Write `text` at once or not at all, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(path)
