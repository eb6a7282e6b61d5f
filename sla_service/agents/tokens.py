"""Secrets that are shown once: what is kept of them does not open anything."""

import hashlib
import re
import secrets

_KEY = re.compile(r"desk_(\d{1,18})_(\S{1,200})")


def fresh() -> str:
    """A new secret, of 256 random bits."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a secret. It is random and long: there is nothing to guess, so no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def key_text(key_id: int, secret: str) -> str:
    """An API key as programs show it."""
    return f"desk_{key_id}_{secret}"


def key_parts(text: str) -> tuple[int, str] | None:
    """The number and the secret in an API key; None when it doesn't look like one."""
    found = _KEY.fullmatch(text)
    return found and (int(found[1]), found[2])
