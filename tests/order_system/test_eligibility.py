"""On which grounds something may go back: the law first, then what the shop allows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_system.eligibility import grounds
from order_system.model import OrderState
from order_system.policies import Exemption, Regret, ReturnPolicy, Window
from order_system.refusals import Advice, Why
from order_system.returns import Ground, best_ground
from order_system.vocabulary import Basis, Payer, ReturnKind, ReturnReason

MONDAY = date(2026, 11, 16)
POLICY = ReturnPolicy(
    regret={"BR": Regret("BR", 7, "CDC, art. 49")},
    windows={
        Basis.CHANGE_OF_MIND: Window(30),
        Basis.EXCHANGE: Window(30, shipping_paid_by=Payer.SHOP),
        Basis.DEFECT: Window(90, needs_photo=True, shipping_paid_by=Payer.SHOP),
    },
    exemptions=(
        Exemption(
            "hygiene",
            categories=frozenset({"socks"}),
            products=frozenset({"VS-1"}),
            days={Basis.CHANGE_OF_MIND: 0, Basis.EXCHANGE: 10},
            because={},
        ),
    ),
    conditions=(),
    post_within_days=10,
)


def _found(days_later: int, **facts: object) -> dict[Basis, Ground]:
    given_facts: dict[str, object] = {
        "state": OrderState.DELIVERED,
        "delivered_on": MONDAY,
        "today": MONDAY + timedelta(days=days_later),
        "country": "BR",
    }
    found = grounds(POLICY, **(given_facts | facts))  # type: ignore[arg-type]
    return {ground.basis: ground for ground in found}


@pytest.mark.parametrize(("days_later", "is_given"), [(0, True), (7, True), (8, False)])
def test_regret_ends_with_the_seventh_day_after_the_delivery(
    days_later: int, is_given: bool
) -> None:
    regret = _found(days_later)[Basis.REGRET]
    assert regret.is_given is is_given
    assert regret.until == date(2026, 11, 23)
    assert regret.shipping_paid_by is Payer.SHOP
    assert regret.refunds_delivery


def test_regret_comes_first_whatever_the_reason() -> None:
    found = tuple(_found(3).values())
    for reason in ReturnReason:
        ground = best_ground(found, ReturnKind.REFUND, reason)
        assert ground.basis is Basis.REGRET
        assert not ground.needs_photo


def test_after_a_week_the_shop_s_own_rules_speak() -> None:
    found = tuple(_found(8).values())
    assert best_ground(found, ReturnKind.REFUND).basis is Basis.CHANGE_OF_MIND
    broken = best_ground(found, ReturnKind.REFUND, ReturnReason.DEFECT)
    assert (broken.basis, broken.needs_photo) == (Basis.DEFECT, True)
    assert best_ground(found, ReturnKind.EXCHANGE).basis is Basis.EXCHANGE


def test_when_all_is_over_the_refusal_says_until_when_it_was() -> None:
    ground = best_ground(tuple(_found(31).values()), ReturnKind.REFUND)
    assert ground.refusal is not None
    assert ground.refusal.why is Why.WINDOW_OVER
    assert ground.refusal.advice is Advice.REPORT_DEFECT
    assert ground.refusal.facts == {"until": "2026-12-16"}


@pytest.mark.parametrize("facts", [{"category": "socks"}, {"product": "VS-1"}])
def test_exempt_goods_have_days_of_their_own_but_regret_holds(facts: dict[str, str]) -> None:
    early, late = _found(3, **facts), _found(11, **facts)
    assert early[Basis.REGRET].is_given
    never = early[Basis.CHANGE_OF_MIND].refusal
    assert never is not None
    assert never.why is Why.CATEGORY_EXCLUDED
    assert early[Basis.EXCHANGE].is_given
    assert not late[Basis.EXCHANGE].is_given
    assert late[Basis.DEFECT].is_given


def test_a_country_without_the_right_has_no_such_ground() -> None:
    assert Basis.REGRET not in _found(1, country="US")
    found = tuple(_found(1, country="US").values())
    assert best_ground(found, ReturnKind.REFUND).basis is Basis.CHANGE_OF_MIND


@pytest.mark.parametrize(
    ("state", "why", "advice"),
    [
        (OrderState.PAID, Why.NOT_DELIVERED_YET, Advice.CANCEL),
        (OrderState.IN_TRANSIT, Why.NOT_DELIVERED_YET, Advice.REFUSE_DELIVERY),
        (OrderState.CANCELLED, Why.ALREADY_CANCELLED, None),
        (OrderState.RETURNED, Why.ALREADY_RETURNED, None),
        (OrderState.DELIVERED, Why.NOT_DELIVERED_YET, Advice.TALK_TO_PERSON),
    ],
)
def test_what_did_not_arrive_does_not_go_back(
    state: OrderState, why: Why, advice: Advice | None
) -> None:
    for ground in _found(0, state=state, delivered_on=None).values():
        assert ground.refusal is not None
        assert (ground.refusal.why, ground.refusal.advice) == (why, advice)


def test_a_shop_without_rules_refuses_kindly() -> None:
    ground = best_ground((), ReturnKind.REFUND)
    assert ground.refusal is not None
    assert ground.refusal.why is Why.NOT_OFFERED


@given(
    later=st.integers(0, 200),
    kind=st.sampled_from(ReturnKind),
    reason=st.sampled_from(ReturnReason),
)
def test_a_ground_that_holds_is_never_passed_over(
    later: int, kind: ReturnKind, reason: ReturnReason
) -> None:
    """Whatever holds today holds on every earlier day: waiting never helps."""
    now = best_ground(tuple(_found(later).values()), kind, reason)
    before = best_ground(tuple(_found(max(later - 1, 0)).values()), kind, reason)
    assert before.is_given or not now.is_given
