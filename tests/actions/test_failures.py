"""Whatever breaks outside, an action says something true and never raises."""

from typing import Any

import httpx2
import pytest

from actions.goods.goods import ActionCheckStock
from actions.guiding.fallback import ActionDeclineRequest, ActionDefaultFallback
from actions.guiding.handoff import ActionHandOver
from actions.guiding.media import ActionReceiveMedia
from actions.guiding.menu import ActionChooseOption
from actions.money.invoices import ActionSendInvoice
from actions.money.paying import ActionCheckPayment
from actions.money.promos import ActionCheckPromo
from actions.money.refunds import ActionShowRefund
from actions.shop.stores import ActionShowStores
from actions.talk.act import Act
from actions.tracking.delivery_late import ActionCheckDelivery
from actions.tracking.order_number import ActionRepeatQuestion, ActionUseOrderNumber
from actions.tracking.order_status import ActionShowOrderStatus
from actions.tracking.track_order import ActionTrackOrder
from tests.actions.world import WAIT, World, an_order

SHOP_TROUBLE = [
    500,
    429,
    401,
    418,
    httpx2.ConnectError("refused"),
    httpx2.ReadTimeout("slow"),
]
DESK_TROUBLE = [500, 503, httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow")]
ASK_THE_SHOP = [
    ActionTrackOrder,
    ActionShowOrderStatus,
    ActionCheckDelivery,
    ActionUseOrderNumber,
    ActionCheckPayment,
    ActionCheckPromo,
    ActionCheckStock,
    ActionSendInvoice,
    ActionShowRefund,
    ActionShowStores,
]


@pytest.mark.parametrize("trouble", SHOP_TROUBLE, ids=str)
@pytest.mark.parametrize("action", ASK_THE_SHOP)
async def test_a_shop_in_trouble_ends_with_a_person(
    action: type[Act], trouble: Any, world: World
) -> None:
    world.shop_fails = trouble
    outcome = await world.after(action, text="50001", order_number="50001")
    assert outcome.said == ["utter_handed_over_order_system_down"]
    assert outcome.messages[0]["ticket"] == "1024"
    assert outcome.slot("pending") is None
    assert world.handoffs() == [
        {"reason": "order_system_down", "summary": "#50001", "priority": None}
    ]


@pytest.mark.parametrize("trouble", DESK_TROUBLE, ids=str)
async def test_a_desk_in_trouble_fails_the_turn_and_promises_nothing(
    trouble: Any, world: World
) -> None:
    world.desk_fails = trouble
    outcome = await world.after(ActionHandOver, intent="talk_to_human")
    assert outcome.said == []
    assert outcome.failed == ["desk_unreachable"]
    assert world.desk_asked == 2


async def test_a_desk_that_refuses_fails_the_turn_too(world: World) -> None:
    world.desk_fails = 422
    outcome = await world.after(ActionHandOver, intent="talk_to_human")
    assert outcome.failed == ["desk_refused"]
    assert world.desk_asked == 1


async def test_in_rasa_shell_a_desk_in_trouble_is_said_aloud(world: World) -> None:
    world.desk_fails = 503
    outcome = await world.after(ActionHandOver, intent="talk_to_human", channel="cmdline")
    assert outcome.said == ["utter_desk_unreachable"]


async def test_shop_and_desk_in_trouble_fail_the_turn(world: World) -> None:
    world.shop_fails = world.desk_fails = 503
    outcome = await world.after(ActionTrackOrder, text="cadê?")
    assert outcome.said == []
    assert outcome.failed == ["desk_unreachable"]


@pytest.mark.parametrize(
    ("action", "first", "again"),
    [
        (ActionDefaultFallback, "utter_not_understood", "utter_not_understood_again"),
        (ActionDeclineRequest, "utter_out_of_scope", "utter_out_of_scope_again"),
        (ActionRepeatQuestion, "utter_not_understood", "utter_not_understood_again"),
    ],
)
async def test_the_third_attempt_calls_a_person(
    action: type[Act], first: str, again: str, world: World
) -> None:
    said = []
    for failed in (0, 1, 2):
        outcome = await world.after(action, text="?", failed_attempts=failed)
        said.append((outcome.said, outcome.slot("failed_attempts")))
    assert said == [
        ([first], 1),
        ([again], 2),
        (["utter_handed_over_failed_attempts"], 0),
    ]
    assert [handoff["reason"] for handoff in world.handoffs()] == ["failed_attempts"]


@pytest.mark.parametrize(
    ("pending", "said"),
    [
        ("order_number", "utter_ask_order_number_again"),
        ("order_email", "utter_ask_order_email_again"),
        ("order_choice", "utter_choose_order_again"),
        ("talk_to_human", "utter_offer_person_again"),
        ("menu", "utter_not_understood"),
    ],
)
async def test_an_open_question_stays_open(world: World, pending: str, said: str) -> None:
    outcome = await world.after(
        ActionDefaultFallback,
        text="?",
        pending=pending,
        unproven_order="50002",
        offered_orders=["50001", "50003"],
    )
    assert outcome.said == [said]
    assert outcome.slot("pending") == pending


async def test_people_get_the_order_of_who_has_but_one(world: World) -> None:
    world.orders = [an_order("50001", "delivered")]
    await world.after(ActionHandOver, intent="talk_to_human")
    world.orders = [an_order("50001", "delivered"), an_order("50003", "paid")]
    await world.after(ActionHandOver, intent="talk_to_human")
    assert [one["summary"] for one in world.handoffs()] == ["#50001", "#50001, #50003"]


async def test_people_are_called_although_the_shop_is_silent(world: World) -> None:
    world.shop_fails = 503
    outcome = await world.after(ActionHandOver, intent="talk_to_human")
    assert outcome.said == ["utter_handed_over_wish"]


@pytest.mark.parametrize(
    ("intent", "urgent", "reason", "priority"),
    [
        ("talk_to_human", False, "wish", None),
        ("talk_to_human", True, "urgent", "urgent"),
        ("affirm", False, "wish", None),
        ("fraud_report", False, "fraud", "urgent"),
    ],
)
async def test_people_are_told_why(
    world: World, intent: str, urgent: bool, reason: str, priority: str | None
) -> None:
    outcome = await world.after(ActionHandOver, intent=intent, urgent=urgent)
    assert outcome.said == [f"utter_handed_over_{reason}"]
    assert world.handoffs() == [{"reason": reason, "summary": "#50001", "priority": priority}]


@pytest.mark.parametrize("kind", ["image", "audio", "voice", "video", "document", "location"])
async def test_what_the_bot_cannot_open_goes_to_a_person(world: World, kind: str) -> None:
    outcome = await world.after(ActionReceiveMedia, text="/send_media", media=[{"kind": kind}])
    assert outcome.said[0].startswith("utter_handed_over_")
    assert world.handoffs() == [{"reason": "media", "summary": None, "priority": None}]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1", "utter_handed_over_wish"),
        ("2", "utter_handover_declined"),
        ("3", "utter_handed_over_wish"),
        ("7", "utter_menu_number_unknown"),
    ],
)
async def test_a_number_answers_the_offer_of_a_person(world: World, number: str, said: str) -> None:
    outcome = await world.after(ActionChooseOption, text=number, pending="talk_to_human")
    assert outcome.said == [said]


async def test_the_same_message_asks_the_desk_under_the_same_key(world: World) -> None:
    for _ in range(2):
        await world.after(ActionHandOver, intent="talk_to_human", message_id="wamid.7")
    assert [key for _, _, key, _ in world.desk_calls] == ["wamid.7", "wamid.7"]


async def test_a_person_gets_what_the_bot_knows(world: World) -> None:
    outcome = await world.after(
        ActionHandOver,
        intent="talk_to_human",
        shown="50001",
        proven_orders=["50002"],
        failed_attempts=2,
        pending=None,
    )
    assert outcome.messages[0]["wait"] == WAIT["pt"]
    assert world.findings() == [
        {
            "slots": {"order_number": "50001", "proven_orders": ["50002"]},
            "intent": "talk_to_human",
            "confidence": 1.0,
            "failed_attempts": 2,
            "order": "#50001",
        }
    ]


async def test_the_wait_is_told_in_the_language_of_the_turn(world: World) -> None:
    outcome = await world.after(ActionHandOver, intent="talk_to_human", language="en")
    assert outcome.messages[0]["wait"] == WAIT["en"]
