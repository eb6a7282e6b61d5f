"""Meta may refuse, fall silent, repeat itself and mix things up: each answer is said once."""

from typing import Any

from tests.e2e.desk import Desk
from tests.e2e.wording import first_response, response

GREETED = first_response("utter_greet_by_name", "pt", first_name="Ana")
FAULTS: dict[str, dict[str, Any]] = {
    "accepted, but never answered": {"kind": "timeout_after_accept", "seconds": 60},
    "accepted, and the connection cut": {"kind": "reset_after_accept"},
    "too many for this number": {"kind": "rate_limit", "count": 2},
    "too many for this contact": {"kind": "pair_limit", "count": 2},
    "a broken server": {"kind": "server_error"},
    "a service that is down": {"kind": "unavailable", "count": 2},
}


def test_whatever_becomes_of_a_send_it_is_said_once(desk: Desk) -> None:
    met = {name: desk.meet() for name in FAULTS}
    for shopper in met.values():
        shopper.writes("oi")
    desk.settle(*met.values())
    with desk.trouble(*({**fault, "to": met[name].address} for name, fault in FAULTS.items())):
        for shopper in met.values():
            shopper.writes("obrigada")
        desk.settle(*met.values())
        waiting = desk.simulator.get("/control/faults").json()["faults"]
    assert waiting == [], "every fault has happened"
    thanked = response("utter_thank", "pt")
    said = {
        name: [bool(thanked.fullmatch(one.text)) for one in shopper.heard()]
        for name, shopper in met.items()
    }
    assert said == {name: [False, True] for name in FAULTS}


def test_webhooks_repeated_batched_and_mixed_up_are_answered_once(desk: Desk) -> None:
    crowd = [desk.meet() for _ in range(8)]
    habits = {"duplicate": 3, "batch": 10, "shuffle_statuses": True, "escape_unicode": True}
    with desk.trouble({"webhooks": habits}):
        for shopper in crowd:
            shopper.writes("oi")
        desk.settle(*crowd)
        for shopper in crowd:
            shopper.presses("/track_order")
            shopper.presses("/deny")
        desk.settle(*crowd)
    wanted = [
        GREETED,
        response("utter_ask_order_number", "pt"),
        response("utter_offer_person", "pt"),
    ]
    for said in desk.heard(crowd):
        assert len(said) == len(wanted), said
        assert all(pattern.fullmatch(one.text) for pattern, one in zip(wanted, said, strict=True))
    for shopper in crowd:
        states = {message["state"] for message in desk.thread(shopper) if message["state"]}
        assert states == {"delivered"}, "statuses only ever move forward"
