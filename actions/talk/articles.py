"""What the shop answers to everybody: an article, and the question kept when none answers."""

from __future__ import annotations

import logging
import re

from rasa_sdk.events import EventType, SlotSet

from actions.talk import flows
from actions.talk.desk import DeskError
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording.plain import plain

logger = logging.getLogger(__name__)
# How much rather a message must ask for an article than for what its intent does; 0 is the border.
# Below -1 the bot's finder ranks no articles (`bot.components.articles.FAR`).
# Chosen on messages of every intent: docs/decisions/0013-articles-are-found-twice.md.
_LOST = -0.8  # nothing else would be done about it
_QUESTION = -0.9  # asks for a rule of the shop's, in words
_GATES = {
    "product_availability": -0.6,
    "promo_code": -0.25,  # the shop itself knows which codes run
    "data_request": -0.1,
    **dict.fromkeys(
        (
            *("order_status", "track_order", "delivery_late", "return_item", "exchange_item"),
            *("refund_status", "cancel_order", "change_address", "invoice", "payment_issue"),
            *("sizing_help", "size_chart", "store_hours"),
        ),
        0.25,
    ),
}
_WITH_RULES = frozenset(
    ("return_item", "exchange_item", "cancel_order", "change_address", "invoice")
)
_RULE = re.compile(
    r"\bprazos?\b|\bquant[oa]s? (?:dias|tempo)|\bate quando|\bqual (?:e )?[ao]\b|\bcomo funciona"
    r"|\bpolitica|\bregras?\b|\btaxa\b|\bquem paga|\bque documento|\bhow (?:long|many|does|do)\b"
    r"|\bwhat(?:'?s| is| are)\b|\bpolic(?:y|ies)|\btime limit|\bdeadline|\bfee\b|\bwho pays"
    r"|\bwhere do i\b|\bcnpj\b|\bnome d[ae] (?:minha )?(?:empresa|firma)|\bcompany name"
    r"|\bse (?:eu )?nao (?:me )?(?:serv\w+|gost\w+|coub\w+|ficar)"
    r"|\bif (?:it|they|i) (?:doesn|don|do not|does not)"
)
_FOREIGN = "out_of_scope"
# Whoever was just asked one of these answers it, however it sounds.
_AWAITED = frozenset({"order_email", "order_choice", "did_you_mean"})
# Something else in the middle of a flow is asked as a question.
_IN_BETWEEN = re.compile(
    r"\?|^(?:e|and|mas|but|wait|perai|espera)?,? ?(?:como|quando|onde|quant[oa]s?|qual|quais|tem"
    r"|voces|vcs|what|how|when|where|which|do|does|can|is|are)\b"
)
# A payment of the shopper's own that went wrong, and no question about payments.
_OWN = re.compile(
    r"\b(?:meus?|minhas?|my|mine|manda\w*|envia\w*|gera\w*|preciso|consegui|send|i need|resend)\b"
)
_NUMBER = re.compile(r"\b(?:3[3-9]|4[0-6])\b")  # of a shoe, however it was said
_QUIET = frozenset({None, "menu"})
_NEVER = -10.0


async def instead(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Answer with an article what only looks like the message's intent; None: it is that."""
    gate = _GATES.get(turn.intent)
    if gate is None or not turn.has_just_spoken:
        return None
    if turn.intent == "payment_issue" and _OWN.search(plain(turn.text)):
        return None
    if turn.intent == "product_availability" and _is_of_one_piece(turn):
        return None
    if turn.intent in _WITH_RULES and _RULE.search(plain(turn.text)):
        gate = _QUESTION
    return await _answered(turn, outside) if _is_asked(turn, gate) else None


async def about(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Answer with an article what an intent's own answer would be poor at."""
    return await _answered(turn, outside) if _is_asked(turn, _LOST) else None


async def for_lost(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Answer with an article what wasn't understood, or keep it for whoever writes articles."""
    is_asked = _is_asked(turn, _LOST)
    if turn.is_button or not turn.words or not (is_asked or turn.pending in _QUIET):
        return None
    keep = "if_near" if turn.intent == _FOREIGN else "always"
    is_quiet = turn.pending in _QUIET
    return await _answered(turn, outside, keep=keep if is_quiet else "never", look=is_asked)


async def unhelpful(turn: Turn, outside: Outside) -> bool:
    """Whether this "no" is about an article; then that is told to whoever writes articles."""
    answered = turn.answered
    if not answered or answered["message"] != turn.message_before:
        return False
    try:
        await outside.desk.keep_unhelpful(
            turn.conversation,
            answered["message"],
            text=answered["text"],
            language=turn.language,
            article=answered["article"],
        )
    except DeskError as error:
        logger.warning("an unhelpful article isn't kept: %s", error)
    return True


def _is_of_one_piece(turn: Turn) -> bool:
    """Whether it names goods and a size: that is asked of the shelf."""
    has_size = bool(turn.values_of("size")) or _NUMBER.search(turn.text) is not None
    return has_size and bool(turn.values_of("product"))


def _is_asked(turn: Turn, gate: float) -> bool:
    is_about_order = bool(turn.order_number or turn.email)
    is_free = not turn.is_button and turn.pending not in _AWAITED and not is_about_order
    if turn.pending == flows.PENDING and not _IN_BETWEEN.search(plain(turn.text)):
        return False  # "Tênis" answers the question that is open
    return is_free and float(turn.articles.get("general", _NEVER)) >= gate


async def _answered(
    turn: Turn, outside: Outside, *, keep: str = "never", look: bool = True
) -> list[EventType] | None:
    """Say the article that the desk finds; without a desk the bot goes on as without articles."""
    try:
        article = await outside.desk.article_for(
            turn.conversation,
            turn.message_id,
            text=turn.words,
            language=turn.language,
            ranking=turn.articles.get("ranking", ()),
            keep=keep,
            look=look,
        )
    except DeskError as error:
        logger.warning("no articles: %s", error)
        return None
    if article is None:
        return None
    turn.say("utter_article", answer=article.answer, url=article.url)
    memory = {"article": article.key, "text": turn.words, "message": turn.message_id}
    events: list[EventType] = [SlotSet("answered", memory), SlotSet("failed_attempts", 0)]
    return events if turn.pending == flows.PENDING else [*events, SlotSet("pending", None)]
