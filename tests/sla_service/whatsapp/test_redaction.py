"""A delivery loses one contact's part, and nothing of anybody else's."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sla_service.whatsapp import payload, redaction

ANA, BIA = "5511987650001", "5521976540009"


def _body(*messages: dict[str, Any], statuses: list[dict[str, Any]] | None = None) -> bytes:
    contacts = [
        {"wa_id": number, "profile": {"name": name}}
        for number, name in ((ANA, "Ana"), (BIA, "Bia"))
    ]
    value = {
        "metadata": {"phone_number_id": "1"},
        "contacts": contacts,
        "messages": list(messages),
        "statuses": statuses or [],
    }
    change = {"field": "messages", "value": value}
    return json.dumps({"object": "x", "entry": [{"id": "9", "changes": [change]}]}).encode()


def _says(number: str, text: str, name: str) -> dict[str, Any]:
    return {"id": name, "from": number, "type": "text", "text": {"body": text}, "timestamp": "1"}


@given(who=st.lists(st.sampled_from([ANA, BIA]), min_size=1, max_size=8))
def test_the_others_keep_their_words_and_their_places(who: list[str]) -> None:
    body = _body(*(_says(number, f"palavra {at}", f"w{at}.") for at, number in enumerate(who)))
    rest, places = redaction.without(body, [ANA])
    assert places == [at for at, number in enumerate(who) if number == ANA]
    before, after = payload.split(body), payload.split(rest)
    assert len(after) == len(before)
    for at, number in enumerate(who):
        if number == BIA:
            assert after[at] == before[at]
        else:
            assert f"palavra {at}" not in str(after[at].content)
    assert ANA.encode() not in rest
    assert b"Ana" not in rest


def test_news_of_a_message_goes_with_whom_it_went_to() -> None:
    body = _body(statuses=[{"id": "w1", "status": "read", "recipient_id": ANA}])
    rest, places = redaction.without(body, [ANA])
    assert places == [0]
    assert ANA.encode() not in rest


def test_a_number_in_a_shape_that_nobody_expected_goes_too() -> None:
    envelope = {"entry": [{"changes": [{"field": "new", "value": {"odd": [f"call {ANA}"]}}]}]}
    rest, places = redaction.without(json.dumps(envelope).encode(), [ANA])
    assert places == [0]
    assert ANA.encode() not in rest


def test_what_can_not_be_read_goes_whole() -> None:
    assert redaction.without(b"{broken 5511987650001", [ANA]) == (b"", [])


def test_half_an_emoji_is_no_reason_to_lose_the_others() -> None:
    body = _body(_says(ANA, "oi", "w1"), _says(BIA, "tchau", "w2")).replace(b"tchau", b"\\ud83d")
    rest, places = redaction.without(body, [ANA])
    assert places == [0]
    assert payload.split(rest)[1].key == "m:w2"
