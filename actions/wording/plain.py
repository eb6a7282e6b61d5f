"""Words as they are compared: small letters, no accents."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """`Não serviu!` as `nao serviu!`."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
