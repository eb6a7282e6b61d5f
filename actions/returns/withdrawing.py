"""A return or an exchange is taken back while it isn't on its way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk import advising, asking, choosing, flows, interrupting, orders, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording.pieces import described
from actions.wording.plain import plain
from order_system.model import Order
from order_system.phones import same_phone
from order_system.refusals import Refusal
from order_system.returns import Return
from order_system.vocabulary import ReturnKind, ReturnState

FLOW = "withdrawal"
TOPIC = "withdraw"
_OPEN = frozenset({ReturnState.REQUESTED, ReturnState.LABEL_SENT})
_UNDER_WAY = frozenset({ReturnState.IN_TRANSIT, ReturnState.RECEIVED})
_MEANT = re.compile(
    r"\b(?:desist\w+ (?:mesmo )?(?:de|da|do|dessa)(?: minha)? (?:devolv\w+|devolucao|troca\w*)"
    r"|cancel\w* (?:\w+ )?(?:devolucao|troca)\b"
    r"|nao (?:quero|vou|preciso) mais (?:\w+ )?(?:devolv\w+|devolucao|troca\w*)"
    r"|(?:resolvi|decidi|vou|quero) ficar com\b"
    r"|cancel (?:my |the |this |that )?(?:return|exchange)\b"
    r"|(?:don.?t|do not|no longer) (?:want|need|wish) to (?:return|exchange|send)"
    r"|(?:forget|drop|withdraw|undo|stop|call off) (?:about )?(?:my |the |this )?"
    r"(?:return|exchange)\b"
    r"|changed my mind about (?:the |my )?(?:return|exchang|sending)"
    r"|(?:i.ll|decided to|going to|want to|rather) keep (?:it|them|the)\b)"
)
_SOMETHING_ELSE = re.compile(
    r"\bquero (?:o |meu )?(?:dinheiro|reembolso|devolver|trocar)\b"
    r"|\bwant (?:my|the) money|\bwant (?:a refund|to exchange|another)"
)


def is_meant(turn: Turn) -> bool:
    """Whether something that was to go back shall stay."""
    said = plain(turn.words)
    return bool(_MEANT.search(said)) and not _SOMETHING_ELSE.search(said)


async def begin(turn: Turn, outside: Outside) -> list[EventType]:
    """Find the return that is meant, and ask whether it shall be taken back."""
    if turn.order_number:
        return await asking.about(turn, outside, TOPIC, turn.order_number)
    found = await _own_orders(turn, outside)
    shown = [order for order in found if orders.number_of(order) == turn.shown_order]
    for looked_at in (shown, found):
        known = [(order, one) for order in looked_at for one in await _returns(outside, order)]
        if any(one.state in _OPEN for _, one in known):
            return _ask(turn, [(order, one) for order, one in known if one.state in _OPEN])
    if not found:
        return await asking.about(turn, outside, TOPIC)
    return _say_why_not(turn, [one for order in found for one in await _returns(outside, order)])


async def tell(turn: Turn, outside: Outside, order: Order) -> list[EventType]:
    """Go on with the order, which is the shopper's."""
    known = await _returns(outside, order)
    is_open = [(order, one) for one in known if one.state in _OPEN]
    return _ask(turn, is_open) if is_open else _say_why_not(turn, known)


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Take it back on a yes; a no leaves it as it is."""
    flow = turn.flow
    if turn.is_button and turn.intent not in {"affirm", "deny", "menu_choice"}:
        return None
    if flow["step"] == "which":
        picked = choosing.chosen(turn, flow["offered"])
        if picked is not None:
            return _confirm(turn, picked, flow["offered"][picked], flow["kinds"][picked], flow)
        return _left(turn, None) if _leaves(turn) else None
    if is_meant(turn) or interrupting.agrees(turn, TOPIC):
        return await _withdraw(turn, outside, flow["return"])
    return _left(turn, flow["return"]) if _leaves(turn) else None


def ask_again(turn: Turn) -> None:
    """Say the open question once more."""
    flow = turn.flow
    if flow["step"] == "which":
        turn.say("utter_withdraw_which", buttons=choosing.buttons(flow["offered"]))
    else:
        turn.say("utter_withdraw_again", return_number=flow["return"])


async def _own_orders(turn: Turn, outside: Outside) -> Sequence[Order]:
    if not turn.phone:
        return []
    found = await outside.orders.by_phone(turn.phone, limit=orders.MOST_ASKED)
    own = [order for order in found if same_phone(order.contact.phone, turn.phone)]
    return own[: orders.MOST_OFFERED]


async def _returns(outside: Outside, order: Order) -> Sequence[Return]:
    return await outside.orders.returns_of(orders.number_of(order)) or []


def _ask(turn: Turn, known: Sequence[tuple[Order, Return]]) -> list[EventType]:
    """Ask for a yes, or first which one."""
    names = {one.number: _items(order, one) for order, one in known}
    kinds = {one.number: str(one.kind) for _, one in known}
    if len(known) == 1:
        number = known[0][1].number
        return _confirm(turn, number, names[number], kinds[number], {})
    turn.say("utter_withdraw_which", buttons=choosing.buttons(names))
    return _remember({"step": "which", "offered": names, "kinds": kinds, "told": {}})


def _confirm(
    turn: Turn, number: str, items: str, kind: str, flow: Mapping[str, Any]
) -> list[EventType]:
    is_exchange = kind == ReturnKind.EXCHANGE.value
    said = "utter_withdraw_confirm_exchange" if is_exchange else "utter_withdraw_confirm"
    turn.say(said, return_number=number, items=items)
    return _remember(
        {**flow, "step": "confirm", "return": number, "told": {"return": number, "item": items}}
    )


async def _withdraw(turn: Turn, outside: Outside, number: str) -> list[EventType]:
    outcome = await outside.orders.cancel_return(number, key=f"{turn.message_id}:withdrawal")
    if isinstance(outcome, Refusal):
        turn.say("utter_withdraw_too_late")
        return advising.offer(turn, "utter_advice_person", "talk_to_human")
    turn.say("utter_withdraw_done", return_number=number)
    return people.forget_questions()


def _say_why_not(turn: Turn, known: Sequence[Return]) -> list[EventType]:
    if any(one.state in _UNDER_WAY for one in known):
        turn.say("utter_withdraw_too_late")
        return advising.offer(turn, "utter_advice_person", "talk_to_human")
    turn.say("utter_withdraw_nothing")
    return people.forget_questions()


def _left(turn: Turn, number: str | None) -> list[EventType]:
    if number:
        turn.say("utter_withdraw_left", return_number=number)
    else:
        turn.say("utter_flow_dropped")
    return people.forget_questions()


def _leaves(turn: Turn) -> bool:
    return interrupting.declines(turn) or interrupting.leaves(turn)


def _remember(flow: Mapping[str, Any]) -> list[EventType]:
    return [
        SlotSet("flow", {**flow, "name": FLOW}),
        SlotSet("pending", flows.PENDING),
        SlotSet("failed_attempts", 0),
    ]


def _items(order: Order, one: Return) -> str:
    """The pieces that were to go back."""
    refs = {piece.item: piece.quantity for piece in one.items}
    return ", ".join(described(item, refs[item.ref]) for item in order.items if item.ref in refs)
