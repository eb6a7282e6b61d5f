"""The secrets of a try-out desk, made once and kept beside its data."""

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
)


def load(path: Path) -> dict[str, str]:
    """The secrets in `path`, where the missing ones are made and added."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in NAMES if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(24) for name in missing}
        write_private(path, json.dumps(known, indent=2) + "\n")
    return known


def write_private(path: Path, text: str) -> None:
    """Write `text` at once or not at all, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(path)
