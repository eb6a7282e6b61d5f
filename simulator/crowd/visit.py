"""One shopper's visit from the first message to the last, and what is to be said about it."""

import copy
import random
from collections.abc import Sequence

from simulator.crowd import claims, outcome
from simulator.crowd.acting import Act, Photo, Press
from simulator.crowd.fitting import Plan
from simulator.crowd.hearing import Said, said
from simulator.crowd.plain import plain
from simulator.crowd.shopper import Shopper
from simulator.crowd.talk import Line, Talk
from simulator.crowd.town import Town
from simulator.crowd.truth import Truth
from simulator.shop_catalogue import catalogue
from simulator.shop_shelf import now
from simulator.shop_till import SHOP_ZONE

_PATIENCE = 25.0  # seconds without any answer until somebody asks whether there is anybody


async def visit(town: Town, plan: Plan, shop: Truth, seed: int) -> Talk:
    """Let this shopper come, write and go."""
    truth = copy.deepcopy(shop)
    key = await town.welcome(plan)
    page = await town.sell(plan)
    await town.learn(truth, page)
    await town.learn_stock(truth, {plan.goods.product.sku})
    talk = Talk(plan, page)
    chance = random.Random(f"{seed}/{plan.nth}")  # noqa: S311 - no secret
    shopper = Shopper(plan, talk.order, chance)
    act: Act | None = shopper.opens()
    while act is not None:
        _note(talk, act)
        await town.do(key, act)
        news = [said(one) for one in await town.told(key, talk.messages, _PATIENCE)]
        await _look(town, talk, truth, news)
        act = shopper.answers(
            news, is_reached=outcome.is_reached(talk), is_with_people=talk.is_with_people
        )
    talk.gave_up = shopper.gave_up
    talk.wrong += outcome.wrong_effects(talk)
    return talk


async def _look(town: Town, talk: Talk, truth: Truth, news: Sequence[Said]) -> None:
    """Take in what was said, and see how the shop and the desk stand."""
    talk.messages += len(news)
    talk.heard += news
    talk.lines += [Line("desk", _shown(one)) for one in news]
    talk.conversation, talk.handoff = await town.conversation(talk.plan)
    if talk.order is not None:
        talk.after = await town.page(talk.order)
        await town.learn(truth, talk.after)
    await town.learn_stock(truth, _named(news))
    today = now().astimezone(SHOP_ZONE).date()
    written = "\n".join(talk.written)
    for one in news:
        about = talk.is_with_people
        heard = claims.Heard(one.text, talk.order, written, today, about_people=about)
        talk.wrong += claims.wrong(heard, truth)


def _note(talk: Talk, act: Act) -> None:
    text = (
        "[photo]" if isinstance(act, Photo)
        else f"[{act.choice.title}]" if isinstance(act, Press)
        else act.text
    )  # fmt: skip
    talk.turns += 1
    talk.written.append(text)
    talk.lines.append(Line("shopper", text))


def _shown(one: Said) -> str:
    what = "" if one.type in {"text", "interactive"} else f"[{one.type}] "
    choices = " ".join(f"[{choice.title}]" for choice in one.choices)
    return f"{what}{one.text} {choices}".strip()


def _named(news: Sequence[Said]) -> set[str]:
    """The products that are called by their whole name."""
    text = plain("\n".join(one.text for one in news))
    return {
        sku
        for sku, product in catalogue().products.items()
        if plain(product.pt) in text or plain(product.en) in text
    }
