"""An order is cancelled after a yes; once it has left, what can be done is said."""

from typing import Any

import pytest

from actions.changes.cancelling import ActionCancelOrder
from actions.guiding.menu import ActionChooseOption
from tests.actions.shelf import a_line, delivered
from tests.actions.world import World, an_order

TOTAL = {"amount": "1299.9", "currency": "BRL"}
YES = {"allowed": True, "refusal": None, "until": None}


def no(code: str, advice: str | None = None) -> dict[str, Any]:
    """The shop's no to a cancellation."""
    refusal = {"code": code, "advice": advice, "facts": {}}
    return {"allowed": False, "refusal": refusal, "until": None}


def paid(**changes: Any) -> dict[str, Any]:
    """A paid order of Ana's."""
    changes = {"may_cancel": YES, "total": TOTAL, "version": "v1", **changes}
    return an_order("50001", changes.pop("state", "paid"), is_shipped=False, **changes)


async def test_an_order_is_cancelled_after_a_yes(world: World) -> None:
    world.orders = [paid()]
    refund = {"ref": "f1", "payment": "p1", "method": "pix", "state": "requested"}
    world.shelf.refunds = [
        {**refund, "amount": TOTAL, "requested_at": "2026-03-10T12:00:00Z", "expected_by": None}
    ]
    asked = await world.after(ActionCancelOrder, text="quero cancelar", intent="cancel_order")
    assert asked.said == ["utter_cancel_confirm_total"]
    assert asked.messages[0]["total"] == "R$ 1.299,90"
    assert world.shelf.done == []
    done = await world.next(asked, text="sim", intent="affirm", message_id="wamid.2")
    assert done.said == ["utter_cancel_done", "utter_cancel_amount_back"]
    assert [(kind, key) for kind, key, _ in world.shelf.done] == [
        ("cancellation", "wamid.2:cancel")
    ]
    assert done.slot("flow") is None


@pytest.mark.parametrize("text", ["sim, pode cancelar", "pode", "yes, cancel it"])
async def test_a_yes_that_repeats_the_wish_is_a_yes(world: World, text: str) -> None:
    world.orders = [paid()]
    asked = await world.after(ActionCancelOrder, text="quero cancelar", intent="cancel_order")
    done = await world.next(asked, action=ActionCancelOrder, text=text, intent="cancel_order")
    assert done.said[0] == "utter_cancel_done"


async def test_who_repeats_the_wish_is_asked_again_and_nothing_is_done(world: World) -> None:
    world.orders = [paid()]
    asked = await world.after(ActionCancelOrder, text="quero cancelar", intent="cancel_order")
    again = await world.next(
        asked, action=ActionCancelOrder, text="quero cancelar", intent="cancel_order"
    )
    assert again.said == ["utter_cancel_confirm_total"]
    assert world.shelf.done == []


async def test_a_no_leaves_the_order(world: World) -> None:
    world.orders = [paid()]
    asked = await world.after(ActionCancelOrder, text="quero cancelar", intent="cancel_order")
    left = await world.next(asked, text="não", intent="deny")
    assert left.said == ["utter_cancel_left"]
    assert world.shelf.done == []


async def test_what_wasnt_paid_costs_nothing(world: World) -> None:
    world.orders = [paid(state="awaiting_payment", total=None)]
    asked = await world.after(ActionCancelOrder, text="cancelar", intent="cancel_order")
    assert asked.said == ["utter_cancel_confirm"]
    done = await world.next(asked, text="sim", intent="affirm")
    assert done.said == ["utter_cancel_done", "utter_cancel_nothing_paid"]


@pytest.mark.parametrize(
    ("refusal", "said", "pending"),
    [
        (
            ("already_shipped", "refuse_delivery"),
            ["utter_refused_already_shipped", "utter_shop_sentence"],
            None,
        ),
        (
            ("already_delivered", "return"),
            ["utter_refused_already_delivered", "utter_advice_return"],
            "flow",
        ),
        (("already_cancelled", None), ["utter_refused_already_cancelled"], None),
        (("being_packed", None), ["utter_refused_being_packed", "utter_advice_person"], "flow"),
        (("on_the_moon", None), ["utter_handed_over_needs_people"], None),
    ],
)
async def test_a_refusal_is_explained_with_what_can_be_done(
    world: World, refusal: tuple[str, str | None], said: list[str], pending: str | None
) -> None:
    world.orders = [paid(may_cancel=no(*refusal))]
    told = await world.after(ActionCancelOrder, text="cancelar", intent="cancel_order")
    assert told.said == said
    assert told.slot("pending") == pending


async def test_a_yes_to_a_return_instead_is_heard_as_the_wish_for_one(world: World) -> None:
    world.orders = [
        an_order(
            "50001",
            "delivered",
            parcel=delivered(2),
            items=[a_line()],
            may_cancel=no("already_delivered", "return"),
        )
    ]
    told = await world.after(
        ActionCancelOrder, text="cancela o 50001", intent="cancel_order", order_number="50001"
    )
    done = await world.next(told, text="sim", intent="affirm")
    heard = done.events[-1]
    assert heard["event"] == "user"
    assert heard["parse_data"]["intent"]["name"] == "return_item"
    assert heard["parse_data"]["entities"] == [{"entity": "order_number", "value": "50001"}]


async def test_an_order_that_changed_is_shown_anew_before_anything_is_done(world: World) -> None:
    world.orders = [paid()]
    asked = await world.after(ActionCancelOrder, text="cancelar", intent="cancel_order")
    world.shelf.refuses = {"cancellation": {"code": "changed_meanwhile", "facts": {}}}
    again = await world.next(asked, text="sim", intent="affirm")
    assert again.said == ["utter_changed_meanwhile", "utter_cancel_confirm_total"]


async def test_a_shop_that_is_down_at_the_yes_is_told_honestly(world: World) -> None:
    world.orders = [paid()]
    asked = await world.after(ActionCancelOrder, text="cancelar", intent="cancel_order")
    world.shop_fails = 503
    told = await world.next(asked, text="sim", intent="affirm")
    assert told.said == ["utter_handed_over_order_system_down"]
    assert world.handoffs()[0]["summary"] == "#50001"


async def test_a_number_is_no_yes(world: World) -> None:
    world.orders = [paid()]
    asked = await world.after(ActionCancelOrder, text="cancelar", intent="cancel_order")
    again = await world.next(asked, action=ActionChooseOption, text="7", intent="menu_choice")
    assert again.said == ["utter_cancel_again"]
    assert world.shelf.done == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ok, e quando chega", "order_status"),
        ("pode me dizer quanto custa?", "nlu_fallback"),
        ("sim, mas só depois", "affirm"),
        ("pode não", "nlu_fallback"),
    ],
)
async def test_what_only_begins_like_a_yes_is_none(world: World, text: str, intent: str) -> None:
    world.orders = [paid()]
    asked = await world.after(ActionCancelOrder, text="quero cancelar", intent="cancel_order")
    await world.next(asked, text=text, intent=intent)
    assert world.shelf.done == []
