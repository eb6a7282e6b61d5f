"""What a shop says in more than one language."""

from collections.abc import Mapping

Texts = Mapping[str, str]
"""A text by language, as `pt` and `en`."""


def in_language(texts: Texts, language: str) -> str:
    """The text in this language, else in any; nothing where the shop said nothing."""
    short = language.split("-", maxsplit=1)[0].lower()
    return texts.get(short) or next(iter(texts.values()), "")
