"""In the middle of a return: another order, another matter, a picture early, second thoughts."""

import pytest
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.guiding.fallback import ActionDefaultFallback
from actions.guiding.media import ActionReceiveMedia
from actions.guiding.opinion import ActionHearOpinion
from actions.returns.returning import ActionExchangeItem, ActionReturnItem
from actions.talk import flows
from actions.talk.people import forget_questions
from actions.talk.turn import Turn
from actions.tracking.order_number import ActionUseOrderNumber
from actions.tracking.track_order import ActionTrackOrder
from tests.actions.shelf import a_line
from tests.actions.world import World, a_tracker, came


async def test_the_other_order_is_taken_when_it_is_named_or_meant(world: World) -> None:
    world.orders = [came("50001"), came("50003")]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    assert asked.said == ["utter_choose_order"]
    first = await world.next(
        asked,
        action=ActionUseOrderNumber,
        text="50003",
        intent="inform_order_number",
        order_number="50003",
    )
    assert first.messages[-1]["order_number"] == "50003"
    other = await world.next(first, text="não, o outro pedido", intent="deny")
    assert other.messages[-1]["order_number"] == "50001"
    named = await world.next(
        other, text="na verdade o 50003", intent="inform_order_number", order_number="50003"
    )
    assert named.messages[-1]["order_number"] == "50003"


async def test_somebody_elses_order_goes_back_only_with_its_email(world: World) -> None:
    world.orders = [*world.orders, came("50003")]
    asked = await world.after(
        ActionReturnItem, text="devolver o 50002", intent="return_item", order_number="50002"
    )
    assert asked.said == ["utter_ask_order_email"]
    assert "Aurora" not in asked.everything()


async def test_a_digression_is_answered_and_the_question_asked_again(world: World) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    again = await world.next(asked, action=ActionTrackOrder, text="cadê?", intent="track_order")
    assert again.said == ["utter_order_delivered_on", "utter_return_again_reason"]
    assert len(again.messages[-1]["buttons"]) == 7
    assert again.slot("pending") == "flow"


async def test_what_is_dropped_is_dropped(world: World) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    for text in ("deixa pra lá", "vou ficar com ele", "never mind"):
        left = await world.next(asked, text=text, intent="deny")
        assert left.said == ["utter_flow_dropped"]
        assert left.slot("flow") is None
    anew = await world.next(asked, text="começar de novo", intent="menu_choice")
    assert anew.said == ["utter_menu"]


async def test_a_picture_before_its_time_is_kept(world: World) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    kept = await world.next(
        asked,
        action=ActionReceiveMedia,
        intent="send_media",
        media=[{"kind": "image", "id": "media-7"}],
    )
    assert kept.said == ["utter_return_photo_kept", "utter_return_again_reason"]
    ready = await world.next(kept, text="veio com defeito", intent="complaint")
    assert ready.said[-1] == "utter_return_confirm"


async def test_the_third_answer_that_is_none_calls_a_person_with_what_is_known(
    world: World,
) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    said = []
    for _ in range(3):
        asked = await world.next(
            asked, action=ActionDefaultFallback, text="xyz", intent="nlu_fallback"
        )
        said += asked.said
    assert said == [*["utter_return_again_reason"] * 2, "utter_handed_over_failed_attempts"]
    assert world.handoffs()[0]["summary"] == "#50001 · Tênis Aurora (38, preto)"


@pytest.mark.parametrize("fails", [500, 401])
async def test_a_shop_that_is_down_is_told_honestly(world: World, fails: int) -> None:
    world.orders = [came()]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    world.shop_fails = fails
    told = await world.next(asked, text="sim", intent="affirm")
    assert told.said == ["utter_handed_over_order_system_down"]
    assert world.handoffs()[0]["summary"] == "#50001 · Tênis Aurora (38, preto)"
    assert told.slot("flow") is None


async def test_a_label_that_isnt_there_yet_hides_no_return(world: World) -> None:
    world.orders = [came()]
    world.shelf.has_label = False
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    done = await world.next(asked, text="sim", intent="affirm")
    assert done.said[0] == "utter_return_opened"
    assert done.said[-1] == "utter_return_label_later"


async def test_what_a_person_of_the_shop_must_see_first_has_no_label(world: World) -> None:
    world.orders = [came()]
    world.shelf.by_hand = True
    asked = await world.after(ActionReturnItem, text="I want to return it", language="en")
    done = await world.next(asked, text="yes", intent="affirm", language="en")
    assert done.said[:3] == ["utter_return_opened", "utter_return_by_hand", "utter_return_after"]
    assert "R$ 1,299.90" in done.everything()
    assert world.files == []


async def test_a_question_about_sizes_in_the_middle_is_about_the_piece(world: World) -> None:
    world.orders = [came()]
    world.shelf.sold_out = {(size, "branco") for size in ("37", "38", "39")}
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    told = await world.next(asked, text="quais tamanhos tem?", intent="product_availability")
    assert told.said == ["utter_exchange_in_stock", "utter_return_again_confirm"]
    assert told.messages[0]["variants"] == "preto: 37, 38, 39, 40; branco: 40"


@pytest.mark.parametrize("text", ["isso tem custo?", "do i have to pay postage?"])
async def test_what_it_costs_is_answered_in_the_middle(world: World, text: str) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    told = await world.next(asked, text=text, intent="product_availability")
    assert told.said == ["utter_return_paid", "utter_return_again_reason"]
    assert told.slot("pending") == "flow"


@pytest.mark.parametrize(
    ("text", "intent", "entities"),
    [("40", "rate", []), ("G", "greet", [{"entity": "size", "value": "40"}])],
)
async def test_a_size_is_the_answer_whatever_it_looks_like(
    world: World, text: str, intent: str, entities: list[dict[str, str]]
) -> None:
    world.orders = [came()]
    asked = await world.after(ActionExchangeItem, text="quero trocar", intent="exchange_item")
    assert asked.said == ["utter_exchange_ask_variant"]
    told = await world.next(
        asked, action=ActionHearOpinion, text=text, intent=intent, entities=entities
    )
    assert told.said[-1] == "utter_exchange_confirm"


async def test_an_opinion_that_nobody_asked_for_is_offered_to_people(world: World) -> None:
    outcome = await world.after(ActionHearOpinion, text="nota 10 pra vocês", intent="rate")
    assert outcome.said == ["utter_rate"]
    assert outcome.slot("pending") == "talk_to_human"


def test_a_short_matter_in_the_middle_lays_the_return_aside() -> None:
    back = {"name": "cancel", "order": "50001", "told": {"order_number": "50001"}}
    turn = Turn(CollectingDispatcher(), a_tracker(flow=back, pending="flow"))
    short = [SlotSet("flow", {"name": "promo"}), SlotSet("pending", "flow")]
    (kept,) = flows.laid_aside(turn, short)
    assert kept["value"] == {"name": "promo", "after": back}
    turn = Turn(CollectingDispatcher(), a_tracker(flow=kept["value"], pending="flow"))
    assert turn.told == {"order_number": "50001"}
    resumed = flows.laid_aside(turn, forget_questions())
    assert [event["value"] for event in resumed] == [back, "flow"]
    assert turn.dispatcher.messages[0]["response"] == "utter_cancel_again"


def test_nothing_is_resumed_once_people_have_it() -> None:
    flow = {"name": "promo", "after": {"name": "cancel", "order": "50001"}}
    turn = Turn(CollectingDispatcher(), a_tracker(flow=flow, pending="flow"))
    turn.say("utter_handed_over_wish")
    assert flows.laid_aside(turn, forget_questions()) == []


async def test_an_order_is_chosen_by_what_was_bought(world: World) -> None:
    world.orders = [came("50001"), came("50003", items=[a_line("i1", "Bota Serra")])]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    assert asked.said == ["utter_choose_order"]
    ready = await world.next(
        asked, action=ActionDefaultFallback, text="o da bota", intent="nlu_fallback"
    )
    assert ready.messages[-1]["order_number"] == "50003"


def test_a_matter_that_ends_at_once_leaves_the_return_open() -> None:
    back = {"name": "cancel", "order": "50001"}
    turn = Turn(CollectingDispatcher(), a_tracker(flow=back, pending="flow", intent="promo_code"))
    resumed = flows.laid_aside(turn, forget_questions())
    assert [event["value"] for event in resumed] == [back, "flow"]
    assert flows.laid_aside(turn, forget_questions(), is_digression=False) == []
    turn = Turn(CollectingDispatcher(), a_tracker(flow=back, pending="flow", intent="return_item"))
    assert flows.laid_aside(turn, forget_questions()) == []


async def test_the_photo_is_asked_for_again_when_only_words_come(world: World) -> None:
    world.orders = [came(days_ago=20)]
    asked = await world.after(
        ActionReturnItem, text="veio rasgado, quero devolver", intent="return_item"
    )
    again = await world.next(asked, text="rasgou na costura", intent="complaint")
    assert again.said == ["utter_return_again_photo"]


async def test_the_first_words_choose_the_order_by_what_was_bought(world: World) -> None:
    world.orders = [came("50001"), came("50003", items=[a_line("i1", "Bota Serra")])]
    ready = await world.after(ActionReturnItem, text="quero devolver a bota", intent="return_item")
    assert ready.messages[-1]["order_number"] == "50003"


async def test_a_reason_before_its_time_is_kept(world: World) -> None:
    lines = [a_line("i1"), a_line("i2", "Bota Serra")]
    world.orders = [came(days_ago=20, items=lines)]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    again = await world.next(asked, text="não gostei", intent="sizing_help")
    assert again.said == ["utter_return_again_item"]
    ready = await world.next(again, text="a bota", intent="product_availability")
    assert ready.said[-1] == "utter_return_confirm"
    await world.next(ready, text="sim", intent="affirm")
    assert world.shelf.done[0][2]["reason"] == "changed_mind"


async def test_the_item_that_chose_the_order_is_the_one(world: World) -> None:
    lines = [a_line("i1"), a_line("i2", "Bota Serra")]
    world.orders = [came("50001"), came("50003", items=lines)]
    asked = await world.after(ActionReturnItem, text="quero devolver", intent="return_item")
    ready = await world.next(
        asked, action=ActionDefaultFallback, text="a bota", intent="nlu_fallback"
    )
    assert ready.messages[-1]["items"] == "Bota Serra (38, preto)"
