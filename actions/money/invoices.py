"""The invoice of an order, as the paper itself."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.talk import asking, orders
from actions.talk.act import Act
from actions.talk.outside import Outside
from actions.talk.turn import Turn
from order_system.model import Order
from order_system.papers import Document, Invoice
from order_system.refusals import Advice, Refusal


class ActionSendInvoice(Act):
    """Sends the invoice as a document."""

    def name(self) -> str:
        """As in the domain."""
        return "action_send_invoice"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Find the order and send its invoice."""
        return await asking.about(turn, self.outside, "invoice", turn.order_number)


async def tell(turn: Turn, outside: Outside, order: Order) -> list[EventType]:
    """Send the invoice of this order, or say why there is none."""
    number = orders.number_of(order)
    known = await outside.orders.invoice_of(number)
    paper = None if isinstance(known, Refusal) else await outside.orders.invoice_document(number)
    refusal = next((one for one in (known, paper) if isinstance(one, Refusal)), None)
    if refusal is not None and refusal.advice is Advice.WAIT:
        turn.say("utter_invoice_not_yet", order_number=number)
        return []
    if not isinstance(known, Invoice) or not isinstance(paper, Document):
        turn.say("utter_invoice_missing", order_number=number)
        return [SlotSet("pending", "talk_to_human")]
    return await _send(turn, outside, known, paper)


async def _send(turn: Turn, outside: Outside, invoice: Invoice, paper: Document) -> list[EventType]:
    file = await outside.desk.keep_file(turn.conversation, paper)
    about: dict[str, Any] = {
        "file": file,
        "order_number": invoice.order_number.lstrip("#"),
        "invoice_number": invoice.number,
    }
    if invoice.access_key:
        turn.say("utter_invoice_with_key", access_key=_in_fours(invoice.access_key), **about)
    else:
        turn.say("utter_invoice", **about)
    return []


def _in_fours(key: str) -> str:
    """The 44 digits as they are printed."""
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))
