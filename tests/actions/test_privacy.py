"""Nobody learns of somebody else's order, not even that it exists."""

import pytest

from actions.guiding.fallback import ActionDeclineRequest, ActionDefaultFallback
from actions.guiding.greeting import ActionGreet
from actions.talk.act import Act
from actions.tracking.delivery_late import ActionCheckDelivery
from actions.tracking.order_number import ActionCheckOrderEmail, ActionUseOrderNumber
from actions.tracking.order_status import ActionShowOrderStatus
from actions.tracking.track_order import ActionTrackOrder
from tests.actions.world import BRUNOS_EMAIL, World, an_order

BY_NUMBER = [
    ActionTrackOrder,
    ActionShowOrderStatus,
    ActionCheckDelivery,
    ActionUseOrderNumber,
    ActionDefaultFallback,
    ActionDeclineRequest,
]
NOBODYS = {"name": None, "phone": None}


@pytest.mark.parametrize("action", BY_NUMBER)
async def test_somebody_elses_order_and_none_sound_alike(action: type[Act], world: World) -> None:
    other = await world.after(action, text="50002", order_number="50002")
    none = await world.after(action, text="59999", order_number="59999")
    assert other.said == none.said == ["utter_ask_order_email"]
    assert other.everything().replace("50002", "59999") == none.everything()
    assert [event["name"] for event in other.events] == [event["name"] for event in none.events]
    assert other.slot("pending") == none.slot("pending") == "order_email"


async def test_a_wrong_email_and_an_order_that_is_not_there_sound_alike(world: World) -> None:
    answers = []
    for number in ("50002", "59999"):
        world.tries = 5
        outcome = await world.after(
            ActionCheckOrderEmail,
            text="x@example.com",
            email="x@example.com",
            unproven_order=number,
            pending="order_email",
        )
        answers.append(outcome.everything().replace(number, "-"))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("phone", [None, "", "5521991234568", "11987650001", "0", "5511"])
async def test_only_the_very_phone_opens_an_order(world: World, phone: str | None) -> None:
    contact = {"name": "Ana", "phone": phone}
    outcome = await world.after(
        ActionTrackOrder, text="50001", order_number="50001", contact=contact
    )
    assert outcome.said == ["utter_ask_order_email"]


async def test_an_order_without_phone_and_email_opens_for_nobody(world: World) -> None:
    world.orders = [an_order("50001", "in_transit", contact={})]
    for contact in (NOBODYS, None):
        outcome = await world.after(
            ActionTrackOrder, text="50001", order_number="50001", contact=contact
        )
        assert outcome.said == ["utter_ask_order_email"]
    outcome = await world.after(
        ActionCheckOrderEmail, text="@", email="", unproven_order="50001", pending="order_email"
    )
    assert outcome.said == ["utter_ask_order_email_again"]


async def test_the_orders_email_opens_it_in_any_case(world: World) -> None:
    email = BRUNOS_EMAIL.upper()
    outcome = await world.after(
        ActionCheckOrderEmail, text=email, email=email, unproven_order="50002"
    )
    assert outcome.said[0] == "utter_order_in_transit"
    assert outcome.slot("proven_orders") == ["50002"]
    assert outcome.slot("unproven_order") is None


async def test_a_proof_holds_for_its_order_alone(world: World) -> None:
    seen = await world.after(
        ActionTrackOrder, text="50002", order_number="50002", proven_orders=["50002"]
    )
    assert seen.said[0] == "utter_order_in_transit"
    other = await world.after(
        ActionTrackOrder, text="50002", order_number="50002", proven_orders=["50001"]
    )
    assert other.said == ["utter_ask_order_email"]


async def test_a_try_is_spent_before_anything_is_compared(world: World) -> None:
    world.desk_fails = 503
    outcome = await world.after(
        ActionCheckOrderEmail, text="x", email=BRUNOS_EMAIL, unproven_order="50002"
    )
    assert world.shop_calls == []
    assert outcome.failed == ["desk_unreachable"]
    assert outcome.said == []


async def test_without_tries_the_shop_is_not_asked(world: World) -> None:
    world.tries = 0
    outcome = await world.after(
        ActionCheckOrderEmail, text="x", email=BRUNOS_EMAIL, unproven_order="50002"
    )
    assert outcome.said == ["utter_handed_over_order_proof"]
    assert world.shop_calls == []
    assert world.handoffs() == [{"reason": "order_proof", "summary": "#50002", "priority": None}]


@pytest.mark.parametrize(
    ("tries", "said"),
    [
        (5, "utter_order_email_mismatch"),
        (2, "utter_order_email_mismatch_last"),
        (1, "utter_handed_over_order_proof"),
    ],
)
async def test_every_wrong_email_brings_the_end_nearer(world: World, tries: int, said: str) -> None:
    world.tries = tries
    outcome = await world.after(
        ActionCheckOrderEmail, text="x", email="x@example.com", unproven_order="50002"
    )
    assert outcome.said == [said]
    assert BRUNOS_EMAIL not in outcome.everything()


async def test_an_email_given_early_costs_a_try_too(world: World) -> None:
    outcome = await world.after(
        ActionUseOrderNumber, text="50002", order_number="50002", given_email="x@example.com"
    )
    assert outcome.said == ["utter_order_email_mismatch"]
    assert world.tries == 4


async def test_an_order_found_says_nothing_about_its_owner(world: World) -> None:
    outcome = await world.after(ActionTrackOrder, text="cadê?")
    for secret in ("ana@example.com", "98765", "Aurora", "Lima"):
        assert secret not in outcome.everything()


async def test_no_log_names_the_contact(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        await world.after(ActionTrackOrder, text="cadê?")
        world.shop_fails = 503
        await world.after(
            ActionCheckOrderEmail, text="x", email=BRUNOS_EMAIL, unproven_order="50002"
        )
    assert "no order system" in caplog.text
    for secret in ("98765", "Ana", BRUNOS_EMAIL):
        assert secret not in caplog.text


async def test_a_name_is_said_once_a_day(world: World) -> None:
    first = await world.after(ActionGreet, text="oi")
    again = await world.after(ActionGreet, text="oi", greeted=True)
    later = await world.after(ActionGreet, text="oi", named_on=first.slot("named_on"))
    tomorrow = await world.after(ActionGreet, text="oi", named_on="2026-01-31")
    assert first.messages[0]["first_name"] == tomorrow.messages[0]["first_name"] == "Ana"
    assert "Ana" not in again.everything() + later.everything()
