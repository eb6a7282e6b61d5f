"""Any process may be killed at any time: nothing is lost, and everything is answered once."""

from tests.e2e.desk import Desk, until
from tests.e2e.shopper import Said, Shopper
from tests.e2e.wording import first_response, response

GREETED = first_response("utter_greet_by_name", "pt", first_name="Ana")


def test_what_comes_while_the_bot_is_down_is_answered_once_and_in_order(desk: Desk) -> None:
    ana = desk.meet()
    others = [desk.meet() for _ in range(4)]
    with desk.killed("rasa"):
        ana.writes("oi")
        for payload in ("/track_order", "/deny", "/deny"):
            ana.presses(payload)
        for other in others:
            other.writes("oi")
    desk.settle(ana, *others)
    wanted = [
        GREETED,
        response("utter_ask_order_number", "pt"),
        response("utter_offer_person", "pt"),
        response("utter_handover_declined", "pt"),
    ]
    said = ana.heard()
    assert len(said) == len(wanted), said
    for one, pattern in zip(said, wanted, strict=True):
        assert pattern.fullmatch(one.text)
    _assert_greeted_once(desk, others)


def test_a_turn_in_the_hands_of_a_bot_that_is_killed_is_taken_again(desk: Desk) -> None:
    crowd = [desk.meet() for _ in range(6)]
    for shopper in crowd:
        shopper.writes("quero falar com uma pessoa")
    until(lambda: any(desk.heard(crowd)), "the first answer")
    with desk.killed("rasa"):
        pass
    desk.settle(*crowd)
    handed_over = response("utter_handed_over_wish", "pt")
    for said in desk.heard(crowd):
        assert [bool(handed_over.match(one.text)) for one in said] == [True]
    assert {desk.conversation(shopper)["owner"] for shopper in crowd} == {"queue"}


def test_a_worker_killed_in_the_middle_of_a_burst_leaves_nobody_behind(desk: Desk) -> None:
    crowd = [desk.meet() for _ in range(20)]
    for shopper in crowd:
        shopper.writes("oi")
    until(lambda: sum(map(bool, desk.heard(crowd))) >= 3, "the first answers")
    with desk.killed("worker"):
        pass
    desk.settle(*crowd)
    _assert_greeted_once(desk, crowd)


def test_what_comes_while_the_actions_are_down_is_answered_once(desk: Desk) -> None:
    crowd = [desk.meet() for _ in range(3)]
    with desk.killed("actions"):
        for shopper in crowd:
            shopper.writes("oi")
    desk.settle(*crowd)
    _assert_greeted_once(desk, crowd)


def test_what_comes_while_the_web_process_is_down_is_delivered_later(desk: Desk) -> None:
    ana = desk.meet()
    with desk.killed("web"):
        ana.writes("oi")
        ana.presses("/track_order")
    desk.settle(ana)
    greeting, question = ana.heard()
    assert GREETED.fullmatch(greeting.text)
    assert response("utter_ask_order_number", "pt").fullmatch(question.text)


def _assert_greeted_once(desk: Desk, crowd: list[Shopper]) -> None:
    heard: list[list[Said]] = desk.heard(crowd)
    assert [[bool(GREETED.fullmatch(one.text)) for one in said] for said in heard] == [
        [True] for _ in crowd
    ]
