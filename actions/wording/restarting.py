"""Words with which somebody begins anew, whatever was talked about."""

from __future__ import annotations

import re

from actions.wording.plain import plain

_ANEW = re.compile(
    r"\b(?:comec\w+ (?:tudo )?(?:de novo|outra vez|do zero)|recomec\w+|reinici\w+|do zero"
    r"|start(?:ing)? (?:all )?(?:over|again|afresh)|begin again|from scratch|restart)"
)
_LONGEST = 8  # words: in a long message such words tell a story


def begins_anew(text: str) -> bool:
    """Whether the message wants to start over."""
    return len(text.split()) <= _LONGEST and bool(_ANEW.search(plain(text)))
