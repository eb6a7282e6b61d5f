"""Something else was offered instead of what the shop refused: a yes does it."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk import flows, guessing, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn

FLOW = "advice"


def offer(turn: Turn, response: str, intent: str, **told: str) -> list[EventType]:
    """Offer to do what this intent asks for, with what is known of it."""
    payload = f"/{intent}{json.dumps(told)}" if told else f"/{intent}"
    turn.say(response, payload=payload)
    flow = {"name": FLOW, "response": response, "payload": payload, "told": turn.told}
    return [
        *people.forget_questions(),
        SlotSet("flow", flow),
        SlotSet("pending", flows.PENDING),
    ]


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:  # noqa: ARG001
    """Do it on a yes, leave it on a no."""
    flow: dict[str, Any] = turn.flow
    if turn.intent == "affirm":
        return [SlotSet("flow", None), *guessing.do(turn, flow["payload"])]
    if turn.intent == "deny":
        turn.say("utter_flow_left")
        return people.forget_questions()
    return None


def ask_again(turn: Turn) -> None:
    """Say the offer once more."""
    turn.say(turn.flow["response"], payload=turn.flow["payload"])
