"""Where the shop delivers, and from which amount for nothing."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts
from order_system.policies import FreeDelivery
from order_system.texts import in_language

_BRAZIL = "55"


async def tell(turn: Turn, outside: Outside) -> list[EventType]:
    """Say what the shop's rules say; what they leave open is for people."""
    rules = await outside.orders.policies()
    places = rules.texts.get("international")
    mine = [one for one in rules.deliveries if one.fee.currency == _currency(turn)]
    if places:
        turn.say("utter_shop_sentence", sentence=in_language(places, turn.language))
    for one in mine:
        _say_free(turn, one)
    if places or mine:
        return []
    turn.say("utter_delivery_unknown")
    return [SlotSet("pending", "talk_to_human")]


def _say_free(turn: Turn, one: FreeDelivery) -> None:
    turn.say(
        "utter_delivery_free",
        above=amounts.written(one.above, turn.language),
        fee=amounts.written(one.fee, turn.language),
    )


def _currency(turn: Turn) -> str:
    is_brazilian = (turn.phone or "").startswith(_BRAZIL) or turn.language == "pt"
    return "BRL" if is_brazilian else "USD"
