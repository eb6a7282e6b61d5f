"""The open question once more, when the message was no answer to it."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.talk import flows, offers, people
from actions.talk.desk import Desk
from actions.talk.outside import Outside
from actions.talk.turn import Turn


async def repeat(turn: Turn, desk: Desk, before: int | None = None) -> list[EventType]:
    """Ask again what is open, or say that nothing was understood; the third time call a person.

    `before` are the failed attempts before this one, where they aren't those remembered.
    """
    attempts = (turn.failed_attempts if before is None else before) + 1
    if attempts >= people.MOST_ATTEMPTS:
        return await people.call(turn, desk, "failed_attempts")
    pending = _say(turn, is_first=attempts == 1)
    asked: list[EventType] = [SlotSet("failed_attempts", attempts), SlotSet("pending", pending)]
    return [*asked, SlotSet("flow", turn.flow)] if pending == flows.PENDING else asked


async def late_button(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Take a button of an earlier question for no answer to the open one; None for other messages.

    A "confirm" from further up must not confirm what is asked now.
    """
    if not (turn.tracker.latest_message or {}).get("late_button"):
        return None
    if not turn.pending:
        turn.say("utter_button_is_past")
        return [SlotSet("pending", None)]
    turn.say("utter_button_of_another_question")
    return await repeat(turn, outside.desk, before=turn.failed_attempts - 1)


def _say(turn: Turn, *, is_first: bool) -> str:
    """Say it; returns the question that is open now."""
    pending = turn.pending
    if pending == "order_number":
        turn.say("utter_ask_order_number_again")
    elif pending == "order_email" and turn.unproven_order:
        turn.say("utter_ask_order_email_again", order_number=turn.unproven_order)
    elif pending == "order_choice" and turn.offered_orders:
        turn.say(
            "utter_choose_order_again",
            buttons=[order_button(number) for number in turn.offered_orders],
        )
    elif pending == offers.PENDING and turn.offered_requests:
        offers.ask(turn, "utter_did_you_mean_again", turn.offered_requests)
    elif pending == flows.PENDING and turn.flow:
        flows.ask_again(turn)
    elif pending == "talk_to_human":
        turn.say("utter_offer_person_again")
    else:
        turn.say("utter_not_understood" if is_first else "utter_not_understood_again")
        return "menu"
    return pending


def order_button(number: str, day: str | None = None, bought: str = "") -> dict[str, str]:
    """A button that asks for one of the contact's orders; what was bought tells which one it is."""
    return {
        "title": f"#{number} · {day}" if day else f"#{number}",
        "payload": f'/inform_order_number{{"order_number": "{number}"}}',
        **({"description": bought} if bought else {}),
    }
