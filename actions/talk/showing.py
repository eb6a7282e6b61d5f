"""Say how an order stands: one sentence for each thing known, all of them responses."""

from __future__ import annotations

from datetime import date

from rasa_sdk.events import EventType, SlotSet

from actions.talk import orders
from actions.talk.turn import Turn
from actions.wording import dates
from order_system.model import Order, OrderState, Shipment

_STATES = {
    OrderState.AWAITING_PAYMENT: "utter_order_awaiting_payment",
    OrderState.PAID: "utter_order_paid",
    OrderState.PREPARING: "utter_order_preparing",
    OrderState.SHIPPED: "utter_order_shipped",
    OrderState.IN_TRANSIT: "utter_order_in_transit",
    OrderState.OUT_FOR_DELIVERY: "utter_order_out_for_delivery",
    OrderState.DELIVERED: "utter_order_delivered",
    OrderState.CANCELLED: "utter_order_cancelled",
    OrderState.RETURNED: "utter_order_returned",
    OrderState.UNKNOWN: "utter_order_unknown",
}
_ON_ITS_WAY = frozenset({OrderState.SHIPPED, OrderState.IN_TRANSIT, OrderState.OUT_FOR_DELIVERY})
_MOST_PARCELS = 3


def show(turn: Turn, order: Order, topic: str, today: date) -> list[EventType]:
    """Say where the order is, and answer what was asked of it; remember what that left open."""
    _say_state(turn, order, today)
    # Who has just read where the parcel is, and says that it is late, needn't read it again.
    is_known = topic == "late" and turn.shown_order == orders.number_of(order)
    if order.state in _ON_ITS_WAY and not is_known:
        for parcel in [parcel for parcel in order.shipments if not parcel.delivered_at][
            :_MOST_PARCELS
        ]:
            _say_parcel(turn, parcel, today)
    elif topic == "track" and order.state in orders.UNSHIPPED:
        turn.say("utter_tracking_not_yet")
    has_offered_person = _say_when(turn, order, topic, today)
    has_offered_person |= order.state is OrderState.UNKNOWN
    pending = "talk_to_human" if has_offered_person else None
    return [*remembered(order, topic), SlotSet("pending", pending)]


def remembered(order: Order, topic: str) -> list[EventType]:
    """The order that the talk is about now, and that nothing is asked about it."""
    return [
        SlotSet("order_number", orders.number_of(order)),
        SlotSet("order_topic", topic),
        SlotSet("pending", None),
        SlotSet("unproven_order", None),
        SlotSet("given_email", None),
        SlotSet("offered_orders", None),
        SlotSet("failed_attempts", 0),
    ]


def _say_state(turn: Turn, order: Order, today: date) -> None:
    number = orders.number_of(order)
    delivered = [parcel.delivered_at for parcel in order.shipments if parcel.delivered_at]
    if order.state is OrderState.DELIVERED and delivered:
        day = dates.written(dates.day_of(max(delivered)), turn.language, today)
        turn.say("utter_order_delivered_on", order_number=number, delivered_date=day)
    else:
        turn.say(_STATES[order.state], order_number=number)


def _say_parcel(turn: Turn, parcel: Shipment, today: date) -> None:
    if parcel.carrier and parcel.number and parcel.url:
        turn.say(
            "utter_tracking",
            carrier=parcel.carrier,
            tracking_number=parcel.number,
            tracking_url=parcel.url,
        )
    elif parcel.carrier and parcel.number:
        turn.say(
            "utter_tracking_without_link", carrier=parcel.carrier, tracking_number=parcel.number
        )
    else:
        if parcel.number:
            turn.say("utter_tracking_without_carrier", tracking_number=parcel.number)
        if parcel.url:
            turn.say("utter_tracking_link_alone", tracking_url=parcel.url)
    if parcel.last_event and parcel.last_event_at:
        turn.say(
            "utter_last_event",
            last_event=parcel.last_event.strip().rstrip("."),
            last_event_date=dates.written(dates.day_of(parcel.last_event_at), turn.language, today),
        )


def _say_when(turn: Turn, order: Order, topic: str, today: date) -> bool:
    """Say when it arrives, or that it is late; returns whether a person was offered."""
    expected = orders.expected_on(order)
    day = dates.written(expected, turn.language, today) if expected else None
    if orders.is_late(order, today):
        is_here = order.state in orders.UNSHIPPED
        turn.say(
            "utter_delivery_late_unshipped" if is_here else "utter_delivery_late",
            expected_date=day,
        )
        return True
    if topic == "late" and order.state is OrderState.DELIVERED:
        turn.say("utter_delivered_not_received")
        return True
    if order.state not in orders.PROMISED:
        return False
    if topic != "late":
        if day:
            turn.say("utter_delivery_expected", expected_date=day)
        return False
    if day:
        turn.say("utter_delivery_in_time", expected_date=day)
    else:
        turn.say("utter_delivery_without_date")
    return True
