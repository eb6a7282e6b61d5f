"""Which size to take: from measures or from a size worn elsewhere, with the reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from rasa_sdk.events import EventType

from actions.goods import charts
from actions.goods.goods_wish import Goods
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import measures, words
from actions.wording.measures import FOOT, Measured
from order_system import sizes
from order_system.sizes import Recommendation, SizeChart, SizeRow
from order_system.vocabulary import Basis, Fit, Payer

_FITS = {
    Fit.EXACT: "utter_fit_exact",
    Fit.BETWEEN: "utter_fit_between",
    Fit.SMALLER_THAN_ALL: "utter_fit_smaller",
    Fit.LARGER_THAN_ALL: "utter_fit_larger",
}
_NO_SIZE = frozenset({Fit.SMALLER_THAN_ALL, Fit.LARGER_THAN_ALL})


async def tell(turn: Turn, outside: Outside, goods: Goods) -> list[EventType]:
    """Recommend a size; ask for measures or for what is worn elsewhere where neither is known."""
    chart = await charts.choose(turn, outside, goods)
    if isinstance(chart, list):
        return chart
    told = Measured() if turn.is_button else measures.read(turn.text, chart, turn.language)
    told = told or measures.read(goods.said, chart, turn.language)
    if told:
        goods = replace(
            goods,
            cm={name: str(value) for name, value in told.cm.items()},
            worn=told.worn,
            system=told.system,
        )
    return await _with(turn, outside, goods, chart)


async def _with(turn: Turn, outside: Outside, goods: Goods, chart: SizeChart) -> list[EventType]:
    cm = {name: Decimal(value) for name, value in goods.cm.items() if name in chart.measures}
    if cm:
        found = sizes.recommend(chart, cm)
        if found is not None and found.row is not None:
            return await _recommend(turn, outside, goods, (found, found.row))
    if goods.worn:
        rows = _rows(chart, goods)
        if rows:
            return await _convert(turn, outside, goods, (chart, rows))
        turn.say("utter_fit_worn_unknown", worn=_worn(goods))
    measured = _measured(turn, chart)
    ask(turn, measured)
    return replace(goods, worn=None, system=None, cm={}).asking("measures", {"what": measured})


def ask(turn: Turn, measured: str) -> None:
    """Ask for what a chart wants measured, or for a size worn elsewhere."""
    if measured == FOOT:
        turn.say("utter_ask_foot")
    else:
        turn.say("utter_ask_measures", measures=measured)


def _measured(turn: Turn, chart: SizeChart) -> str:
    if FOOT in chart.measures:
        return FOOT
    names = [sizes.title(name, turn.language) for name in chart.measures]
    return words.listed(names, turn.language)


def _rows(chart: SizeChart, goods: Goods) -> tuple[SizeRow, ...]:
    worn = str(goods.worn)
    if goods.system is not None:
        return chart.rows_of(worn, goods.system) or chart.rows_around(worn, goods.system)
    return chart.rows_of(worn) or chart.rows_of(worn, "us")


async def _recommend(
    turn: Turn, outside: Outside, goods: Goods, found: tuple[Recommendation, SizeRow]
) -> list[EventType]:
    advice, row = found
    name = advice.measured
    turn.say(
        _FITS.get(advice.fit, "utter_fit_exact"),
        size=row.size,
        other=advice.other.size if advice.other else "",
        measure=sizes.title(name, turn.language),
        value=_number(goods.cm[name], turn),
        span=_number(str(row.measures[name]), turn),
    )
    if advice.fit in _NO_SIZE:
        return goods.done()
    return await _end(turn, outside, replace(goods, size=row.size))


async def _convert(
    turn: Turn, outside: Outside, goods: Goods, found: tuple[SizeChart, tuple[SizeRow, ...]]
) -> list[EventType]:
    chart, rows = found
    row = rows[-1]  # of two that share a number abroad, the larger can be worn by both
    name = next((one for one in chart.measures if one in row.measures), "")
    turn.say(
        "utter_fit_worn" if len(rows) == 1 else "utter_fit_worn_two",
        size=row.size,
        other=rows[0].size,
        worn=_worn(goods),
        measure=sizes.title(name, turn.language),
        span=_number(str(row.measures[name]), turn) if name else "",
    )
    return await _end(turn, outside, replace(goods, size=row.size))


async def _end(turn: Turn, outside: Outside, goods: Goods) -> list[EventType]:
    window = (await outside.orders.policies()).returns.windows.get(Basis.EXCHANGE)
    if window is not None and window.days:
        is_free = window.shipping_paid_by is Payer.SHOP
        said = "utter_fit_exchange_free" if is_free else "utter_fit_exchange"
        turn.say(said, days=str(window.days))
    return goods.done()


def _worn(goods: Goods) -> str:
    system = {"br": "BR", "us": "US", "eu": "EU", "uk": "UK"}.get(goods.system or "", "")
    return f"{system} {goods.worn}".strip()


def _number(text: str, turn: Turn) -> str:
    """`24,9 a 25,4` of `24.9-25.4`."""
    if turn.language == "pt":
        return text.replace(".", ",").replace("-", " a ")
    return text.replace("-", " to ")
