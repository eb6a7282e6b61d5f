"""What it costs to send something back, asked while nothing is sent back: the shop's rules."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, SlotSet

from actions.talk import costs
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording.plain import plain
from order_system import phones
from order_system.policies import ReturnPolicy
from order_system.vocabulary import Basis, Payer

_BACK = re.compile(
    r"\b(?:devolver\w*|devolv(?:o|e|em)|devoluc\w+|(?:mand|envi|remet)\w+ (?:\w+ )?de volta"
    r"|(?:envio|frete) de volta"
    r"|(?:send|sending|post|posting|ship|shipping|mail|mailing) (?:\w+ ){0,2}back|returns?"
    r"|returning|return (?:shipping|postage|label))\b"
)
_EXCHANGE = re.compile(r"\b(?:troc(?:a|as|ar)|exchanges?|exchanging|swap(?:ping)?)\b")
_HOW_MUCH = re.compile(
    r"\b(?:quanto (?:custa|sai|fica|e|eu pago|pago|cobram|vou pagar)|how much)\b"
    r"|\b(?:paga|pago|pagamos)\b[^?]{0,20}\?"
)
# Who wants to send something back is asked what, and told the cost of that.
_WANTS = re.compile(
    r"(?<!se eu )(?<!caso eu )\b(?:quero|queria|vou|preciso|pretendo|vim)"
    r" (?:devolver|trocar|mandar)\b"
    r"|(?<!if i )\b(?:want|wanna|need|wish|like|going)(?: to)? (?:return|exchange|send|swap)\b"
)
# Asked of the money, and not of the way.
_MONEY = re.compile(
    r"\b(?:reembols\w+|estorn\w+|dinheiro|grana|(?:fui|foi) cobrad[oa]|cobrou|cobraram|refund\w*"
    r"|money|(?:was|were|been) charged|devolv\w+ o (?:valor|frete))\b"
)
_FREE = frozenset({None, "menu", "talk_to_human"})
_LIGHT = frozenset({"advice", "goods", "promo"})
_NEVER = frozenset({"complaint", "fraud_report", "talk_to_human"})
_OF_ONE = frozenset({"exchange_item", "return_item"})
_USUAL = {"pt": "BR"}  # where a number tells nothing


async def costs_are_asked(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Say who pays the way back; None where nobody asks, or an order that is meant knows better."""
    if not _is_asked(turn):
        return None
    rules = (await outside.orders.policies()).returns
    if _EXCHANGE.search(plain(turn.text)) and not _BACK.search(plain(turn.text)):
        is_said = _say_of_exchange(turn, rules)
    else:
        is_said = _say_of_return(turn, rules)
    if not is_said:
        return None
    answered: list[EventType] = [SlotSet("failed_attempts", 0)]
    return answered if turn.flow else [*answered, SlotSet("pending", None)]


def _is_asked(turn: Turn) -> bool:
    said = plain(turn.text)
    is_way = bool(_BACK.search(said) or _EXCHANGE.search(said))
    is_cost = costs.are_asked(turn) or bool(_HOW_MUCH.search(said))
    is_other = bool(_WANTS.search(said) or _MONEY.search(said)) or turn.intent in _NEVER
    return is_way and is_cost and not is_other and not turn.is_button and _is_free(turn)


def _is_free(turn: Turn) -> bool:
    """Whether nothing is open that a return could be a part of, and no order is meant."""
    is_quiet = (turn.pending in _FREE and not turn.flow) or turn.flow.get("name") in _LIGHT
    is_of_one = turn.order_number or (turn.shown_order and turn.intent in _OF_ONE)
    return is_quiet and turn.has_just_spoken and not is_of_one


def _say_of_exchange(turn: Turn, rules: ReturnPolicy) -> bool:
    window = rules.windows.get(Basis.EXCHANGE)
    if window is None or not window.days or window.shipping_paid_by is Payer.UNKNOWN:
        return False
    is_free = window.shipping_paid_by is Payer.SHOP
    turn.say(
        "utter_exchange_way_free" if is_free else "utter_exchange_way_paid", days=str(window.days)
    )
    return True


def _say_of_return(turn: Turn, rules: ReturnPolicy) -> bool:
    """The law first, then what the shop allows, and what came broken or wrong."""
    regret = rules.regret.get(_country(turn))
    window = rules.windows.get(Basis.CHANGE_OF_MIND)
    payer = window.shipping_paid_by if window and window.days else Payer.UNKNOWN
    if window and payer is Payer.SHOP:
        turn.say("utter_return_way_free", days=str(window.days))
    elif regret:
        turn.say("utter_return_way_by_regret", days=str(regret.days))
    if window and payer is Payer.SHOPPER:
        turn.say(
            "utter_return_way_later" if regret else "utter_return_way_paid", days=str(window.days)
        )
    faulty = [rules.windows.get(basis) for basis in (Basis.DEFECT, Basis.WRONG_ITEM)]
    is_fault_free = all(one and one.shipping_paid_by is Payer.SHOP for one in faulty)
    if is_fault_free and payer is not Payer.SHOP:
        turn.say("utter_return_way_faulty")
    return bool(regret or is_fault_free or payer is not Payer.UNKNOWN)


def _country(turn: Turn) -> str:
    """Where the shopper is, as far as the number tells."""
    return phones.country_of(turn.phone) or _USUAL.get(turn.language, "")
