"""The article that answers a question, where search and the bot's own guess are sure enough."""

from collections.abc import Mapping

from sla_service.database.sessions import Connection
from sla_service.knowledge import searching
from sla_service.knowledge.searching import Found

# Where bench/knowledge.py showed one in eleven answered of what no article answers; what the bot
# asks for has passed its gate before, and one in fifty is left.
SURE = 0.8
"""The least that the bot's scores and the search must come to together."""
SURE_ALONE = 0.6
"""The least that the search must come to by itself."""
NEAR = 0.42
"""From here on what wasn't answered is the shop's business, whatever the bot took it for."""
_ALL = 200
_UNKNOWN = -1.0
"""An article that is newer than the bot's model has no score of its."""


async def answer(
    connection: Connection, words: str, language: str, scores: Mapping[str, float]
) -> tuple[Found | None, float]:
    """The article to answer with, or None; and how near the nearest one is, 0 to 1.

    `scores` are the bot's for the articles it thinks of: 0 and more is likely, -1 is not.
    """
    found = await searching.search(connection, words, language, limit=_ALL)
    if not found:
        return None, 0.0
    best = _fused(found, scores) if scores else None
    if best is None and found[0].sure >= SURE_ALONE:
        best = found[0]
    return best, found[0].near


def _fused(found: list[Found], scores: Mapping[str, float]) -> Found | None:
    """The best by both, if it is good and well ahead of the next."""
    totals = sorted(
        ((scores.get(one.key, _UNKNOWN) + one.near, one) for one in found),
        key=lambda pair: -pair[0],
    )
    first, best = totals[0]
    second = totals[1][0] if len(totals) > 1 else _UNKNOWN
    return best if 2 * first - second >= SURE else None
