"""Ask the shop for a return or an exchange, and tell what came of it."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk.events import EventType

from actions.returns import refusing, return_asking, return_status
from actions.returns.return_wish import Case, Wish, all_described
from actions.talk import people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts
from order_system.refusals import Refusal, Why
from order_system.returns import Return, ReturnedItem, ReturnRequest
from order_system.vocabulary import ReturnKind, ReturnState

# What the shopper saw isn't so any more: it is read back as it is now.
_LOOK_AGAIN = frozenset({Why.CHANGED_MEANWHILE, Why.QUANTITY_TOO_HIGH, Why.ITEM_UNKNOWN})
_OTHER_VARIANT = frozenset({Why.OUT_OF_STOCK, Why.VARIANT_UNKNOWN, Why.SAME_VARIANT})


async def open_it(turn: Turn, outside: Outside, wish: Wish) -> list[EventType]:
    """Do what was confirmed, once for the message that confirmed it."""
    number = wish.order or ""
    order = await outside.orders.by_number(number)
    options = await outside.orders.return_options(number)
    if order is None or options is None:
        return await return_asking.hand_over(turn, outside, wish)
    case = Case(order, options)
    outcome = await outside.orders.open_return(
        number, _request(case, wish), key=f"{turn.message_id}:return", version=wish.version
    )
    if isinstance(outcome, Refusal):
        return await _refused(turn, outside, case, wish, outcome)
    return await _opened(turn, outside, case, wish, outcome)


def _request(case: Case, wish: Wish) -> ReturnRequest:
    items = tuple(
        ReturnedItem(
            ref,
            case.quantity_of(wish, ref) or 1,
            new_size=wish.size if wish.is_exchange else None,
            new_color=wish.color if wish.is_exchange else None,
        )
        for ref in wish.items
    )
    return ReturnRequest(ReturnKind(wish.kind), items, wish.why, photos=wish.photos)


async def _opened(
    turn: Turn, outside: Outside, case: Case, wish: Wish, opened: Return
) -> list[EventType]:
    said = "utter_exchange_opened" if wish.is_exchange else "utter_return_opened"
    turn.say(said, return_number=opened.number, items=all_described(case, wish))
    if opened.state is ReturnState.REQUESTED:
        turn.say("utter_return_by_hand")
    if wish.is_exchange and wish.variant_name:
        turn.say("utter_exchange_after", instead=wish.variant_name)
    elif opened.refund:
        turn.say("utter_return_after", amount=amounts.written(opened.refund, turn.language))
    await return_status.how_to_post(turn, outside, opened)
    return people.forget_questions()


async def _refused(
    turn: Turn, outside: Outside, case: Case, wish: Wish, refusal: Refusal
) -> list[EventType]:
    if refusal.why in _LOOK_AGAIN:
        turn.say("utter_changed_meanwhile")
        anew = replace(wish, quantity=None) if refusal.why is not Why.CHANGED_MEANWHILE else wish
        return await return_asking.go_on(turn, outside, anew)
    if refusal.why in _OTHER_VARIANT:
        turn.say("utter_exchange_gone")
        asked = replace(wish.without_variant(), sizes=(), words="")
        return await return_asking.go_on(turn, outside, asked)
    if refusal.why is Why.PHOTO_NEEDED:
        turn.say("utter_return_ask_photo")
        return wish.asking("photo")
    return await refusing.of_return(turn, outside, case, wish, refusal)
