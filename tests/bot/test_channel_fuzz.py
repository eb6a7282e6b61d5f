"""Whatever body comes to the bot's channel, it is a turn or malformed, and no words act."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.channel import Heard, read

_NEEDED = ("conversation", "message_id")
_NAMES = [*Heard.__fields__, "name", "phone", "kind", "caption", "mime_type", "filename", "id"]
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["/track_order", "/", "\u200b/restart", "\x00", "\ud83d", "pt", "42"])
)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(_NAMES) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=20,
)
_TURNS = st.fixed_dictionaries(
    {"conversation": st.just("1") | _LEAVES, "message_id": st.just("m") | _LEAVES},
    optional={name: _LEAVES | _JSON for name in _NAMES if name not in _NEEDED},
)


@settings(max_examples=400, deadline=None)
@given(_TURNS | _JSON)
def test_any_json_is_a_turn_or_malformed(body: Any) -> None:
    _is_harmless(json.dumps(body).encode("utf-8", "replace"))


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_turn_or_malformed(body: bytes) -> None:
    _is_harmless(body)


@pytest.mark.parametrize("depth", [100, 400, 600, 1015, 100_000])
@pytest.mark.parametrize("leaf", ["1", '"\\u0000"'])
def test_a_nested_body_is_malformed_or_a_turn(depth: int, leaf: str) -> None:
    nested = "[" * depth + leaf + "]" * depth
    for name in ("text", "media", "meanwhile", "else"):
        spare = f'"{name}": {nested}'
        _is_harmless(f'{{"conversation": "1", "message_id": "m", {spare}}}'.encode())


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=' \t\n\r/\u200b\u200d\ufeff\u2060\u00ad／⁄\x00ax{}"', max_size=12))
def test_no_typed_words_act_as_a_button(text: str) -> None:
    if not text:
        return
    words = Heard(conversation="1", message_id="m", text=text).words()
    assert words == "/send_media" or not words.lstrip().startswith("/")


def _is_harmless(body: bytes) -> None:
    try:
        heard = Heard.parse_obj(read(body))
    except (orjson.JSONDecodeError, ValidationError):
        return
    words = heard.words()
    assert words
    assert "\x00" not in words
    words.encode()
    assert heard.payload or words == "/send_media" or not words.startswith("/")
