"""A delivery is taken apart whole: every entry, change, message and status."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_service.whatsapp import payload, reading
from sla_service.whatsapp.payload import UpdateKind, split
from sla_service.whatsapp.values import MessageKind
from tests.sla_service.whatsapp import samples

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_nothing_in_a_batch_is_left_out() -> None:
    delivery = samples.envelope(
        samples.change(contacts=[samples.CONTACT], messages=samples.EVERY_TYPE),
        samples.change(statuses=[samples.status("wamid.OUT1", name) for name in ("sent", "read")]),
        samples.change(errors=[{"code": 130429}]),
        {"field": "account_alerts", "value": {"alert": "something"}},
    )
    updates = split(json.dumps(delivery).encode())
    kinds = [update.kind for update in updates]
    assert kinds.count(UpdateKind.MESSAGE) == len(samples.EVERY_TYPE)
    assert kinds.count(UpdateKind.STATUS) == 2
    assert kinds.count(UpdateKind.OTHER) == 2
    assert len({update.key for update in updates}) == len(updates)


def test_a_message_finds_its_contact_by_identity_and_not_by_place() -> None:
    other = {"profile": {"name": "Outra"}, "wa_id": "5511900000000", "user_id": "BR.1"}
    delivery = samples.envelope(
        samples.change(
            contacts=[other, samples.CONTACT], messages=[samples.message("text", 1, text={})]
        )
    )
    (update,) = split(json.dumps(delivery).encode())
    assert reading.message(update.content).sender.name == "Marina Duarte"


def test_a_contact_without_a_number_is_known_by_user_id_alone() -> None:
    message = {"from_user_id": "GB.77", "id": "wamid.1", "timestamp": "1795435200", "type": "text"}
    contact = {"profile": {"name": "Priya", "username": "priya.n"}, "user_id": "GB.77"}
    delivery = samples.envelope(samples.change(contacts=[contact], messages=[message]))
    (update,) = split(json.dumps(delivery).encode())
    sender = reading.message(update.content).sender
    assert (sender.wa_id, sender.bsuid, sender.username) == (None, "GB.77", "priya.n")
    assert update.lane == "700100200300:GB.77"


@pytest.mark.parametrize("raw", samples.EVERY_TYPE, ids=lambda raw: raw["id"])
def test_every_type_is_read(raw: dict[str, Any]) -> None:
    delivery = samples.envelope(samples.change(contacts=[samples.CONTACT], messages=[raw]))
    (update,) = split(json.dumps(delivery).encode())
    message = reading.message(update.content)
    assert message.wamid == raw["id"]
    assert message.sender.wa_id == "5511987650001"


def test_types_become_neutral_values() -> None:
    read = {raw["id"]: _read(raw) for raw in samples.EVERY_TYPE}
    image = read["wamid.image.2"]
    assert (image.kind, image.text) == (MessageKind.IMAGE, "chegou rasgado")
    assert image.media is not None
    assert image.media.id == "3300112233"
    voice = read["wamid.audio.5"].media
    assert voice is not None
    assert voice.voice
    assert read["wamid.button.9"].payload == "RET:1043"
    choices = [one for one in read.values() if one.kind is MessageKind.CHOICE]
    assert {one.payload for one in choices} == {"RET:1043", "opt:track", "ord:1043"}
    form = next(one for one in read.values() if one.kind is MessageKind.FORM)
    assert form.details["answers"] == {"new_size": "39"}
    assert read["wamid.reaction.12"].text == "👍"
    assert read["wamid.reaction.13"].text == ""
    assert read["wamid.edit.18"].target == "wamid.text.1"
    assert read["wamid.edit.18"].text == "tênis 38, desculpe"
    broken = read["wamid.image.17"]
    assert broken.media is None
    assert broken.details["errors"][0]["code"] == 131052
    assert read["wamid.hologram.21"].kind is MessageKind.UNKNOWN
    assert read["wamid.text.20"].details["referral"]["source_type"] == "ad"
    assert read["wamid.text.22"].group == "G1"


def test_a_changed_number_and_a_changed_user_id_are_told_in_both_forms() -> None:
    system = next(raw for raw in samples.EVERY_TYPE if raw["type"] == "system")
    told = reading.identity_change(_update(system).content)
    assert told is not None
    assert (told.old.wa_id, told.new.wa_id) == ("5511987650001", "5511977770002")
    change = samples.change(
        "user_id_update",
        user_id_update=[
            {"wa_id": "5511987650001", "user_id": {"previous": "BR.1", "current": "BR.2"}}
        ],
    )
    (update,) = split(json.dumps(samples.envelope(change)).encode())
    assert update.kind is UpdateKind.IDENTITY
    told = reading.identity_change(update.content)
    assert told is not None
    assert (told.old.bsuid, told.new.bsuid) == ("BR.1", "BR.2")


def test_half_an_emoji_and_a_nul_character_spoil_nothing() -> None:
    body = json.dumps(samples.envelope(samples.change(messages=[{"id": "x"}]))).encode()
    for odd in (rb"\ud83d", rb"\u0000"):
        (update,) = split(body.replace(b'"x"', b'"wamid' + odd + b'"'))
        assert update.key.startswith("m:wamid")
        assert "\x00" not in update.key
        update.key.encode()


@pytest.mark.parametrize("body", [b"", b"oi", b"[]", b"{}", b'{"entry": 1}', b"[" * 5000, b"\xff"])
def test_what_is_no_envelope_is_told_apart(body: bytes) -> None:
    with pytest.raises(payload.UnreadableBody):
        split(body)


@given(_JSON)
def test_any_json_inside_an_envelope_is_kept(element: Any) -> None:
    for changes in ([element], [samples.change(messages=[element], statuses=[element])]):
        envelope = {"entry": [{"id": "1", "changes": changes}, element]}
        body = json.dumps(envelope).encode()
        updates = split(body)
        assert updates
        assert [one.key for one in updates] == [one.key for one in split(body)]


def _update(raw: dict[str, Any]) -> payload.Update:
    delivery = samples.envelope(samples.change(contacts=[samples.CONTACT], messages=[raw]))
    (update,) = split(json.dumps(delivery).encode())
    return update


def _read(raw: dict[str, Any]) -> Any:
    return reading.message(_update(raw).content)
