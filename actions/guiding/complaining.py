"""A complaint: an apology for what was said, one question at most, and then people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rasa_sdk.events import EventType

from actions.guiding import complaint as complaints
from actions.guiding.complaint import Complaint
from actions.talk import choosing, interrupting, orders, people
from actions.talk.desk import DeskError
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates, grievances
from actions.wording.pieces import bought
from actions.wording.plain import plain
from actions.wording.words import word
from order_system.model import Order
from order_system.protocol import OrderSystemError

_NO_ORDER = "none"
_LONGEST_PICK = 4  # words that say which order and nothing else
_SORRY = {
    "damaged": "utter_complaint_sorry_damaged",
    "delay": "utter_complaint_sorry_delay",
    "money": "utter_complaint_sorry_money",
    "quality": "utter_complaint_sorry_quality",
    "service": "utter_complaint_sorry_service",
    "wrong_item": "utter_complaint_sorry_wrong_item",
}
# Such a complaint is about people, and says which order where that matters.
_WITHOUT_ORDER = frozenset({"service"})
_NOT_ABOUT_ONE = re.compile(
    r"\b(?:nao (?:e|eh|foi) (?:sobre|de|por|com)\b|nenhum|not about|none of|neither|no order)"
)


async def begin(turn: Turn, outside: Outside) -> list[EventType]:
    """Say sorry; ask what is missing most, or call people at once.

    Whoever is furious, or in the middle of something else, has nothing to answer.
    """
    complaint = Complaint().hearing(turn)
    if turn.flow:
        say_sorry(turn, complaint.topic)
        return await _hand_over(turn, outside, complaint, turn.told)
    complaint, fitting = await complaints.with_order(turn, outside, complaint)
    is_asked = not _is_furious(turn)
    if is_asked and not grievances.tells_something(complaint.said):
        turn.say("utter_complaint_ask_what")
        return complaint.asking(turn, "what", complaints.offered(fitting))
    say_sorry(turn, complaint.topic)
    if is_asked and fitting and complaint.topic not in _WITHOUT_ORDER:
        return _ask_order(turn, complaint, fitting)
    return await _hand_over(turn, outside, complaint)


async def take(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Take whatever comes for the answer, and call people; unless the matter is dropped."""
    complaint = complaints.remembered(turn)
    if interrupting.leaves(turn):
        turn.say("utter_complaint_dropped")
        return people.forget_questions()
    if complaint.step == "what":
        complaint = complaint.hearing(turn)
        if complaint.order is None:
            complaint, _ = await complaints.with_order(turn, outside, complaint)
        say_sorry(turn, complaint.topic)
    else:
        complaint = await _with_answer(turn, outside, complaint)
    return await _hand_over(turn, outside, complaint)


async def report_fraud(turn: Turn, outside: Outside, known: Mapping[str, str]) -> list[EventType]:
    """People at once, with what is known; nothing is asked, least of all about an account."""
    said = Complaint().hearing(turn).said
    told = {**known, **({"what_happened": said} if said else {})}
    if turn.shown_order and "order_number" not in told:
        told["order_number"] = turn.shown_order
    await _name_ticket(turn, outside, told, "urgent")
    return await people.call(turn, outside.desk, "fraud", told=told)


def say_sorry(turn: Turn, topic: str | None) -> None:
    """Apologise in words for what it is about."""
    turn.say(_SORRY.get(topic or "", "utter_complaint_sorry"))


def ask_again(turn: Turn) -> None:
    """Say the question once more."""
    complaint = complaints.remembered(turn)
    if complaint.step == "what":
        turn.say("utter_complaint_ask_what")
        return
    titles = {number: f"#{number}" for number in complaint.offered}
    turn.say("utter_complaint_ask_order", buttons=choosing.buttons(_with_way_out(turn, titles)))


def _ask_order(turn: Turn, complaint: Complaint, fitting: Sequence[Order]) -> list[EventType]:
    titles = {
        orders.number_of(order): (
            f"#{orders.number_of(order)} · "
            f"{dates.short(dates.day_of(order.placed_at), turn.language)}"
        )
        for order in fitting
    }
    about = {orders.number_of(order): bought(order) for order in fitting}
    offered = choosing.buttons(_with_way_out(turn, titles), about)
    turn.say("utter_complaint_ask_order", buttons=offered)
    return complaint.asking(turn, "order", complaints.offered(fitting))


def _with_way_out(turn: Turn, titles: Mapping[str, str]) -> dict[str, str]:
    return {**titles, _NO_ORDER: word("complaints", "buttons", "no_order", turn.language)}


async def _with_answer(turn: Turn, outside: Outside, complaint: Complaint) -> Complaint:
    """With the order that was picked or named; other words are kept as a part of what happened."""
    number = turn.order_number or _picked(turn, complaint)
    is_bare = turn.is_button or (number and len(turn.text.split()) <= _LONGEST_PICK)
    heard = complaint if is_bare else complaint.hearing(turn)
    if number is None:
        return heard
    try:
        order = await outside.orders.by_number(number)
    except OrderSystemError:
        order = None
    if order and orders.belongs_to(order, turn.phone, turn.proven_orders):
        return heard.about(order, f"{complaint.said} {turn.words}")
    return replace(heard, order=number)


def _picked(turn: Turn, complaint: Complaint) -> str | None:
    if not turn.is_button and _NOT_ABOUT_ONE.search(plain(turn.text)):
        return None
    found = choosing.chosen(turn, {**complaint.offered, _NO_ORDER: ""})
    return None if found == _NO_ORDER else found


def _is_furious(turn: Turn) -> bool:
    return turn.is_urgent or (not turn.is_button and grievances.is_furious(turn.text))


async def _hand_over(
    turn: Turn, outside: Outside, complaint: Complaint, before: Mapping[str, str] | None = None
) -> list[EventType]:
    """Give people all of it; `before` is what another flow had collected."""
    told = {**(before or {}), **complaint.told(turn.language)}
    await _name_ticket(turn, outside, told, "high")
    return await people.call(turn, outside.desk, "complaint", told=told)


async def _name_ticket(
    turn: Turn, outside: Outside, told: Mapping[str, str], priority: str
) -> None:
    subject = people.summary(told.get("order_number"), told)
    if subject is None:
        return
    try:
        await outside.desk.describe_ticket(
            turn.conversation,
            turn.message_id,
            subject=subject[: people.LONGEST_SUBJECT],
            priority=priority,
        )
    except DeskError:
        # The handoff says the same; it alone must not fail.
        return
