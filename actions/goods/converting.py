"""What a size is called in another country: "BR 38 in US", "how big is a 44 in UK sizes?"."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import measures, words
from actions.wording.plain import plain
from order_system.sizes import SizeChart

_OURS = "br"
# "9 US", "EU 42", "a 44"; the country that the number has none of stands behind one of the words.
_SIZE = re.compile(r"(?<![\d.,$])(\d{1,2}(?:[.,]5)?)(?![\d%]|[.,]\d| ?cm)")
_INTO = re.compile(r"\b(?:in|to|into|em|no|na|nos|para|pra|pro|e|vira|seria|equivale a)\b")


async def tell(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Convert a shoe size that the message names; None when it asks for no conversion."""
    wanted = None if turn.is_button or turn.flow else _wanted(plain(turn.text))
    if wanted is None:
        return None
    size, system, target = wanted
    charts = await outside.orders.size_charts(product=turn.goods.get("product"))
    shoes = [chart for chart in charts if measures.FOOT in chart.measures]
    found = [(chart, _written(chart, size, system, target)) for chart in shoes]
    known = [(chart, written) for chart, written in found if written]
    if not known:
        return None
    named = [
        f"{target.upper()} {written} ({_gender(chart, turn)})" if len(known) > 1 else written
        for chart, written in known
    ]
    turn.say(
        "utter_size_converted",
        size=f"{system.upper()} {size}",
        sizes=words.listed(named, turn.language),
    )
    return []


def _wanted(said: str) -> tuple[str, str, str] | None:
    """The size, in whose numbers it is, and in whose it is wanted."""
    numbers = _SIZE.findall(said)
    if len(numbers) != 1:
        return None
    before, _, behind = said.partition(numbers[0])
    into = _INTO.search(behind)
    if into is None:
        return None
    target = measures.system_in(behind[into.end() :])
    own = measures.system_in(f"{before} {numbers[0]} {behind[: into.start()]}") or _OURS
    if target is None or target == own:
        return None
    return numbers[0].replace(",", "."), own, target


def _written(chart: SizeChart, size: str, system: str, target: str) -> str:
    rows = chart.rows_of(size, None if system == _OURS else system)
    return "/".join(
        dict.fromkeys(row.size if target == _OURS else row.systems.get(target, "") for row in rows)
    )


def _gender(chart: SizeChart, turn: Turn) -> str:
    return words.word("sizing", "genders", chart.gender, turn.language).lower()
