"""How people type: in a hurry, with slips, and never in numbers or addresses."""

import random
import re

_SLIP = 0.12  # of messages
_WORD = re.compile(r"[^\W\d_]{4,}")
_BARE = str.maketrans("ãõáàâéêíóôúç", "aoaaaeeioouc")


def filled(text: str, values: dict[str, str]) -> str:
    """A text with what stands in braces put in."""
    return re.sub(r"\{(\w+)\}", lambda hole: values[hole[1]], text)


def typed(text: str, chance: random.Random) -> str:
    """A text as somebody types it."""
    if "@" in text or chance.random() > 3 * _SLIP:
        return text
    words = list(_WORD.finditer(text))
    if not words or chance.random() > 1 / 3:
        return text.translate(_BARE)
    found = chance.choice(words)
    return text[: found.start()] + _slipped(found[0], chance) + text[found.end() :]


def _slipped(word: str, chance: random.Random) -> str:
    at = chance.randint(1, len(word) - 3)
    match chance.randrange(3):
        case 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 1:
            return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]
