"""Where a return stands."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.returns import papers
from actions.returns.return_wish import Case
from actions.talk import advising, people
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import amounts, dates
from order_system.returns import Return
from order_system.texts import in_language
from order_system.vocabulary import ReturnState

_STATES = {
    ReturnState.REQUESTED: "utter_return_requested",
    ReturnState.LABEL_SENT: "utter_return_label_sent",
    ReturnState.IN_TRANSIT: "utter_return_in_transit",
    ReturnState.RECEIVED: "utter_return_received",
    ReturnState.REFUNDED: "utter_return_refunded",
    ReturnState.EXCHANGED: "utter_return_exchanged",
    ReturnState.REJECTED: "utter_return_rejected",
    ReturnState.CANCELLED: "utter_return_cancelled",
    ReturnState.UNKNOWN: "utter_return_unknown",
}


async def say(turn: Turn, outside: Outside, case: Case) -> list[EventType] | None:
    """Say where the newest return of the order stands; None when it has none."""
    found = await outside.orders.returns_of(case.options.order_number)
    if not found:
        return None
    newest = found[0]
    turn.say(_STATES[newest.state], return_number=newest.number)
    if newest.state is ReturnState.LABEL_SENT:
        await how_to_post(turn, outside, newest)
    elif newest.state is ReturnState.IN_TRANSIT and newest.tracking:
        turn.say("utter_return_tracking", tracking_number=newest.tracking)
    elif newest.state is ReturnState.REJECTED:
        because = in_language(newest.rejected_because, turn.language)
        if because:
            turn.say("utter_shop_sentence", sentence=because)
        return advising.offer(turn, "utter_advice_person", "talk_to_human")
    elif newest.state is ReturnState.REFUNDED and newest.refund:
        turn.say("utter_return_amount", amount=amounts.written(newest.refund, turn.language))
    elif newest.state is ReturnState.EXCHANGED and newest.replacement_order:
        turn.say("utter_return_replacement", order_number=newest.replacement_order)
    return people.forget_questions()


async def how_to_post(turn: Turn, outside: Outside, opened: Return) -> None:
    """Until when and where to post it, with the label."""
    if opened.post_by:
        day = dates.written(opened.post_by, turn.language, dates.today())
        turn.say("utter_return_post_by", post_by=day)
    drop_off = in_language(opened.drop_off, turn.language)
    if drop_off:
        turn.say("utter_shop_sentence", sentence=drop_off)
    if opened.has_label:
        await papers.send_label(turn, outside, opened.number)
