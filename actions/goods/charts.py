"""Size charts: the one for a product or a kind of goods, as a picture with its text."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.goods.goods_wish import Goods
from actions.talk import choosing
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import words
from order_system import sizes
from order_system.sizes import SizeChart

_UNISEX = "unisex"


async def tell(turn: Turn, outside: Outside, goods: Goods) -> list[EventType]:
    """Send the chart; where there are several, ask which."""
    found = await choose(turn, outside, goods)
    if isinstance(found, list):
        return found
    lines = [sizes.as_text(found, turn.language), found.url]
    about: dict[str, Any] = {"chart": "\n".join(filter(None, lines))}
    picture = None
    if found.has_image:
        picture = await outside.orders.size_chart_image(found.ref, turn.language)
    if picture is not None:
        file = await outside.desk.keep_file(turn.conversation, picture)
        turn.say("utter_size_chart_picture", file=file, **about)
    else:
        turn.say("utter_size_chart", **about)
    return goods.done()


async def choose(turn: Turn, outside: Outside, goods: Goods) -> SizeChart | list[EventType]:
    """The chart that is meant; or the events of asking for whom it shall be."""
    found = await outside.orders.size_charts(product=goods.product, category=goods.category)
    if not found:
        turn.say("utter_size_chart_missing")
        return [*goods.done(), SlotSet("pending", "talk_to_human")]
    fitting = [one for one in found if goods.gender in {None, one.gender} or one.gender == _UNISEX]
    fitting = fitting or found
    genders = list(dict.fromkeys(one.gender for one in fitting))
    if len(genders) == 1:
        return fitting[0]
    offered = {one: words.word("sizing", "genders", one, turn.language) for one in genders}
    turn.say("utter_ask_gender", buttons=choosing.buttons(offered))
    return goods.asking("gender", offered)
