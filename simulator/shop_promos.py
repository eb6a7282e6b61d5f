"""Promo codes of the demo shop: whether one works, and why not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from order_system.model import Money
from simulator.shop_policies import PromoRule, rules
from simulator.shop_refusing import Refused, refusal_answer
from simulator.shop_till import SHOP_ZONE, instant


class Promos:
    """The codes, their days counted from `opened_at`."""

    def __init__(self, opened_at: datetime) -> None:
        local = opened_at.astimezone(SHOP_ZONE)
        self._midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        self._by_code = {rule.code: rule for rule in rules().promos}

    def answer(
        self,
        code: str,
        at: datetime,
        *,
        amount: Money | None,
        country: str | None,
        categories: Sequence[str] = (),
        has_ordered: bool = False,
    ) -> dict[str, Any]:
        """The answer as `order_system/openapi.yaml` describes it."""
        rule = self._by_code.get(code.upper())
        no = None
        if rule is None:
            no = Refused("promo_unknown", "look_again")
        else:
            no = self._why_not(
                rule,
                at,
                amount,
                country=country,
                categories=categories,
                has_ordered=has_ordered,
            )
        discount = _discount(rule, amount) if rule is not None and no is None else None
        return {
            "code": code.upper(),
            "valid": no is None,
            "promo": self._promo(rule) if rule is not None else None,
            "refusal": refusal_answer(no) if no is not None else None,
            "discount": discount,
        }

    def running(self, at: datetime) -> dict[str, Any]:
        """The codes that can be used now, whoever asks."""
        usable = [
            rule
            for rule in self._by_code.values()
            if self._why_not(rule, at, None, country=None, categories=(), has_ordered=False) is None
        ]
        return {"promos": [self._promo(rule) for rule in usable]}

    def _why_not(
        self,
        rule: PromoRule,
        at: datetime,
        amount: Money | None,
        *,
        country: str | None,
        categories: Sequence[str],
        has_ordered: bool,
    ) -> Refused | None:
        starts_at, ends_at = self._days(rule)
        goods = ", ".join(rule.categories)
        is_elsewhere = (
            bool(rule.countries) and country is not None and country not in rule.countries
        )
        is_other = bool(rule.categories and categories) and not set(categories) & set(
            rule.categories
        )
        checks = (
            (
                starts_at is not None and at < starts_at,
                Refused("promo_not_yet", "wait", {"from": _day(starts_at)}),
            ),
            (
                ends_at is not None and at >= ends_at,
                Refused("promo_over", None, {"until": _day(ends_at, -1)}),
            ),
            (rule.uses_left == 0, Refused("promo_used_up")),
            (
                is_elsewhere,
                Refused("promo_not_in_country", None, {"countries": ", ".join(rule.countries)}),
            ),
            (rule.first_order_only and has_ordered, Refused("promo_first_order_only")),
            (is_other, Refused("promo_not_for_category", None, {"categories": goods})),
        )
        found = next((no for applies, no in checks if applies), None)
        return found or _too_little(rule, amount)

    def _days(self, rule: PromoRule) -> tuple[datetime | None, datetime | None]:
        starts_at = ends_at = None
        if rule.starts_in is not None:
            starts_at = self._midnight + timedelta(days=rule.starts_in)
        if rule.ends_in is not None:
            ends_at = self._midnight + timedelta(days=rule.ends_in + 1)
        return starts_at, ends_at

    def _promo(self, rule: PromoRule) -> dict[str, Any]:
        starts_at, ends_at = self._days(rule)
        return {
            "code": rule.code,
            "summary": rule.summary,
            "percent": rule.percent,
            "amount": rule.amount.model_dump() if rule.amount else None,
            "free_delivery": rule.free_delivery,
            "starts_at": instant(starts_at) if starts_at else None,
            "ends_at": instant(ends_at) if ends_at else None,
            "minimum": rule.minimum.model_dump() if rule.minimum else None,
            "categories": rule.categories,
            "countries": rule.countries,
            "first_order_only": rule.first_order_only,
        }


def _too_little(rule: PromoRule, amount: Money | None) -> Refused | None:
    if rule.minimum is None or amount is None:
        return None
    facts = {"minimum": rule.minimum.amount, "currency": rule.minimum.currency}
    if amount.currency != rule.minimum.currency:
        return Refused("promo_not_in_country", None, facts)
    if amount.amount < Decimal(rule.minimum.amount):
        return Refused("promo_below_minimum", None, facts)
    return None


def _discount(rule: PromoRule, amount: Money | None) -> dict[str, str] | None:
    if rule.free_delivery:
        currency = amount.currency if amount else None
        fee = next((one.fee for one in rules().delivery if one.fee.currency == currency), None)
        return fee.model_dump() if fee else None
    if rule.amount is not None:
        return rule.amount.model_dump()
    if amount is None or rule.percent is None:
        return None
    off = (amount.amount * Decimal(rule.percent) / 100).quantize(Decimal("0.01"))
    return {"amount": f"{off:.2f}", "currency": amount.currency}


def _day(at: datetime | None, later: int = 0) -> str:
    if at is None:
        return ""
    return (at.astimezone(SHOP_ZONE).date() + timedelta(days=later)).isoformat()
