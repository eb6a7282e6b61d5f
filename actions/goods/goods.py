"""Questions about goods: is there one, which size fits, and the size chart."""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk.events import EventType

from actions.goods import charts, converting, finding, fitting, stock
from actions.goods.goods_wish import FLOW, Goods
from actions.shop import delivering
from actions.talk import articles, choosing, flows, interrupting, people, questions
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import words
from actions.wording.plain import plain

_TELL = {"stock": stock.tell, "chart": charts.tell, "fit": fitting.tell}
# In the middle of these, what names no product hardly asks for one ("vai demorar mais?").
_NO_GOODS = frozenset({"address", "cancel", "data", "paying", "withdrawal"})
_LONGEST_ANSWER = 8  # words: what is longer, or asks, is a question of its own
_ASKS = re.compile(
    r"\?|^(?:e )?(?:tem|voces? tem|vcs tem|quanto|qual|have|do you|how|is there|what)\b"
)
_LONGEST_HINT = 5
_UNSURE = re.compile(r"\b(?:nao sei|sei la|nao faco ideia|not sure|dont know|don.t know|no idea)\b")
_OWN_MEASURE = re.compile(r"\b(?:busto|torax|cintura|quadril|chest|bust|waist|hips?)\D{1,9}\d{2}")
_CHART = re.compile(r"\b(?:tabela|chart|guia|guide)\b")
_DELIVERY = re.compile(
    r"\b(?:entregam?|fretes?|portes|(?:envia|manda|despacha)m? (?:para|pra|pro)\b"
    r"|deliver(?:y|ies)?|ship(?:ping|s)?|postage)\b"
)
_BARE_SIZE = re.compile(
    r"(?:(?:e|no|na|em|o|a|and|in|the|size|tamanho|numero|tam)\W+)*"
    r"(?:\d{2}(?:[.,]5)?|pp|p|m|g|gg|xs|s|l|xl)(?:\W+(?:please|pls|por favor|pfv))?"
)
_TIME = re.compile(r"\b(?:quanto tempo|quantos dias|prazo|demora\w*|how long|how many days|when)\b")
_ALERT = re.compile(
    r"\bavis\w+ (?:me )?(?:quando|assim que|se)\b|\bme avis\w+\b|\bnotify me"
    r"|\blet me know (?:when|if)|\b(?:email|text|message|tell) me when"
)
_AND = re.compile(r"(?:e|and|what about|how about) (?:a |o |as |os )?(?:d[aeo]s? |for |of |in )")
_LONGEST_NAME = 3
_SIZE_ALONE = re.compile(
    r"(?:(?:duvida|ajuda|help|question|about|sobre|de|do|com|o|meu|my|qual|what|the|with|a)\W+)*"
    r"(?:tamanhos?|sizes?|sizing|numeracao|medidas?)\W*"
)


class ActionCheckStock(Act):
    """Says whether there is one."""

    def name(self) -> str:
        """As in the domain."""
        return "action_check_stock"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the product, then its size and colour; where and for how much it is delivered."""
        said = "" if turn.is_button else plain(turn.text)
        if _DELIVERY.search(said):
            times = await articles.about(turn, self.outside) if _TIME.search(said) else None
            return times or await delivering.tell(turn, self.outside)
        if _ALERT.search(said):
            turn.say("utter_stock_no_alert")
            return []
        converted = await converting.tell(turn, self.outside)
        if converted is not None:
            return converted
        if turn.flow.get("name") in _NO_GOODS and not (turn.goods or turn.values_of("product")):
            return await questions.repeat(turn, self.outside.desk)
        return await _start(turn, self.outside, _same_wish(turn))


class ActionShowSizeChart(Act):
    """Shows a size chart."""

    def name(self) -> str:
        """As in the domain."""
        return "action_show_size_chart"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find out for what, and send it; "size" alone may want advice instead."""
        converted = await converting.tell(turn, self.outside)
        if converted is not None:
            return converted
        return _ask_need(turn) or await _start(turn, self.outside, _meant(turn, "chart"))


class ActionHelpWithSize(Act):
    """Recommends a size."""

    def name(self) -> str:
        """As in the domain."""
        return "action_help_with_size"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find out for what and for whom; "size" alone may want the chart instead."""
        converted = await converting.tell(turn, self.outside)
        if converted is not None:
            return converted
        return _ask_need(turn) or await _start(turn, self.outside, _meant(turn, "fit"))


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Go on with the answer to the open question; None when the message is none."""
    if _UNSURE.search(plain(turn.text)) and not turn.is_button:
        return None
    if turn.intent == "deny" or interrupting.leaves(turn):
        turn.say("utter_flow_left")
        return people.forget_questions()
    return await _take_answer(turn, outside, Goods.of(turn, str(turn.flow["wish"])))


async def _take_answer(turn: Turn, outside: Outside, goods: Goods) -> list[EventType] | None:
    flow = turn.flow
    asks = str(flow.get("asks"))
    if asks == "need":
        picked = choosing.chosen(turn, flow["offered"])
        return await _go_on(turn, outside, replace(goods, wish=picked)) if picked else None
    if asks == "gender":
        gender = choosing.chosen(turn, flow["offered"]) or finding.gender_in(turn.text)
        return await _go_on(turn, outside, replace(goods, gender=gender)) if gender else None
    if asks == "product":
        return await _take_product(turn, outside, goods)
    if asks == "size":
        return await _take_size(turn, outside, goods)
    return await _take_measures(turn, outside, goods)


async def follow_up(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Answer a few words about the goods last talked about: a size, a colour, another product.

    Where none was talked about, the name of one alone: "o Longão".
    """
    if len(turn.text.split()) > (_LONGEST_HINT if turn.goods else _LONGEST_NAME):
        return None
    before = Goods.of(turn, "stock")
    if not turn.goods and not await finding.is_name(turn, outside):
        return None
    found = await finding.settle(turn, outside, before)
    if isinstance(found, Goods) and found != before and found.product:
        return await _go_on(turn, outside, found)
    return None


def ask_again(turn: Turn) -> None:
    """Ask once more what is open."""
    flow = turn.flow
    offered = choosing.buttons(flow.get("offered") or {})
    match flow.get("asks"):
        case "need":
            turn.say("utter_ask_size_need", buttons=offered)
        case "gender":
            turn.say("utter_ask_gender", buttons=offered)
        case "product" if offered:
            turn.say("utter_choose_product", buttons=offered)
        case "product":
            turn.say("utter_ask_product")
        case "size":
            turn.say("utter_ask_size_again", product=flow.get("called", ""))
        case _:
            fitting.ask(turn, str((flow.get("offered") or {}).get("what")))


async def _start(turn: Turn, outside: Outside, wish: str) -> list[EventType]:
    """Begin, or go on where the message answers what is open rather than asks anew."""
    if turn.flow.get("name") == FLOW and not turn.is_button and _is_answer(turn):
        taken = await flows.take(turn, outside)
        if taken is not None:
            return taken
    goods = Goods.of(turn, wish)
    if wish == "fit" and not turn.is_button:
        goods = replace(goods, said=turn.text)
    found = await finding.settle(turn, outside, goods)
    if isinstance(found, list):
        return found
    return await _unnamed(turn, outside, found) or await _go_on(turn, outside, found)


async def _unnamed(turn: Turn, outside: Outside, goods: Goods) -> list[EventType] | None:
    """Where no product is named: the choice that is open, with what was said, or an article."""
    if goods.product or goods.category:
        return None
    offered = turn.flow.get("offered") if turn.flow.get("asks") == "product" else None
    if offered:
        turn.say("utter_choose_product", buttons=choosing.buttons(offered))
        return replace(goods, tries=goods.tries + 1).asking("product", offered)
    return None if goods.wish != "stock" or turn.flow else await articles.about(turn, outside)


async def _go_on(turn: Turn, outside: Outside, goods: Goods) -> list[EventType]:
    if goods.product is None and (goods.wish == "stock" or not goods.category):
        return finding.ask(turn, goods)
    return await _TELL[goods.wish](turn, outside, goods)


async def _take_product(turn: Turn, outside: Outside, goods: Goods) -> list[EventType] | None:
    picked = choosing.chosen(turn, turn.flow.get("offered") or {})
    product = await finding.by_ref(outside, picked, turn.language) if picked else None
    if product is not None:
        return await _go_on(turn, outside, replace(goods.about(product, turn.language)))
    found = await finding.settle(turn, outside, replace(goods, product=None, category=None))
    if isinstance(found, list):
        return found
    is_found = found.product or (found.category and goods.wish != "stock")
    return await _go_on(turn, outside, found) if is_found else None


async def _take_size(turn: Turn, outside: Outside, goods: Goods) -> list[EventType] | None:
    sizes = turn.values_of("size")
    said = sizes[0] if sizes else turn.text.strip(" .!?")
    if not sizes and not re.fullmatch(r"\d{1,2}(?:[.,]5)?|[A-Za-z]{1,3}", said):
        return None
    return await _go_on(turn, outside, replace(goods, size=said))


async def _take_measures(turn: Turn, outside: Outside, goods: Goods) -> list[EventType] | None:
    if not re.search(r"\d|\b(?:pp|p|m|g|gg|xs|s|l|xl)\b", plain(turn.text)):
        return None
    return await _go_on(turn, outside, goods)


def _ask_need(turn: Turn) -> list[EventType]:
    """Ask whether the chart or advice is wanted, when "size" is all that was said."""
    if turn.is_button or not _SIZE_ALONE.fullmatch(plain(turn.text).strip()):
        return []
    needs = {one: words.word("sizing", "needs", one, turn.language) for one in ("chart", "fit")}
    turn.say("utter_ask_size_need", buttons=choosing.buttons(needs))
    return Goods.of(turn, "fit").asking("need", needs)


def _meant(turn: Turn, wish: str) -> str:
    """What is meant by a mere size of the product talked about, or by a measure of one's own."""
    said = plain(turn.text).strip(" .!?")
    if turn.is_button or turn.flow:
        return wish
    if turn.goods.get("product") and _BARE_SIZE.fullmatch(said):
        return "stock"
    return "fit" if _OWN_MEASURE.search(said) and not _CHART.search(said) else wish


def _same_wish(turn: Turn) -> str:
    """ "E de sapato feminino?" after a size chart asks for another one."""
    is_more = not turn.is_button and _AND.match(plain(turn.text)) and not turn.values_of("size")
    return "chart" if is_more and turn.goods.get("wish") == "chart" and not turn.flow else "stock"


def _is_answer(turn: Turn) -> bool:
    is_question = _ASKS.search(plain(turn.text)) is not None
    return not is_question and len(turn.text.split()) <= _LONGEST_ANSWER
