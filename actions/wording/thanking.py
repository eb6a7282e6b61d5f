"""Words of thanks."""

from __future__ import annotations

import re

from actions.wording.plain import plain

_THANKS = re.compile(
    r"\b(?:o?brigad\w*|obg\w*|valeu|vlw|grat[oa]\b|agradec\w*|thank\w*|thx|tks|ty\b|cheers)"
)
_PRAISE = re.compile(
    r"\b(?:amei|adorei|am[eo] (?:o|a|voces|vcs)|perfeit\w+|maravilh\w+|otim[oa]s?|excelente\w*|show"
    r"|parabens|lind[oa]s?|nota (?:10|dez|1000|mil)|love|loved|awesome|great|perfect|amazing"
    r"|excellent|brilliant|fantastic|best)\b"
)


def thanks(text: str) -> bool:
    """Whether somebody thanks, in so many words."""
    return bool(_THANKS.search(plain(text)))


def praises(text: str) -> bool:
    """Whether somebody is pleased, and says so."""
    return bool(_PRAISE.search(plain(text)))
