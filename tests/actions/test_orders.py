"""An order's answer: whatever the shop knows and doesn't know, in sentences that exist."""

from typing import Any

import pytest

from actions.tracking.delivery_late import ActionCheckDelivery
from actions.tracking.order_number import ActionUseOrderNumber
from actions.tracking.order_status import ActionShowOrderStatus
from actions.tracking.track_order import ActionTrackOrder
from tests.actions.world import World, an_order

STATES = {
    "awaiting_payment": ["utter_order_awaiting_payment"],
    "paid": ["utter_order_paid"],
    "preparing": ["utter_order_preparing"],
    "shipped": ["utter_order_shipped", "utter_tracking", "utter_last_event"],
    "in_transit": ["utter_order_in_transit", "utter_tracking", "utter_last_event"],
    "out_for_delivery": ["utter_order_out_for_delivery", "utter_tracking", "utter_last_event"],
    "delivered": ["utter_order_delivered"],
    "cancelled": ["utter_order_cancelled"],
    "returned": ["utter_order_returned"],
    "at_the_tailor": ["utter_order_unknown"],
}


@pytest.mark.parametrize("state", STATES)
async def test_every_state_has_its_words(world: World, state: str) -> None:
    world.orders = [an_order("50001", state)]
    outcome = await world.after(ActionShowOrderStatus, text="status?")
    assert outcome.said == STATES[state]
    assert outcome.slot("order_number") == "50001"
    assert outcome.messages[0]["order_number"] == "50001"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"url": None}, ["utter_tracking_without_link", "utter_last_event"]),
        (
            {"carrier": None},
            [
                "utter_tracking_without_carrier",
                "utter_tracking_link_alone",
                "utter_last_event",
            ],
        ),
        ({"number": None}, ["utter_tracking_link_alone", "utter_last_event"]),
        ({"last_event": None}, ["utter_tracking"]),
        ({"number": None, "url": None, "last_event_at": None}, []),
    ],
)
async def test_what_the_shop_does_not_know_is_not_said(
    world: World, missing: dict[str, Any], said: list[str]
) -> None:
    world.orders = [an_order("50001", "in_transit", eta=1, parcel=missing)]
    outcome = await world.after(ActionTrackOrder, text="cadê?")
    assert outcome.said == ["utter_order_in_transit", *said, "utter_delivery_expected"]


@pytest.mark.parametrize(("eta", "is_late"), [(-1, True), (0, False), (1, False)])
async def test_an_order_is_late_from_the_day_after(world: World, eta: int, is_late: bool) -> None:
    world.orders = [an_order("50001", "in_transit", eta=eta)]
    outcome = await world.after(ActionShowOrderStatus, text="status?")
    assert ("utter_delivery_late" in outcome.said) is is_late
    assert outcome.slot("pending") == ("talk_to_human" if is_late else None)


async def test_an_order_that_never_left_is_late_in_other_words(world: World) -> None:
    world.orders = [an_order("50001", "preparing", eta=-3)]
    outcome = await world.after(ActionCheckDelivery, text="atrasado")
    assert outcome.said == ["utter_order_preparing", "utter_delivery_late_unshipped"]


@pytest.mark.parametrize("state", ["delivered", "cancelled", "returned", "awaiting_payment"])
async def test_an_order_that_nobody_awaits_is_never_late(world: World, state: str) -> None:
    world.orders = [an_order("50001", state, eta=-30)]
    outcome = await world.after(ActionShowOrderStatus, text="status?")
    assert not [name for name in outcome.said if "late" in name]


async def test_who_has_just_seen_the_order_is_told_only_that_it_is_late(world: World) -> None:
    world.orders = [an_order("50001", "in_transit", eta=-2)]
    outcome = await world.after(ActionCheckDelivery, text="tá atrasado", shown="50001")
    assert outcome.said == ["utter_order_in_transit", "utter_delivery_late"]


async def test_without_a_date_a_person_is_offered(world: World) -> None:
    world.orders = [an_order("50001", "shipped", eta=None)]
    outcome = await world.after(ActionCheckDelivery, text="atrasado")
    assert outcome.said[-1] == "utter_delivery_without_date"
    assert outcome.slot("pending") == "talk_to_human"


async def test_who_says_late_means_the_late_order(world: World) -> None:
    world.orders = [
        an_order("50003", "in_transit", eta=4),
        an_order("50001", "in_transit", eta=-2),
    ]
    outcome = await world.after(ActionCheckDelivery, text="meu pedido está atrasado")
    assert outcome.slot("order_number") == "50001"
    (call,) = world.desk_calls
    assert call == (
        "PATCH",
        "/api/conversations/42/ticket",
        "wamid.1",
        {"subject": "#50001", "priority": "high"},
    )


async def test_a_desk_that_is_down_keeps_no_late_order_from_its_owner(world: World) -> None:
    world.orders = [an_order("50001", "in_transit", eta=-2)]
    world.desk_fails = 503
    outcome = await world.after(ActionCheckDelivery, text="atrasado")
    assert outcome.said[-1] == "utter_delivery_late"
    assert outcome.failed == []


async def test_days_are_written_in_the_language_of_the_turn(world: World) -> None:
    world.orders = [an_order("50001", "delivered", parcel={"delivered_at": "2025-12-02T01:00:00Z"})]
    outcome = await world.after(ActionShowOrderStatus, text="status?", language="en")
    assert outcome.messages[0]["delivered_date"] == "December 1, 2025"
    outcome = await world.after(ActionShowOrderStatus, text="status?", language="pt")
    assert outcome.messages[0]["delivered_date"] == "01/12/2025"


async def test_each_parcel_is_said(world: World) -> None:
    order = an_order("50001", "in_transit", eta=2)
    order["shipments"].append({**order["shipments"][0], "number": "BB987654321BR"})
    order["shipments"].append(
        {**order["shipments"][0], "number": "CC1BR", "delivered_at": "2026-03-01T12:00:00Z"}
    )
    world.orders = [order]
    outcome = await world.after(ActionTrackOrder, text="cadê?")
    numbers = [m["tracking_number"] for m in outcome.messages if "tracking_number" in m]
    assert numbers == ["AA123456785BR", "BB987654321BR"]


async def test_at_most_five_orders_are_offered_newest_first(world: World) -> None:
    world.orders = [
        an_order(str(50010 + n), "in_transit", placed_at=f"2026-03-0{n + 1}T12:00:00-03:00")
        for n in range(7)
    ]
    outcome = await world.after(ActionTrackOrder, text="cadê?")
    assert outcome.said == ["utter_choose_order"]
    assert outcome.slot("offered_orders") == ["50016", "50015", "50014", "50013", "50012"]
    assert outcome.messages[0]["buttons"][0] == {
        "title": "#50016 · 07/03",
        "payload": '/inform_order_number{"order_number": "50016"}',
        "description": "Tênis Aurora",
    }


async def test_when_all_is_over_the_latest_orders_are_offered(world: World) -> None:
    world.orders = [an_order("50001", "delivered"), an_order("50003", "cancelled")]
    outcome = await world.after(ActionShowOrderStatus, text="status?")
    assert outcome.slot("offered_orders") == ["50001", "50003"]


async def test_the_order_just_shown_is_the_one_meant(world: World) -> None:
    world.orders = [an_order("50001", "in_transit"), an_order("50003", "preparing")]
    outcome = await world.after(ActionShowOrderStatus, text="e quando chega?")
    assert outcome.said == ["utter_choose_order"]
    outcome = await world.after(ActionShowOrderStatus, text="e quando chega?", shown="50003")
    assert outcome.said == ["utter_order_preparing"]


async def test_the_menu_leads_to_all_orders_again(world: World) -> None:
    world.orders = [an_order("50001", "in_transit"), an_order("50003", "preparing")]
    outcome = await world.after(ActionTrackOrder, text="/track_order", shown="50003")
    assert outcome.said == ["utter_choose_order"]


@pytest.mark.parametrize("typed", ["50001", "#50001", "50.001"])
async def test_a_number_may_be_typed_in_many_ways(world: World, typed: str) -> None:
    outcome = await world.after(ActionUseOrderNumber, text=typed, order_number=typed)
    assert outcome.said[0] == "utter_order_in_transit"


async def test_a_brazilian_number_may_lack_its_ninth_digit(world: World) -> None:
    contact = {"name": "Ana", "phone": "551187650001"}
    outcome = await world.after(ActionTrackOrder, text="cadê?", contact=contact)
    assert outcome.said[0] == "utter_order_in_transit"


async def test_the_topic_asked_first_is_answered_when_the_number_comes(world: World) -> None:
    outcome = await world.after(
        ActionUseOrderNumber, text="50001", order_number="50001", order_topic="late"
    )
    assert outcome.said[-1] == "utter_delivery_in_time"
