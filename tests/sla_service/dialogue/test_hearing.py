"""What the bot hears of what waits."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla_service.dialogue.hearing import Waiting, next_turn
from sla_service.whatsapp.values import MessageKind

_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def _waiting(number: int, text: str = "oi", payload: str | None = None) -> Waiting:
    kind = MessageKind.TEXT if payload is None else MessageKind.CHOICE
    at = _AT + timedelta(seconds=number)
    return Waiting(number, f"wamid.{number}", kind, text, payload, None, at)


def test_nothing_waits_nothing_is_heard() -> None:
    assert next_turn([]) is None


def test_our_button_is_heard_by_its_payload_and_a_templates_by_its_words() -> None:
    ours = next_turn([_waiting(1, "Sim", "/affirm")])
    assert ours is not None
    assert ours.payload == "/affirm"
    theirs = next_turn([_waiting(1, "Quero trocar", "RET:1043")])
    assert theirs is not None
    assert (theirs.payload, theirs.text) == (None, "Quero trocar")


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_turn_after_turn_everything_is_heard_once_and_in_order(buttons: list[bool]) -> None:
    waiting = [_waiting(n, payload="/x" if button else None) for n, button in enumerate(buttons)]
    heard: list[int] = []
    while waiting:
        turn = next_turn(waiting)
        assert turn is not None
        heard += turn.message_ids
        waiting = [message for message in waiting if message.id not in turn.message_ids]
        assert turn.payload is None or len(turn.message_ids) == 1
    assert heard == list(range(len(buttons)))
