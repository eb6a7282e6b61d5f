"""A person is wanted, offered or declined."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.guiding import complaining
from actions.talk import advising, flows, guessing, orders, people, questions
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates, grievances, reasons
from actions.wording.plain import plain
from order_system.model import Order, OrderState
from order_system.protocol import OrderSystemError
from order_system.vocabulary import ReturnReason

_OFFER = "utter_complaint_offer_return"
# What goes back; a product that is merely worse than hoped for is a complaint.
_GOES_BACK = frozenset({ReturnReason.DEFECT, ReturnReason.WRONG_ITEM})
_LONGEST_WORDS = 400
# Who says this complains of people or of a delivery, and wants to be heard by somebody.
_OF_PEOPLE = re.compile(
    r"\b(?:reclama\w+|queixa\w*|atendi\w+|atendente\w*|entregador\w*|grosseir\w*|descaso"
    r"|complain\w*|grievance|service|staff|courier|driver|rude\w*|manager|gerente)\b"
)
_MACHINE = (
    r"(?:robos?|bots?|robot|maquina|ia|chatbot|humano|gente|pessoa|human|real|person|ai|machine)"
)
_WHO = re.compile(
    rf"^(?:oi |ola |mas |hi |hey |wait )?(?:vc|voce|tu|isso|isto|aqui)? ?(?:e|eh|es) (?:mesmo )?"
    rf"(?:um |uma )?{_MACHINE}(?: mesmo| ou .{{0,20}})?\W*$"
    rf"|\b(?:to|estou|tou|ta|eu) falando com (?:um |uma )?{_MACHINE}\b[^,.]*$"
    rf"|^(?:hi |hey |wait )?(?:are|r) (?:you|u) (?:a |an )?(?:real )?{_MACHINE}\b[^,.]*$"
    rf"|\bam i (?:talking|speaking|chatting) (?:to|with) (?:a |an )?(?:real )?{_MACHINE}\b[^,.]*$"
)
# Asked in the middle of one of these: it is answered, and the open question asked again.
_OPEN = frozenset({flows.PENDING, "order_number", "order_email", "order_choice", "did_you_mean"})
_WISH = re.compile(r"\b(?:quero|queria|preciso|passa|chama|want|need|give|get me|let me|connect)\b")
# Said of a piece: "não é justo" is no size.
_FITS = re.compile(
    r"\b(?:fic(?:ou|aram|a|am)|veio|vieram|serv\w+|cab\w+|coub\w+|entr\w+|calc\w+|tamanhos?|numero"
    r"|fit\w*|too|sizes?|sized)\b"
)


class ActionHandOver(Act):
    """Gives the conversation to people."""

    def name(self) -> str:
        """As in the domain."""
        return "action_hand_over"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Hand over for the reason that the message gives; what came broken may go back."""
        if turn.intent == "talk_to_human" and _asks_who_this_is(turn):
            return await _say_who_this_is(turn, self.outside)
        own = await _own_orders(turn, self.outside)
        if turn.intent == "complaint" and not turn.is_urgent:
            delivered = [order for order in own if order.state is OrderState.DELIVERED]
            if delivered and _is_about_a_piece(turn):
                return _offer_return(turn, delivered)
            if delivered and _is_about_fit(turn):
                return _exchange(turn, delivered)
            return await complaining.begin(turn, self.outside)
        if turn.intent == "fraud_report" and not turn.is_urgent:
            return await complaining.report_fraud(turn, self.outside, _told(turn, own))
        return await people.call(turn, self.outside.desk, _reason(turn), told=_told(turn, own))


class ActionOfferPerson(Act):
    """Offers a person to whoever has neither number nor e-mail."""

    def name(self) -> str:
        """As in the domain."""
        return "action_offer_person"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Ask whether a person is wanted."""
        turn.say("utter_offer_person")
        return [*people.forget_questions(), SlotSet("pending", "talk_to_human")]


class ActionDeclineHandover(Act):
    """Goes on without a person."""

    def name(self) -> str:
        """As in the domain."""
        return "action_decline_handover"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Stay with the shopper."""
        turn.say("utter_handover_declined")
        return people.forget_questions()


def _asks_who_this_is(turn: Turn) -> bool:
    """Whether it is only asked if this is a bot."""
    said = plain(turn.text)
    is_asked = bool(_WHO.search(said)) and not _WISH.search(said)
    return is_asked and not turn.is_button and not turn.flow.get(flows.CALLS_PEOPLE)


async def _say_who_this_is(turn: Turn, outside: Outside) -> list[EventType]:
    """Say that no person writes here, and ask what is open once more, or offer one."""
    if turn.pending not in _OPEN:
        turn.say("utter_who_i_am")
        return [SlotSet("pending", "talk_to_human")]
    turn.say("utter_who_i_am_in_passing")
    if turn.pending == flows.PENDING:
        return []  # a flow's question is asked again after every action
    return await questions.repeat(turn, outside.desk, before=turn.failed_attempts - 1)


def _reason(turn: Turn) -> str:
    is_complaint = turn.flow.get("response") == _OFFER
    usual = "complaint" if is_complaint else "wish"
    return "urgent" if turn.is_urgent else usual


async def _own_orders(turn: Turn, outside: Outside) -> Sequence[Order]:
    """The contact's latest orders; none when the shop gives no answer: people are called anyway."""
    if not turn.phone:
        return []
    try:
        return await orders.to_choose_from(outside.orders, turn.phone, "invoice", dates.today())
    except OrderSystemError:
        return []


def _is_about_a_piece(turn: Turn) -> bool:
    if turn.is_button or turn.flow or grievances.is_furious(turn.text):
        return False
    is_faulty = reasons.reason_in(turn.text) in _GOES_BACK
    return is_faulty and not _OF_PEOPLE.search(plain(turn.text))


def _is_about_fit(turn: Turn) -> bool:
    if turn.is_button or turn.flow or grievances.is_furious(turn.text):
        return False
    said = plain(turn.text)
    is_size = reasons.reason_in(turn.text) in reasons.SIZES and _FITS.search(said)
    return bool(is_size) and not _OF_PEOPLE.search(said)


def _exchange(turn: Turn, delivered: Sequence[Order]) -> list[EventType]:
    """Say sorry, and begin the exchange."""
    told = {"choice": str(reasons.reason_in(turn.text))}
    numbers = [orders.number_of(order) for order in delivered]
    if turn.order_number or len(numbers) == 1:
        told["order_number"] = turn.order_number or numbers[0]
    turn.say("utter_exchange_sorry_fit")
    return guessing.do(turn, f"/exchange_item{json.dumps(told)}")


def _offer_return(turn: Turn, delivered: Sequence[Order]) -> list[EventType]:
    """Say sorry, and offer to send it back or to talk to a person."""
    reason = reasons.reason_in(turn.text)
    told = {"choice": str(reason)}
    numbers = [orders.number_of(order) for order in delivered]
    if turn.order_number or len(numbers) == 1:
        told["order_number"] = turn.order_number or numbers[0]
    known = {
        **_told(turn, delivered),
        "reason": reasons.titles(turn.language)[str(reason)],
        "what_happened": turn.words[:_LONGEST_WORDS],
    }
    complaining.say_sorry(turn, grievances.topic_in(turn.text))
    return advising.offer(turn, _OFFER, "return_item", known, calls_people=True, **told)


def _told(turn: Turn, own: Sequence[Order]) -> dict[str, str]:
    """What is known for people: the order talked about, else those that it may be about."""
    if turn.told or turn.order_number or turn.unproven_order or turn.shown_order:
        number = {"order_number": turn.order_number} if turn.order_number else {}
        return {**turn.told, **number}
    numbers = [orders.number_of(order) for order in own]
    if len(numbers) == 1:
        return {"order_number": numbers[0]}
    return {"orders": ", ".join(f"#{number}" for number in numbers)} if numbers else {}
