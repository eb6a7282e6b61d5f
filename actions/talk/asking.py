"""Find the order a question is about; show it to whom it belongs, and ask when it isn't clear."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.talk import choosing, flows, orders, people, questions, showing
from actions.talk.desk import DeskError
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from actions.wording import dates
from actions.wording.pieces import bought
from order_system.model import Order

_LAST_TRY = 1
_LONGEST_CHOICE = 5  # words
_SHORTEST_NAME = 4  # letters
_MOST_SHOWN = 3
# What is done with an order asks something of its own; this doesn't.
_TOLD_ONLY = frozenset({"contents", "invoice"})


async def about(
    turn: Turn, outside: Outside, topic: str, number: str | None = None
) -> list[EventType]:
    """Answer a question about an order: the one named, else the one just shown, else the contact's.

    A pressed button starts afresh, because the menu is how one gets to another order.
    """
    wanted = number or (None if turn.is_button else turn.shown_order)
    if wanted:
        return await _open(turn, outside, topic, wanted)
    return await afresh(turn, outside, topic)


async def afresh(turn: Turn, outside: Outside, topic: str) -> list[EventType]:
    """Look for the contact's orders by its phone: show the one, offer several, or ask."""
    found: Sequence[Order] = []
    if turn.phone:
        found = await orders.to_choose_from(outside.orders, turn.phone, topic, dates.today())
    return await among(turn, outside, topic, found)


async def among(
    turn: Turn, outside: Outside, topic: str, found: Sequence[Order]
) -> list[EventType]:
    """Go on with the only one of the contact's orders, offer several, or ask for a number."""
    named = _named_by_item(turn, found) if flows.is_topic(topic) else None
    chosen = [order for order in found if named in {None, orders.number_of(order)}]
    if len(chosen) == 1:
        return await _show(turn, outside, topic, chosen[0])
    if found:
        return _offer(turn, topic, found)
    turn.say("utter_ask_order_number")
    return [SlotSet("order_topic", topic), SlotSet("pending", "order_number")]


async def with_what_was_given(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Go on with the order number or the e-mail in the message; None when neither helps."""
    if turn.order_number:
        return await _open(turn, outside, turn.topic, turn.order_number)
    if turn.email and turn.unproven_order:
        return await prove(turn, outside, turn.topic, turn.unproven_order, turn.email)
    return None


async def chosen_by_item(turn: Turn, outside: Outside) -> list[EventType] | None:
    """Go on with the one of the offered orders that an item names: "o do tênis"."""
    is_choice = turn.pending == "order_choice" and turn.has_just_spoken and turn.phone
    if not is_choice or len(turn.text.split()) > _LONGEST_CHOICE:
        return None
    found = await outside.orders.by_phone(str(turn.phone), limit=orders.MOST_ASKED)
    offered = [order for order in found if orders.number_of(order) in turn.offered_orders]
    number = _named_by_item(turn, offered)
    return await _open(turn, outside, turn.topic, number) if number else None


def _named_by_item(turn: Turn, found: Sequence[Order]) -> str | None:
    """The number of the one order that has an item with these words in its name."""
    if turn.is_button:
        return None
    names = {
        orders.number_of(order): " ".join(
            word
            for item in order.items
            for word in item.name.split()
            if len(word) >= _SHORTEST_NAME
        )
        for order in found
    }
    return choosing.named(turn.text, names)


async def prove(
    turn: Turn, outside: Outside, topic: str, number: str, email: str
) -> list[EventType]:
    """Show the order if it was bought with this e-mail; every comparison costs a try first."""
    proof = await outside.desk.spend_proof(turn.conversation, turn.message_id)
    if not proof.allowed:
        return await people.call(turn, outside.desk, "order_proof")
    order = await outside.orders.by_number(number)
    if order and orders.has_email(order, email):
        proven = [*turn.proven_orders, orders.number_of(order)]
        shown = await _show(turn, outside, topic, order)
        return [*shown, SlotSet("proven_orders", proven)]
    if proof.left < 1:
        return await people.call(turn, outside.desk, "order_proof")
    if proof.left == _LAST_TRY:
        turn.say("utter_order_email_mismatch_last", order_number=number)
    else:
        turn.say("utter_order_email_mismatch", order_number=number, tries_left=str(proof.left))
    return _wait_for_email(number)


async def _open(turn: Turn, outside: Outside, topic: str, number: str) -> list[EventType]:
    order = await outside.orders.by_number(number)
    if order and orders.belongs_to(order, turn.phone, turn.proven_orders):
        shown = await _show(turn, outside, topic, order)
        return [*shown, *await _open_next(turn, outside, topic, number)]
    # From here on an order of somebody else and no order at all must look the same.
    remembered: list[EventType] = [SlotSet("order_topic", topic)]
    email = turn.email or turn.given_email
    if email:
        return [*remembered, *await prove(turn, outside, topic, number, email)]
    turn.say("utter_ask_order_email", order_number=number)
    return [*remembered, *_wait_for_email(number)]


async def _open_next(turn: Turn, outside: Outside, topic: str, number: str) -> list[EventType]:
    """Where the message names several orders to look at, the one named after this one."""
    named = list(dict.fromkeys(turn.values_of("order_number")[:_MOST_SHOWN]))
    if number not in named[:-1] or (flows.is_topic(topic) and topic not in _TOLD_ONLY):
        return []
    return await _open(turn, outside, topic, named[named.index(number) + 1])


async def _show(turn: Turn, outside: Outside, topic: str, order: Order) -> list[EventType]:
    if flows.is_topic(topic):
        told = await flows.tell(turn, outside, topic, order)
        return [*showing.remembered(order, topic), *told]
    today = dates.today()
    if topic == "late" and orders.is_late(order, today):
        await _raise_ticket(turn, outside, order)
    return showing.show(turn, order, topic, today)


async def _raise_ticket(turn: Turn, outside: Outside, order: Order) -> None:
    try:
        await outside.desk.describe_ticket(
            turn.conversation,
            turn.message_id,
            subject=f"#{orders.number_of(order)}",
            priority="high",
        )
    except DeskError:
        # Helpful to people, but no reason to keep the shopper from the answer.
        return


def _offer(turn: Turn, topic: str, found: Sequence[Order]) -> list[EventType]:
    """Let the contact choose among its own orders."""
    turn.say("utter_choose_order", buttons=[_button(turn, order) for order in found])
    return [
        SlotSet("order_topic", topic),
        SlotSet("pending", "order_choice"),
        SlotSet("offered_orders", [orders.number_of(order) for order in found]),
    ]


def _wait_for_email(number: str) -> list[EventType]:
    return [
        SlotSet("pending", "order_email"),
        SlotSet("unproven_order", number),
        SlotSet("given_email", None),
    ]


def _button(turn: Turn, order: Order) -> dict[str, str]:
    day = dates.short(dates.day_of(order.placed_at), turn.language)
    return questions.order_button(orders.number_of(order), day, bought(order))
