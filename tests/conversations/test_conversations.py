"""The conversations of the YAML files beside this one, one test each."""

from pathlib import Path
from typing import Any

import pytest
import yaml

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
    who = {"contact": script.get("contact"), "channel": script.get("channel", "desk")}
    shopper = bot.meet(world, **who, language=script.get("language"))
    for turn in script["turns"]:
        world.shop_fails = turn.get("shop_fails")
        world.desk_fails = turn.get("desk_fails")
        replies = await _take(shopper, turn)
        _check(turn, replies)
        if "spoken" in turn:
            assert shopper.language == turn["spoken"], turn
        if "handoff" in turn:
            assert [h["reason"] for h in world.handoffs()] == [turn["handoff"]], turn
    if "handoff" not in script["turns"][-1]:
        assert world.handoffs() == []


async def _take(shopper: Shopper, turn: dict[str, Any]) -> list[Reply]:
    if "presses" in turn:
        return await shopper.presses(turn["presses"])
    if "sends" in turn:
        return await shopper.says("/send_media", media=[{"kind": turn["sends"]}])
    return await shopper.says(turn["says"], unsure_between=turn.get("unsure_between"))


def _check(turn: dict[str, Any], replies: list[Reply]) -> None:
    said = [reply.response for reply in replies if reply.response]
    if "hears" in turn:
        assert said == turn["hears"], (turn, replies)
    text = "\n".join(
        [reply.text for reply in replies]
        + [button["title"] for reply in replies for button in reply.buttons]
    )
    for part in turn.get("reads", []):
        assert part in text, (turn, text)
    for part in turn.get("never_reads", []):
        assert part not in text, (turn, text)


def _order(row: dict[str, Any]) -> dict[str, Any]:
    number, state = str(row.pop("number")), row.pop("state")
    if row.pop("of", "Ana") == "Bruno":
        return brunos_order(number, state)
    return an_order(number, state, **row)
