"""An order is sent to another address, while that can still be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.changes import new_address
from actions.returns import refusing
from actions.talk import asking, flows, interrupting, orders, people
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import address_fixes, address_words
from order_system.addresses import mistakes
from order_system.model import Order
from order_system.refusals import Advice, Refusal, Why

FLOW = "address"
_ALL, _CONFIRM, _FIX, _ORDER = "all", "confirm", "fix", "order"
_ASK = {
    _ALL: "utter_address_ask",
    _FIX: "utter_address_ask_fix",
    "postcode": "utter_address_ask_postcode",
    "street": "utter_address_ask_street",
    "number": "utter_address_ask_number",
    "city": "utter_address_ask_city",
    "state": "utter_address_ask_state",
}
_MISTAKES = {
    Why.POSTCODE_MALFORMED: ("postcode", "utter_address_bad_postcode"),
    Why.POSTCODE_OF_ANOTHER_STATE: ("postcode", "utter_address_other_state"),
    Why.STREET_MISSING: ("street", "utter_address_ask_street"),
    Why.NUMBER_MISSING: ("number", "utter_address_ask_number"),
    Why.CITY_MISSING: ("city", "utter_address_ask_city"),
    Why.STATE_UNKNOWN: ("state", "utter_address_ask_state"),
}
_WITH_STATES = frozenset({"BR", "US"})
_LONGEST_WORDS = 500


class ActionChangeAddress(Act):
    """Changes where an order goes, after the address was read back."""

    def name(self) -> str:
        """As in the domain."""
        return "action_change_address"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order, then ask for the address."""
        is_address = new_address.is_told(turn.text)
        number = interrupting.named_order(turn) if is_address else turn.order_number
        events = await asking.about(turn, self.outside, "address", number)
        pending = [each["value"] for each in events if each.get("name") == "pending"]
        if not pending or pending[-1] not in {"order_number", "order_choice", "order_email"}:
            return events
        kept = {"name": FLOW, "step": _ORDER, "words": turn.words[:_LONGEST_WORDS]}
        return [*events, SlotSet("flow", kept)]


async def tell(turn: Turn, outside: Outside, order: Order) -> list[EventType]:
    """Begin with an order of the shopper's, as far as its address can still be changed."""
    number = orders.number_of(order)
    may_change = order.may_change_address
    if may_change is not None and may_change.refusal is not None:
        return await _refused(turn, outside, may_change.refusal, number, {"order_number": number})
    country = new_address.country_of(order)
    begun = turn.flow if turn.flow.get("name") == FLOW else {}
    words = begun.get("words") or turn.words
    known = begun.get("parts") or new_address.told_first(order, words, country)
    recipient = (order.address.recipient if order.address else "") or order.contact.name
    flow = {
        "name": FLOW,
        "order": number,
        "version": order.version,
        "country": country,
        "recipient": recipient or turn.contact_name or "",
        "parts": known,
    }
    return await _go_on(turn, outside, flow)


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Read what the message tells of the address; None when it is about something else."""
    flow = turn.flow
    step = str(flow["step"])
    is_answer = turn.intent in {"affirm", "deny", "menu_choice"}
    if (turn.is_button and not is_answer) or (step == _ORDER and not turn.order_number):
        return None
    handled = await interrupting.handled(turn, outside, "address", flow.get("order"))
    if handled is not None:
        return handled
    if step == _ORDER:
        return await asking.about(turn, outside, "address", turn.order_number)
    return await _heard(turn, outside, flow, step)


def ask_again(turn: Turn) -> None:
    """Ask for what is missing once more."""
    flow = turn.flow
    if flow["step"] == _ORDER:
        turn.say("utter_ask_order_number")
    elif flow["step"] == _CONFIRM:
        turn.say(
            "utter_address_confirm", order_number=flow["order"], address=new_address.line(flow)
        )
    else:
        turn.say(_ASK[flow["step"]], order_number=flow["order"])


async def _heard(
    turn: Turn, outside: Outside, flow: dict[str, Any], step: str
) -> list[EventType] | None:
    wrong = None if turn.is_button else address_fixes.wrong_in(turn.text)
    if wrong and step in {_CONFIRM, _FIX}:
        return _asked(turn, flow, wrong, _ASK[wrong])
    told = new_address.told_in(turn, step, str(flow["country"]))
    if step == _CONFIRM and not told and interrupting.agrees(turn, "address"):
        return await _change(turn, outside, flow)
    if told:
        parts = new_address.with_parts(await _before(outside, flow, told), told)
        return await _go_on(turn, outside, {**flow, "parts": parts})
    if turn.intent == "deny" or (step == _CONFIRM and interrupting.declines(turn)):
        return _denied(turn, flow, step)
    return None


async def _before(
    outside: Outside, flow: Mapping[str, Any], told: Mapping[str, str]
) -> dict[str, str]:
    """What is known of the address; a mere detail is one of the address that is there."""
    if flow["parts"] or not new_address.is_correction(told):
        return dict(flow["parts"])
    order = await outside.orders.by_number(str(flow["order"]))
    return new_address.parts_of(order) if order else {}


async def _go_on(turn: Turn, outside: Outside, flow: dict[str, Any]) -> list[EventType]:
    """Ask for what is missing or can't be right; once nothing is, read it back."""
    parts = flow["parts"]
    needed = [
        part for part in address_words.PARTS if part != "state" or flow["country"] in _WITH_STATES
    ]
    missing = [part for part in needed if not parts.get(part)]
    if len(missing) == len(needed):
        return _asked(turn, flow, _ALL, _ASK[_ALL])
    if missing:
        return _asked(turn, flow, missing[0], _ASK[missing[0]])
    wrong = mistakes(new_address.as_address(flow))
    if wrong:
        return await _correct(turn, outside, flow, wrong[0])
    return _asked(turn, flow, _CONFIRM, "utter_address_confirm")


async def _correct(
    turn: Turn, outside: Outside, flow: dict[str, Any], wrong: Why
) -> list[EventType]:
    if wrong not in _MISTAKES:
        return await people.call(turn, outside.desk, "needs_people", told=_told(flow))
    part, said = _MISTAKES[wrong]
    return _asked(turn, flow, part, said)


def _denied(turn: Turn, flow: dict[str, Any], step: str) -> list[EventType] | None:
    """A no to the address read back is followed by what is wrong; another no ends it."""
    if step in address_words.PARTS:
        return None
    if step == _CONFIRM:
        return _asked(turn, flow, _FIX, _ASK[_FIX])
    turn.say("utter_flow_left")
    return people.forget_questions()


def _asked(turn: Turn, flow: dict[str, Any], step: str, said: str) -> list[EventType]:
    kept = {**flow, "step": step, "told": _told(flow)}
    turn.say(said, order_number=flow["order"], address=new_address.line(flow))
    return [
        SlotSet("flow", kept),
        SlotSet("pending", flows.PENDING),
        SlotSet("failed_attempts", 0),
    ]


async def _change(turn: Turn, outside: Outside, flow: dict[str, Any]) -> list[EventType]:
    number = str(flow["order"])
    outcome = await outside.orders.change_address(
        number,
        new_address.as_address(flow),
        key=f"{turn.message_id}:address",
        version=flow["version"],
    )
    if not isinstance(outcome, Refusal):
        turn.say("utter_address_changed", order_number=number, address=new_address.line(flow))
        return people.forget_questions()
    if outcome.why is Why.CHANGED_MEANWHILE:
        order = await outside.orders.by_number(number)
        turn.say("utter_changed_meanwhile")
        if order is not None:
            return await tell(turn, outside, order)
    if outcome.why in _MISTAKES:
        return await _correct(turn, outside, flow, outcome.why)
    return await _refused(turn, outside, outcome, number, _told(flow))


async def _refused(
    turn: Turn, outside: Outside, refusal: Refusal, number: str, told: dict[str, str]
) -> list[EventType]:
    """Refusing a parcel brings it nowhere else: a person may still reach the carrier."""
    if refusal.advice is Advice.REFUSE_DELIVERY:
        refusal = replace(refusal, advice=Advice.TALK_TO_PERSON)
    return await refusing.say(turn, outside, refusal, number, told)


def _told(flow: dict[str, Any]) -> dict[str, str]:
    told = {"order_number": str(flow["order"])}
    return {**told, "new_address": new_address.line(flow)} if flow["parts"] else told
