"""How well messages are understood that nobody taught, counted over a set kept for measuring."""

from collections import Counter

import pytest
from rasa.shared.nlu.training_data.loading import load_data

from tests.conversations.runner import ROOT, Bot

# Both leave room for a changed example, and none for an intent that stopped working.
LEAST_RIGHT, LEAST_RIGHT_OF_AN_INTENT = 0.93, 0.6


@pytest.mark.parametrize("language", ["pt", "en"])
async def test_messages_are_understood(bot: Bot, language: str) -> None:
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    messages = load_data(str(ROOT / "tests" / "bot" / "nlu" / f"test.{language}.yml"))
    for message in messages.intent_examples:
        understood = await bot.agent.parse_message(message.get("text"))
        intent = message.get("intent")
        asked[intent] += 1
        right[intent] += understood["intent"]["name"] == intent
        expected = [entity["entity"] for entity in message.get("entities") or []]
        assert [entity["entity"] for entity in understood["entities"]] == expected, message
    weak = {
        i: f"{right[i]}/{n}" for i, n in asked.items() if right[i] / n < LEAST_RIGHT_OF_AN_INTENT
    }
    assert weak == {}
    assert sum(right.values()) / sum(asked.values()) >= LEAST_RIGHT
