"""Nothing that can be typed breaks the bot's understanding or makes it look for ever."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from rasa.core.agent import Agent
from rasa.shared.nlu.training_data.message import Message

from bench.nlu_adversarial import LENGTH, MESSAGES
from bot.components import value_patterns
from bot.components.tokenizer import NormalizingTokenizer
from bot.masking import covered
from tests.bot.server import Ask

MOST_TOKENS, MOST_ENTITIES = 2000, LENGTH // 5
Parse = Callable[[str], Awaitable[dict[str, Any]]]


@pytest_asyncio.fixture
async def parse(model: str) -> Parse:
    """The pipeline that ships, trained with the little shop."""
    return Agent.load(model).parse_message


def test_there_is_a_message_for_each_kind_of_trouble() -> None:
    assert len(MESSAGES) == len(set(MESSAGES.values()))
    assert max(map(len, MESSAGES.values())) >= LENGTH


@pytest.mark.parametrize("name", MESSAGES)
async def test_it_is_understood_or_not_but_never_breaks(name: str, parse: Parse) -> None:
    text = MESSAGES[name]
    parsed = await parse(text)
    assert set(parsed["intent"]) >= {"name", "confidence"}
    assert len(parsed["entities"]) <= MOST_ENTITIES
    for entity in parsed["entities"]:
        if "start" in entity and not text.startswith("/"):
            assert 0 <= entity["start"] < entity["end"] <= len(text)


@pytest.mark.parametrize("name", MESSAGES)
def test_what_is_covered_keeps_its_length(name: str) -> None:
    assert len(covered(MESSAGES[name])) == len(MESSAGES[name])


@pytest.mark.parametrize("name", MESSAGES)
async def test_no_more_than_its_beginning_is_cut_into_words(name: str) -> None:
    tokenizer = NormalizingTokenizer(NormalizingTokenizer.get_default_config())
    message = Message({"text": MESSAGES[name]})
    tokenizer.process([message])
    assert len(message.get("text_tokens")) <= MOST_TOKENS


@pytest.mark.parametrize(
    "name", ["zero width", "right to left", "controls", "emoji", "arabic", "prompt", "html"]
)
async def test_the_channel_answers_it(name: str, ask: Ask) -> None:
    answer = await ask(MESSAGES[name], conversation=f"hostile {name}")
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", value_patterns.KINDS, ids=lambda kind: kind.pattern.pattern[:30])
def test_no_pattern_repeats_a_repetition(kind: value_patterns.Kind) -> None:
    """`(a+)+` and the like take exponential time; a bounded repetition inside doesn't."""
    unbounded_inside = re.search(r"\([^()]*[^\\(][+*][^()]*\)[+*]", kind.pattern.pattern)
    assert unbounded_inside is None
