"""Is a webhook really from Meta: HMAC-SHA256 over the raw bytes."""

import hashlib
import hmac
from collections.abc import Sequence

_PREFIX = "sha256="


def sign(body: bytes, key: bytes) -> str:
    """The value of `X-Hub-Signature-256` for `body`."""
    return _PREFIX + hmac.digest(key, body, hashlib.sha256).hex()


def is_genuine(body: bytes, header: str | None, keys: Sequence[bytes]) -> bool:
    """Whether `header` signs exactly these bytes with any of the `keys`.

    Comparison takes the same time however much of the signature is right.
    """
    if not header or not header.startswith(_PREFIX):
        return False
    given = header.encode("utf-8", "replace")
    return any(hmac.compare_digest(given, sign(body, key).encode()) for key in keys)
