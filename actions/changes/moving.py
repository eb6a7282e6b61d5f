"""An order is sent to another address, while that can still be changed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.returns import refusing
from actions.talk import asking, flows, interrupting, orders, people
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import address_words
from actions.wording.plain import plain
from order_system.addresses import Address, mistakes, tidy
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
_COUNTRIES = {"55": "BR", "44": "GB", "351": "PT", "1": "US"}
_LONGEST_WORDS = 500
_PARTS = ("street", "number", "complement", "district", "city", "state", "postcode")
_USUAL = "BR"
_YES = re.compile(
    r"\W*(?:s|si+m+|isso|ok\w*|pode|confirm\w+|cert[oa]|claro|beleza|blz|u?hum|aham|ta|exat\w+"
    r"|perfeito|positivo|com certeza|y|ye[sp]\w*|yeah|yup|sure|fine|correct|right|exactly|please"
    r"|go ahead)\b|[^\w]*$"
)
# What an address is often taken for, being made of words that the bot has no intent for.
_OTHER_MATTERS = frozenset(
    {
        "affirm",
        "change_language",
        "complaint",
        "deny",
        "fraud_report",
        "goodbye",
        "greet",
        "menu_choice",
        "talk_to_human",
        "thank",
    }
)


class ActionChangeAddress(Act):
    """Changes where an order goes, after the address was read back."""

    def name(self) -> str:
        """As in the domain."""
        return "action_change_address"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order, then ask for the address."""
        is_address = bool(address_words.parts_in(turn.text, _USUAL).get("street"))
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
    country = _country_of(order)
    begun = turn.flow if turn.flow.get("name") == FLOW else {}
    words = begun.get("words") or turn.words
    known = begun.get("parts") or _told_first(order, words, country)
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


def _told_first(order: Order, words: str, country: str) -> dict[str, str]:
    """What the first message tells; only a number or a flat changes the address that is there."""
    told = address_words.parts_in(words, country)
    details = address_words.details_in(words)
    if order.address is None or not details or {"street", "postcode", "city"} & told.keys():
        return told
    before = {name: getattr(order.address, name) for name in _PARTS}
    return {name: part for name, part in {**before, **details}.items() if part}


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
        turn.say("utter_address_confirm", order_number=flow["order"], address=_line(flow))
    else:
        turn.say(_ASK[flow["step"]], order_number=flow["order"])


async def _heard(
    turn: Turn, outside: Outside, flow: dict[str, Any], step: str
) -> list[EventType] | None:
    told = _told_in(turn, step, str(flow["country"]))
    if step == _CONFIRM and not told and interrupting.agrees(turn, "address"):
        return await _change(turn, outside, flow)
    if told:
        return await _go_on(turn, outside, _with_parts(flow, told))
    if turn.intent == "deny" or (step == _CONFIRM and interrupting.declines(turn)):
        return _denied(turn, flow, step)
    return None


def _told_in(turn: Turn, step: str, country: str) -> dict[str, str]:
    if turn.is_button:
        return {}
    if step in address_words.PARTS:
        is_other = "?" in turn.text or _is_other_matter(turn)
        is_number = step == "number" and any(letter.isdigit() for letter in turn.text)
        told = address_words.parts_in(turn.text, country)
        if step in told or (is_other and not is_number):
            return told
        answer = address_words.part_in(turn.text, step, country) or told
        return answer or address_words.places_in(turn.text)
    return address_words.parts_in(turn.text, country)


def _is_other_matter(turn: Turn) -> bool:
    """Whether it is no part of an address; the name of a town may be taken for a yes."""
    if turn.intent == "affirm":
        return bool(_YES.match(plain(turn.text)))
    return turn.intent in _OTHER_MATTERS


def _with_parts(flow: dict[str, Any], told: dict[str, str]) -> dict[str, Any]:
    """What is told now counts; a new postcode brings its own state."""
    before = dict(flow["parts"])
    if "postcode" in told:
        before.pop("state", None)
    if "street" in told:
        before = {name: before[name] for name in before if name not in {"complement", "district"}}
    return {**flow, "parts": {**before, **told}}


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
    wrong = mistakes(_address(flow))
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
    turn.say(said, order_number=flow["order"], address=_line(flow))
    return [
        SlotSet("flow", kept),
        SlotSet("pending", flows.PENDING),
        SlotSet("failed_attempts", 0),
    ]


async def _change(turn: Turn, outside: Outside, flow: dict[str, Any]) -> list[EventType]:
    number = str(flow["order"])
    outcome = await outside.orders.change_address(
        number, _address(flow), key=f"{turn.message_id}:address", version=flow["version"]
    )
    if not isinstance(outcome, Refusal):
        turn.say("utter_address_changed", order_number=number, address=_line(flow))
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


def _address(flow: dict[str, Any]) -> Address:
    parts = {name: str(value) for name, value in flow["parts"].items()}
    empty = Address("", "", "", "", "", str(flow["country"]))
    return tidy(replace(empty, recipient=str(flow["recipient"]), **parts))


def _line(flow: dict[str, Any]) -> str:
    """The address in one line, as its country writes it."""
    address = _address(flow)
    if address.country == "BR":
        place = "/".join(part for part in (address.city, address.state) if part)
        lines = [address.street, address.number, address.complement, address.district, place]
        code = f"CEP {address.postcode}" if address.postcode else ""
        return ", ".join(line for line in [*lines, code] if line)
    town = " ".join(part for part in (address.state, address.postcode) if part)
    house = f"{address.number} {address.street}".strip()
    lines = [address.complement, house, address.district]
    return ", ".join(line for line in [*lines, address.city, town] if line)


def _told(flow: dict[str, Any]) -> dict[str, str]:
    told = {"order_number": str(flow["order"])}
    return {**told, "new_address": _line(flow)} if flow["parts"] else told


def _country_of(order: Order) -> str:
    """The country that the order goes to now; orders don't change it."""
    if order.address is not None:
        return order.address.country
    phone = (order.contact.phone or "").lstrip("+")
    found = (country for code, country in _COUNTRIES.items() if phone.startswith(code))
    return next(found, _USUAL)
