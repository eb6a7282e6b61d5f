"""A button knows which question it stands under, as long as that is the same."""

from typing import Any

import pytest

from bot import asked

CANCEL: dict[str, Any] = {
    "pending": "flow",
    "flow": {"name": "cancel", "order": "50001", "told": {"a": 1}},
}


@pytest.mark.parametrize("payload", ["/affirm", "/deny", '/menu_choice{"choice": "m"}'])
def test_an_answer_goes_out_with_its_question(payload: str) -> None:
    question = asked.question(CANCEL)
    button = asked.under(question, {"title": "Sim", "payload": payload})
    assert str(question) in button["payload"]
    assert payload.rstrip("}") in button["payload"]


@pytest.mark.parametrize("payload", ["/talk_to_human", '/track_order{"order_number": "50001"}'])
def test_what_says_all_it_means_stays_as_it_is(payload: str) -> None:
    button = {"title": "Sim", "payload": payload}
    assert asked.under(asked.question(CANCEL), button) == button


@pytest.mark.parametrize(
    ("slots", "is_late"),
    [
        (CANCEL, False),
        ({"pending": "flow", "flow": {**CANCEL["flow"], "told": {"a": 2}}}, False),
        ({"pending": "flow", "flow": {**CANCEL["flow"], "order": "50002"}}, True),
        ({"pending": "talk_to_human", "flow": None}, True),
        ({"pending": None, "flow": None}, True),
    ],
)
def test_it_is_late_when_another_question_is_open_or_none(
    slots: dict[str, Any], is_late: bool
) -> None:
    assert asked.is_late(asked.question(CANCEL), slots) is is_late


def test_a_button_from_before_questions_had_names_is_never_late() -> None:
    assert not asked.is_late(None, CANCEL)
    assert asked.question({"pending": None, "flow": None}) is None
