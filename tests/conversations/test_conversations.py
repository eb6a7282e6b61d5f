"""The conversations of the YAML files beside this one, one test each."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.actions.counter import a_payment, a_refund, an_invoice, money
from tests.actions.shelf import a_line, an_address, delivered
from tests.actions.world import World, an_order, brunos_order
from tests.conversations.runner import Bot, Reply, Shopper

HERE = Path(__file__).parent


def _conversations() -> list[Any]:
    return [
        pytest.param(conversation, id=f"{path.stem}: {conversation['conversation']}")
        for path in sorted(HERE.glob("*.yml"))
        for conversation in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("script", _conversations())
async def test_conversation(script: dict[str, Any], bot: Bot) -> None:
    world = World(orders=[_order(dict(order)) for order in script.get("orders", [])])
    world.tries = script.get("tries", world.tries)
    world.erasure = script.get("erasure", world.erasure)
    world.articles = {word: _article(text) for word, text in script.get("articles", {}).items()}
    world.shelf.returns = script.get("returns", [])
    world.shelf.rules = script.get("rules", {})
    world.shelf.sold_out = {tuple(one) for one in script.get("sold_out", [])}
    _fill(world, script)
    who = {"contact": script.get("contact"), "channel": script.get("channel", "desk")}
    shopper = bot.meet(world, **who, language=script.get("language"))
    for turn in script["turns"]:
        world.shop_fails = turn.get("shop_fails")
        world.desk_fails = turn.get("desk_fails")
        world.shelf.refuses = {
            kind: {"code": code, "facts": {}} for kind, code in turn.get("refuses", {}).items()
        }
        await shopper.waits(turn.get("hours_later", 0))
        replies = await _take(shopper, turn)
        _check(turn, replies)
        if "spoken" in turn:
            assert shopper.language == turn["spoken"], turn
        if "done" in turn:
            assert [kind for kind, _, _ in world.shelf.done] == turn["done"], turn
        if "sent" in turn:
            assert _is_part(turn["sent"], world.shelf.done[-1][2]), (turn, world.shelf.done)
        if "files" in turn:
            assert len(world.files) == turn["files"], turn
        asked = [path.rsplit("/", 1)[1] for _, path, _, _ in world.desk_calls]
        assert turn.get("asked") in {None, *asked}, (turn, asked)
        assert turn.get("never_asked") not in asked, (turn, asked)
        if "codes" in turn:
            assert len(world.counter.made) == turn["codes"], turn
        _check_questions(turn, world)
        if "summary" in turn:
            assert world.handoffs()[-1]["summary"] == turn["summary"], turn
        if "handoff" in turn:
            assert [h["reason"] for h in world.handoffs()] == [turn["handoff"]], turn
    if "handoff" not in script["turns"][-1]:
        assert world.handoffs() == []


def _check_questions(turn: dict[str, Any], world: World) -> None:
    """For how many messages an article was looked for, and which one didn't help."""
    if "looked_for" in turn:
        assert sum(one["look"] for one in world.questions) == turn["looked_for"], turn
    if "unhelpful" in turn:
        assert world.questions[-1].get("unhelpful") == turn["unhelpful"], turn


def _fill(world: World, script: dict[str, Any]) -> None:
    """What was paid, which invoices there are, and what is sold out."""
    for number, paid in script.get("money", {}).items():
        payments = [a_payment(f"p{n}", **one) for n, one in enumerate(paid["payments"], start=1)]
        refunds = [a_refund(**one) for one in paid.get("refunds", [])]
        world.counter.money |= money(str(number), *payments, refunds=refunds)
    for number in script.get("invoices", []):
        world.counter.invoices |= an_invoice(str(number))
    world.counter.sold_out = set(script.get("gone", []))


async def _take(shopper: Shopper, turn: dict[str, Any]) -> list[Reply]:
    if "presses" in turn:
        return await shopper.presses(turn["presses"])
    if "sends" in turn:
        media = [{"kind": turn["sends"], "id": "media-1"}]
        return await shopper.says("/send_media", media=media)
    return await shopper.says(turn["says"], unsure_between=turn.get("unsure_between"))


def _check(turn: dict[str, Any], replies: list[Reply]) -> None:
    said = [reply.response for reply in replies if reply.response]
    if "hears" in turn:
        assert said == turn["hears"], (turn, replies)
    text = "\n".join(
        [reply.text for reply in replies]
        + [button["title"] for reply in replies for button in reply.buttons]
        + [button.get("description", "") for reply in replies for button in reply.buttons]
    )
    for part in turn.get("reads", []):
        assert part in text, (turn, text)
    for part in turn.get("never_reads", []):
        assert part not in text, (turn, text)


def _article(text: str) -> dict[str, str]:
    """An article as the desk gives it."""
    return {"id": "an-article", "answer": text, "url": "https://loja.example/knowledge/x"}


def _order(row: dict[str, Any]) -> dict[str, Any]:
    number, state = str(row.pop("number")), row.pop("state")
    if "came" in row:
        row["parcel"] = delivered(row.pop("came"))
    if "lines" in row:
        row["items"] = [a_line(**line) for line in row.pop("lines")]
    if "goes_to" in row:
        row["address"] = an_address(**row.pop("goes_to"))
    if row.pop("of", "Ana") == "Bruno":
        return brunos_order(number, state)
    return an_order(number, state, **row)


def _is_part(wanted: dict[str, Any], whole: dict[str, Any]) -> bool:
    return all(whole.get(name) == value for name, value in wanted.items())
