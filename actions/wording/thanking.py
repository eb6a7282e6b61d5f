"""Words of thanks."""

from __future__ import annotations

import re

from actions.wording.plain import plain

_THANKS = re.compile(
    r"\b(?:o?brigad\w*|obg\w*|valeu|vlw|grat[oa]\b|agradec\w*|thank\w*|thx|tks|ty\b|cheers)"
)


def thanks(text: str) -> bool:
    """Whether somebody thanks, in so many words."""
    return bool(_THANKS.search(plain(text)))
