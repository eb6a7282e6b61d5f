"""An order moves at the shop, and the shopper who wished so reads it on the phone, once."""

from tests.e2e.desk import Desk, until
from tests.e2e.shopper import Shopper


def _order_for(desk: Desk, shopper: Shopper) -> str:
    wanted = {"situation": "preparing", "phone": f"+{shopper.address}", "name": "Ana Souza"}
    made = desk.simulator.post("/shop/control/orders", json=wanted)
    return str(made.raise_for_status().json()["number"])


def _moves(desk: Desk, number: str, state: str) -> None:
    path = f"/shop/control/orders/{number}/state"
    desk.simulator.put(path, json={"state": state}).raise_for_status()


def test_news_of_an_order_reaches_the_phone_and_the_bot_knows_what_it_was_about(
    desk: Desk,
) -> None:
    ana = desk.meet()
    ana.writes("quero receber avisos")
    desk.settle(ana)
    _order_for(desk, ana)  # there are two, so that "where is it?" alone would not be clear
    number = _order_for(desk, ana)
    _moves(desk, number, "shipped")

    def news() -> list[str]:
        return [one.text for one in ana.heard() if f"{number} saiu da loja" in one.text]

    until(news, "the news to arrive")
    _moves(desk, number, "in_transit")
    _moves(desk, number, "out_for_delivery")
    until(lambda: any("saiu para entrega" in one.text for one in ana.heard()), "the next news")
    desk.settle(ana)
    assert len(news()) == 1

    before = len(ana.heard())
    ana.writes("cadê?")
    desk.settle(ana)
    said = " ".join(one.whole for one in ana.heard()[before:])
    assert number in said, said


def test_who_did_not_wish_so_is_not_told_and_people_see_why(desk: Desk) -> None:
    ana = desk.meet()
    ana.writes("oi")
    desk.settle(ana)
    before = len(ana.heard())
    number = _order_for(desk, ana)
    _moves(desk, number, "shipped")

    def why_not() -> list[str]:
        found = desk.console.get("/api/order-notices", params={"state": "dropped"}).json()["items"]
        return [one["reason"] for one in found if one["order"] == number]

    assert until(why_not, "the desk to decide") == ["no_consent"]
    assert len(ana.heard()) == before
