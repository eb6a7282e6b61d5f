"""On which grounds something may go back today: a policy applied to one line of an order."""

from dataclasses import replace
from datetime import date, timedelta

from order_system.model import OrderState
from order_system.policies import Regret, ReturnPolicy
from order_system.refusals import Advice, Refusal, Why
from order_system.returns import Ground
from order_system.vocabulary import Basis, Payer


def grounds(
    policy: ReturnPolicy,
    *,
    state: OrderState,
    delivered_on: date | None,
    today: date,
    country: str,
    category: str | None = None,
    product: str | None = None,
) -> tuple[Ground, ...]:
    """Every ground of the policy for this line, regret first; both days are the shop's.

    The day of delivery doesn't count: seven days after a Monday end with the Monday that follows.
    """
    early = _too_early(state, delivered_on)
    regret = policy.regret.get(country)
    found = [] if regret is None else [_regret(regret, delivered_on, today, early)]
    for basis, window in policy.windows.items():
        days, is_exempt = _days(policy, basis, window.days, category, product)
        ground = Ground(
            basis,
            needs_photo=window.needs_photo,
            shipping_paid_by=window.shipping_paid_by,
            refunds_delivery=window.refunds_delivery,
        )
        if is_exempt and days == 0:
            never = Refusal(Why.CATEGORY_EXCLUDED, Advice.REPORT_DEFECT)
            found.append(replace(ground, refusal=early or never))
        else:
            found.append(_ground(ground, days, delivered_on, today, early))
    return tuple(found)


def _regret(
    regret: Regret, delivered_on: date | None, today: date, early: Refusal | None
) -> Ground:
    ground = Ground(
        Basis.REGRET, shipping_paid_by=Payer.SHOP, refunds_delivery=True, law=regret.law
    )
    return _ground(ground, regret.days, delivered_on, today, early)


def _too_early(state: OrderState, delivered_on: date | None) -> Refusal | None:
    if state is OrderState.CANCELLED:
        return Refusal(Why.ALREADY_CANCELLED)
    if state is OrderState.RETURNED:
        return Refusal(Why.ALREADY_RETURNED)
    if state in {OrderState.AWAITING_PAYMENT, OrderState.PAID, OrderState.PREPARING}:
        return Refusal(Why.NOT_DELIVERED_YET, Advice.CANCEL)
    if state is not OrderState.DELIVERED:
        return Refusal(Why.NOT_DELIVERED_YET, Advice.REFUSE_DELIVERY)
    if delivered_on is None:
        return Refusal(Why.NOT_DELIVERED_YET, Advice.TALK_TO_PERSON)
    return None


def _days(
    policy: ReturnPolicy, basis: Basis, days: int, category: str | None, product: str | None
) -> tuple[int, bool]:
    for exemption in policy.exemptions:
        if exemption.covers(category, product) and basis in exemption.days:
            return exemption.days[basis], True
    return days, False


def _ground(
    ground: Ground, days: int, delivered_on: date | None, today: date, early: Refusal | None
) -> Ground:
    if early is not None or delivered_on is None:
        return replace(ground, refusal=early)
    until = delivered_on + timedelta(days=days)
    if today <= until:
        return replace(ground, until=until)
    over = Refusal(Why.WINDOW_OVER, _AFTER.get(ground.basis), facts={"until": until.isoformat()})
    return replace(ground, until=until, refusal=over)


_AFTER = {
    Basis.REGRET: Advice.RETURN,
    Basis.CHANGE_OF_MIND: Advice.REPORT_DEFECT,
    Basis.EXCHANGE: Advice.REPORT_DEFECT,
    Basis.DEFECT: Advice.TALK_TO_PERSON,
    Basis.WRONG_ITEM: Advice.TALK_TO_PERSON,
}
