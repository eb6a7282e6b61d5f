"""Words as they are looked for: without regard to case and accents."""

_ACCENTED = "áàâãäåéèêëíìîïóòôõöúùûüçñÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑ"
_PLAIN = "aaaaaaeeeeiiiiooooouuuucn" * 2
_TABLE = str.maketrans(_ACCENTED, _PLAIN)


def plain(text: str) -> str:
    """A text as it is compared."""
    return text.translate(_TABLE).lower()


def plain_sql(column: str) -> str:
    """The same of a column; the very words that its index is made of."""
    return f"lower(translate({column}, '{_ACCENTED}', '{_PLAIN}'))"
