"""A copy of one's data, or being forgotten: asked for here, after showing who one is."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.privacy import proof, wishes
from actions.talk import flows, interrupting, people
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from order_system.papers import Document

FLOW = "data"
_ASKS = {
    "wish": "utter_data_ask_wish",
    "proof": "utter_data_ask_proof",
    "yes": "utter_data_erase_confirm",
}
_REFUSED = {
    "legal_hold": "utter_data_kept_back",
    "open_case": "utter_data_case_open",
}
_MEANT_ELSEWHERE = frozenset({"fraud_report", "talk_to_human", "opt_out"})


class ActionDataRequest(Act):
    """Hands a copy of somebody's data over, or has them forgotten."""

    def name(self) -> str:
        """As in the domain."""
        return "action_data_request"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find out what is wanted, then who wants it."""
        wish = wishes.wish_of(turn)
        if wish is None:
            return _ask(turn, {"name": FLOW, "asks": "wish"})
        return await _begin(turn, self.outside, wish)


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Go on with the answer to the open question."""
    flow = turn.flow
    if turn.is_button and turn.intent not in {"affirm", "deny", "data_request"}:
        return None
    if not turn.is_button and turn.intent in _MEANT_ELSEWHERE:
        return None
    if interrupting.leaves(turn) or (turn.intent == "deny" and not turn.email):
        turn.say("utter_data_left")
        return people.forget_questions()
    if flow["asks"] == "wish" or turn.intent == "data_request":
        wish = wishes.wish_of(turn)
        return await _begin(turn, outside, wish) if wish else None
    if flow["asks"] == "proof":
        return await _prove(turn, outside)
    return await _erase(turn, outside) if turn.intent == "affirm" else None


def ask_again(turn: Turn) -> None:
    """Say the open question once more."""
    turn.say(_ASKS[turn.flow["asks"]])


async def _begin(turn: Turn, outside: Outside, wish: str) -> list[EventType]:
    if wish == wishes.PERSON:
        turn.say("utter_data_for_people")
        return [*people.forget_questions(), SlotSet("pending", "talk_to_human")]
    flow = {"name": FLOW, "asks": "proof", "wish": wish, "wrong": 0, "told": {"data_wish": wish}}
    if not turn.phone:
        return await _give_to_people(turn, outside, flow)
    bought = await proof.purchases(outside.orders, turn.phone)
    if bought:
        return await _prove_with(turn, outside, flow) if _gives(turn) else _ask(turn, flow)
    if proof.rules().trusts_phone_alone:
        return await _fulfil(turn, outside, flow)
    return await _give_to_people(turn, outside, flow)


def _gives(turn: Turn) -> bool:
    return bool(turn.email or turn.order_number)


async def _prove(turn: Turn, outside: Outside) -> list[EventType] | None:
    return await _prove_with(turn, outside, turn.flow) if _gives(turn) else None


async def _prove_with(turn: Turn, outside: Outside, flow: dict[str, Any]) -> list[EventType]:
    """Compare what was given with the shop's orders; every comparison costs a try first."""
    tried = await outside.desk.spend_proof(turn.conversation, turn.message_id)
    if tried.allowed and turn.phone:
        if proof.holds(turn, await proof.purchases(outside.orders, turn.phone)):
            return await _fulfil(turn, outside, flow)
        wrong = int(flow["wrong"]) + 1
        if wrong < proof.rules().tries and tried.left:
            turn.say("utter_data_proof_wrong")
            return _remember({**flow, "wrong": wrong})
    return await _give_to_people(turn, outside, flow)


async def _fulfil(turn: Turn, outside: Outside, flow: dict[str, Any]) -> list[EventType]:
    if flow["wish"] == wishes.ERASE:
        return _ask(turn, {**flow, "asks": "yes"})
    copy = await outside.desk.data_copy(turn.conversation, turn.message_id, turn.language)
    paper = Document(copy.name, "text/plain", copy.text.encode())
    file = await outside.desk.keep_file(turn.conversation, paper)
    turn.say("utter_data_copy", file=file)
    return people.forget_questions()


async def _erase(turn: Turn, outside: Outside) -> list[EventType]:
    state = await outside.desk.ask_erasure(turn.conversation, turn.message_id)
    if state in _REFUSED:
        return await people.call(turn, outside.desk, "needs_people", _REFUSED[state])
    turn.say("utter_data_erasing")
    return people.forget_questions()


async def _give_to_people(turn: Turn, outside: Outside, flow: dict[str, Any]) -> list[EventType]:
    told = {"data_wish": str(flow["wish"])}
    return await people.call(turn, outside.desk, "needs_people", "utter_data_not_proven", told=told)


def _ask(turn: Turn, flow: dict[str, Any]) -> list[EventType]:
    turn.say(_ASKS[flow["asks"]])
    return _remember(flow)


def _remember(flow: dict[str, Any]) -> list[EventType]:
    return [
        *people.forget_questions(),
        SlotSet("flow", flow),
        SlotSet("pending", flows.PENDING),
    ]
