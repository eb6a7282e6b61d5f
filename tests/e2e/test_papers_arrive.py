"""A paper of the shop's reaches the shopper's phone as a file, and people see it in the thread."""

from tests.e2e.desk import Desk

MARINA = "5511987650001"


def test_an_invoice_arrives_as_a_document(desk: Desk) -> None:
    marina = desk.known(MARINA, "Marina Duarte")
    before = len(marina.heard())
    marina.writes("preciso da nota fiscal do pedido 48260")
    desk.settle(marina)
    said = marina.heard()[before:]
    assert any("nota-fiscal-48260.pdf" in one.whole for one in said), said
    sent = [one for one in desk.thread(marina) if one["kind"] == "document"]
    assert sent[-1]["author"] == "bot"


def test_a_size_chart_arrives_as_a_picture(desk: Desk) -> None:
    shopper = desk.meet("John Carter", "en")
    shopper.writes("can I see the size chart for dresses?")
    desk.settle(shopper)
    (said,) = shopper.heard()
    assert "Women's clothes" in said.whole
    (sent,) = [one for one in desk.thread(shopper) if one["kind"] == "image"]
    assert sent["author"] == "bot"
