"""What the shop answers to everybody is answered with an article, and what none answers is kept."""

from typing import Any

import httpx2
import pytest

from actions.goods.goods import ActionCheckStock
from actions.guiding.fallback import ActionDeclineRequest, ActionDefaultFallback, ActionTakeNo
from actions.money.paying import ActionCheckPayment
from actions.money.refunds import ActionShowRefund
from actions.returns.returning import ActionReturnItem
from tests.actions.world import World

GIFTS = {
    "id": "gift-wrapping",
    "language": "pt",
    "title": "Embalagem para presente",
    "answer": "Sim, embrulhamos por R$ 9,90.",
    "url": "https://loja.example/knowledge/pt/presente",
    "sure": 0.9,
}
RANKING = [{"id": "gift-wrapping", "score": 0.6}, {"id": "pix", "score": -0.9}]


def thinks(general: float) -> dict[str, Any]:
    """What the bot's finder says of a message."""
    return {"general": general, "ranking": RANKING}


@pytest.fixture
def shop(world: World) -> World:
    """A world whose desk has an article about presents."""
    world.articles = {"presente": GIFTS, "gift": {**GIFTS, "language": "en"}}
    return world


@pytest.mark.parametrize("language", ["pt", "en"])
async def test_what_was_not_understood_is_answered_with_an_article(
    shop: World, language: str
) -> None:
    outcome = await shop.after(
        ActionDefaultFallback,
        text="presente / gift?",
        intent="nlu_fallback",
        articles=thinks(-0.2),
        language=language,
        failed_attempts=1.0,
    )
    assert outcome.said == ["utter_article"]
    assert outcome.messages[0]["answer"] == GIFTS["answer"]
    assert outcome.messages[0]["url"] == GIFTS["url"]
    assert outcome.slot("failed_attempts") == 0
    assert outcome.slot("pending") is None
    assert shop.questions == [
        {
            "text": "presente / gift?",
            "language": language,
            "keep": "always",
            "look": True,
            "ranking": RANKING,
        }
    ]


async def test_a_question_that_nothing_answers_is_kept_and_the_bot_goes_on(shop: World) -> None:
    outcome = await shop.after(
        ActionDefaultFallback, text="tem estacionamento?", articles=thinks(-0.5)
    )
    assert outcome.said == ["utter_not_understood"]
    assert [one["keep"] for one in shop.questions] == ["always"]


async def test_what_sounds_foreign_is_kept_only_if_it_comes_near(shop: World) -> None:
    outcome = await shop.after(
        ActionDeclineRequest, text="vai chover?", intent="out_of_scope", articles=thinks(-1.8)
    )
    assert outcome.said == ["utter_out_of_scope"]
    assert [(one["keep"], one["look"]) for one in shop.questions] == [("if_near", False)]


async def test_an_answer_to_an_open_question_is_no_question(shop: World) -> None:
    for pending in ("order_number", "order_email", "did_you_mean"):
        await shop.after(
            ActionDefaultFallback, text="não sei", pending=pending, articles=thinks(-1.5)
        )
    assert shop.questions == []


@pytest.mark.parametrize(
    ("action", "intent", "general", "is_answered"),
    [
        (ActionCheckStock, "product_availability", -0.3, True),
        (ActionCheckStock, "product_availability", -0.9, False),
        (ActionShowRefund, "refund_status", -0.3, False),
        (ActionShowRefund, "refund_status", 0.4, True),
        (ActionReturnItem, "return_item", -0.3, False),
    ],
)
async def test_an_intents_own_answer_comes_first_unless_an_article_is_surely_wanted(
    shop: World, action: Any, intent: str, general: float, is_answered: bool
) -> None:
    outcome = await shop.after(
        action, text="tem caixa de presente", intent=intent, articles=thinks(general)
    )
    assert ("utter_article" in outcome.said) == is_answered
    assert len(shop.questions) == is_answered
    assert all(one["keep"] == "never" for one in shop.questions)


@pytest.mark.parametrize(
    ("text", "is_answered"),
    [
        ("qual o prazo pra devolver um presente?", True),
        ("what is your gift return policy", True),
        ("quero devolver o presente", False),
    ],
)
async def test_who_asks_for_a_rule_is_told_it_and_who_wants_a_return_gets_one(
    shop: World, text: str, is_answered: bool
) -> None:
    outcome = await shop.after(
        ActionReturnItem, text=text, intent="return_item", articles=thinks(-0.6)
    )
    assert ("utter_article" in outcome.said) == is_answered


async def test_a_message_about_an_order_is_about_that_order(shop: World) -> None:
    outcome = await shop.after(
        ActionShowRefund,
        text="presente do pedido 50001",
        intent="refund_status",
        order_number="50001",
        articles=thinks(0.9),
    )
    assert "utter_article" not in outcome.said


async def test_a_question_about_ways_to_pay_is_answered_with_an_article(shop: World) -> None:
    shop.articles = {"parcela": GIFTS}
    outcome = await shop.after(
        ActionCheckPayment, text="parcela sem juros?", intent="payment_issue", articles=thinks(-0.4)
    )
    assert outcome.said == ["utter_article"]
    shop.articles = {}
    outcome = await shop.after(
        ActionCheckPayment, text="parcela sem juros?", intent="payment_issue", articles=thinks(-0.4)
    )
    assert outcome.said == ["utter_payment_methods"]


async def test_a_digression_is_answered_and_the_open_question_asked_again(shop: World) -> None:
    asked = await shop.after(
        ActionReturnItem, text="quero devolver", intent="return_item", articles=thinks(-2)
    )
    outcome = await shop.next(
        asked,
        action=ActionDeclineRequest,
        text="vocês embrulham pra presente?",
        intent="out_of_scope",
        articles=thinks(-0.1),
    )
    assert outcome.said[0] == "utter_article"


@pytest.mark.parametrize("fails", [500, 404, 401, httpx2.ReadTimeout("slow")])
async def test_without_a_desk_the_bot_goes_on_as_without_articles(shop: World, fails: Any) -> None:
    shop.desk_fails = fails
    outcome = await shop.after(
        ActionDefaultFallback, text="embrulham presente?", articles=thinks(0.5)
    )
    assert outcome.said == ["utter_not_understood"]
    assert outcome.failed == []
    assert shop.desk_asked == 1


async def test_a_model_without_a_finder_asks_no_desk_twice(shop: World) -> None:
    outcome = await shop.after(ActionDefaultFallback, text="embrulham presente?")
    assert outcome.said == ["utter_not_understood"]
    assert [one["look"] for one in shop.questions] == [False]


async def test_a_no_right_after_an_article_tells_that_it_did_not_help(shop: World) -> None:
    given = await shop.after(
        ActionDefaultFallback, text="embrulham presente?", articles=thinks(0.5), message_id="m1"
    )
    outcome = await shop.next(
        given, action=ActionTakeNo, text="/deny", intent="deny", message_id="m2", heard_before="m1"
    )
    assert outcome.said == ["utter_article_unhelpful"]
    assert outcome.slot("pending") == "talk_to_human"
    told = shop.questions[-1]
    assert (told["unhelpful"], told["look"], told["text"]) == (
        "gift-wrapping",
        False,
        "embrulham presente?",
    )


@pytest.mark.parametrize("before", ["m2", None])
async def test_a_no_later_on_is_about_nothing(shop: World, before: str | None) -> None:
    given = await shop.after(
        ActionDefaultFallback, text="embrulham presente?", articles=thinks(0.5), message_id="m1"
    )
    outcome = await shop.next(
        given, action=ActionTakeNo, text="não", intent="deny", message_id="m3", heard_before=before
    )
    assert outcome.said == ["utter_nothing_else"]


async def test_a_no_is_heard_without_a_desk(shop: World) -> None:
    given = await shop.after(
        ActionDefaultFallback, text="embrulham presente?", articles=thinks(0.5), message_id="m1"
    )
    shop.desk_fails = 503
    outcome = await shop.next(
        given, action=ActionTakeNo, text="não", intent="deny", message_id="m2", heard_before="m1"
    )
    assert outcome.said == ["utter_article_unhelpful"]
