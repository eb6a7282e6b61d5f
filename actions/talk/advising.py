"""Something else was offered instead of what the shop refused: a yes does it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk import flows, guessing, interrupting, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn

FLOW = "advice"
_RETURN = "/return_item"


def offer(
    turn: Turn,
    response: str,
    intent: str,
    known: Mapping[str, str] | None = None,
    *,
    calls_people: bool = False,
    **told: str,
) -> list[EventType]:
    """Offer to do what this intent asks for, with what is told of it.

    `known` is what people get to read when they are called instead; with `calls_people` a no calls
    them, and so does silence.
    """
    payload = f"/{intent}{json.dumps(told)}" if told else f"/{intent}"
    number = told.get("order_number", "")
    turn.say(response, payload=payload, order_number=number)
    flow = {
        "name": FLOW,
        "response": response,
        "payload": payload,
        "order": number,
        "told": turn.told if known is None else dict(known),
        flows.CALLS_PEOPLE: calls_people,
    }
    return [
        *people.forget_questions(),
        SlotSet("flow", flow),
        SlotSet("pending", flows.PENDING),
    ]


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Do it on a yes, leave it on a no."""
    flow: dict[str, Any] = turn.flow
    # A photo of what came broken goes with the return it was offered.
    shows_it = bool(turn.images) and flow["payload"].startswith(_RETURN)
    is_first = interrupting.picked_button(turn) == interrupting.YES
    if turn.intent == "affirm" or shows_it or is_first:
        return [SlotSet("flow", None), *guessing.do(turn, flow["payload"])]
    if turn.intent == "deny" and flow.get(flows.CALLS_PEOPLE):
        return await people.call(turn, outside.desk, "complaint")
    if turn.intent == "deny":
        turn.say("utter_flow_left")
        return people.forget_questions()
    return None


def ask_again(turn: Turn) -> None:
    """Say the offer once more."""
    flow = turn.flow
    turn.say(flow["response"], payload=flow["payload"], order_number=flow["order"])
