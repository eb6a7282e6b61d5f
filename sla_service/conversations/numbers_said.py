"""Numbers in what was said, as they are looked for: each by the digits it begins with."""

import re

SHORTEST = 5
_LONGEST = 29  # digits: longer ones are nobody's order, and an index has no room for them

HAS_NUMBERS = f"plain_text ~ '[0-9]{{{SHORTEST}}}'"
"""What a message must fulfil to be in the index of numbers."""
NUMBERS = (
    "array_to_tsvector(string_to_array(btrim(regexp_replace(plain_text, "
    f"'([^0-9]|[0-9]{{{_LONGEST + 1},}})+', ' ', 'g')), ' '))"
)
"""The numbers of a message, each once; the very words that their index is made of."""


def sought_numbers(query: str) -> str | None:
    """The `tsquery` of a number as typed; None for one that the index doesn't have.

    The last of its groups, like one without groups, may be only begun: `48213` finds 4821307, and
    `11 98765-00` finds 11 98765-0001 as well as 11987650001.
    """
    groups = re.findall(r"[0-9]+", query)
    whole = "".join(groups)
    if not SHORTEST <= len(whole) <= _LONGEST or max(map(len, groups)) < SHORTEST:
        return None
    # Of what it has not counted, PostgreSQL expects a 50th of all numbers to begin so, and would
    # rather read all messages. Said three times, it expects as few as there are.
    joined = " & ".join([f"'{whole}':*"] * 3)
    if len(groups) == 1:
        return joined
    return f"({joined}) | ({' & '.join(f"'{group}'" for group in groups)}:*)"
