"""Text as it is compared: without case, accents and doubled spaces."""

import re
import unicodedata


def plain(text: str) -> str:
    """`Não, obrigada` as `nao, obrigada`."""
    letters = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", bare).strip()


def has(text: str, pattern: str) -> bool:
    """Whether the pattern, written without accents, is in the text."""
    return re.search(pattern, plain(text)) is not None
