"""In the middle of something somebody asks what it costs."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk import flows
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording.plain import plain
from order_system.texts import in_language

_COST = re.compile(
    r"\b(?:custos?|custa\w*|custar|taxas?|tarifas?|multas?|frete|gratis|gratuit[ao]|de graca"
    r"|quem paga|pag(?:o|ar|amos|a-se) (?:algo|alguma coisa|mais|extra|a mais|por|isso)|vou pagar"
    r"|tenho que pagar|tem que pagar|preciso pagar|cobra\w*|a mais por"
    r"|costs?|free|charged?|charges|fees?|penalt(?:y|ies)|extra|postage|who pays|have to pay"
    r"|pay (?:for|extra|more))\b"
)
# Without a question mark, what begins like a question.
_ASKED = re.compile(
    r"\?|^(?:e |and |mas |but )?(?:isso|vai|vao|tem|ha|existe|qual|quanto|quem|preciso|tenho|pago"
    r"|voces|vcs|is|are|does|do|will|how|who|any|what)\b"
)
# Nothing of it costs anything, unless the shop says so in a sentence of its own: `texts` of its
# rules, under the name of the flow and `_cost`.
_SAID = {
    "address": "utter_cost_address",
    "cancel": "utter_cost_cancel",
    "data": "utter_cost_data",
    "paying": "utter_cost_paying",
    "withdrawal": "utter_cost_withdrawal",
}


def are_asked(turn: Turn) -> bool:
    """Whether the message asks what this costs, or whether it does."""
    said = plain(turn.text)
    return not turn.is_button and bool(_COST.search(said)) and bool(_ASKED.search(said))


async def in_flow(turn: Turn, outside: Outside) -> list[EventType] | None:
    """What the open flow costs, and its question again; None where nobody asks, or it knows better.

    Whoever names a product or another order asks about that.
    """
    is_open = turn.pending == flows.PENDING and turn.has_just_spoken
    flow = _costing(turn.flow) if is_open else {}
    is_about_this = not turn.entities and not turn.order_number
    if not flow or not is_about_this or not are_asked(turn):
        return None
    name = flow["name"]
    turn.tracker.slots["flow"] = flow
    texts = (await outside.orders.policies()).texts
    sentence = in_language(texts.get(f"{name}_cost", {}), turn.language)
    if sentence:
        turn.say("utter_shop_sentence", sentence=sentence)
    else:
        turn.say(_SAID[name])
    flows.ask_again(turn)
    return [SlotSet("flow", flow), SlotSet("pending", flows.PENDING)]


def _costing(flow: dict[str, Any]) -> dict[str, Any]:
    """The open flow, or the one that waits behind it, if what it costs is known."""
    found = (each for each in (flow, flow.get("after") or {}) if each.get("name") in _SAID)
    return next(found, {})
