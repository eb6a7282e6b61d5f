"""Papers of the demo shop: the label of a return, and the invoice of an order."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from order_system.addresses import Address
from simulator.paper import Sheet
from simulator.shop_codes import access_key
from simulator.shop_orders import ShopOrder
from simulator.shop_refusing import Refused
from simulator.shop_returns import ShopReturn
from simulator.shop_till import SHOP_ZONE, instant

_WAREHOUSE = Address(
    recipient="Passo Firme · Devoluções",
    street="Alameda Araguaia",
    number="2104",
    district="Alphaville",
    city="Barueri",
    state="SP",
    postcode="06455-000",
    country="BR",
)
_WORDS = {
    "pt": {
        "label": "Etiqueta de devolução",
        "from": "Remetente",
        "to": "Destinatário",
        "order": "Pedido",
        "post_by": "Poste até",
        "paid": "Porte pago pela loja",
        "unpaid": "Porte por conta do remetente",
        "cut": "Cole esta etiqueta por fora do pacote.",
        "invoice": "Nota fiscal eletrônica",
        "key": "Chave de acesso",
        "issued": "Emitida em",
        "buyer": "Destinatário",
        "delivery": "Frete",
        "total": "Total",
        "sample": "Documento de demonstração, sem valor fiscal.",
    },
    "en": {
        "label": "Return label",
        "from": "From",
        "to": "To",
        "order": "Order",
        "post_by": "Post by",
        "paid": "Postage paid by the shop",
        "unpaid": "Postage to be paid by the sender",
        "cut": "Stick this label on the outside of the parcel.",
        "invoice": "Invoice",
        "key": "Access key",
        "issued": "Issued on",
        "buyer": "Billed to",
        "delivery": "Delivery",
        "total": "Total",
        "sample": "A document of the demo, of no fiscal value.",
    },
}
_SIGNS = {"BRL": "R$", "USD": "US$"}


def label(returned: ShopReturn) -> bytes:
    """The label of a return as PDF; raises Refused while there is none."""
    if not returned.has_label:
        raise Refused("label_not_ready", "wait")
    order = returned.order
    words = _WORDS[order.customer.language]
    sheet = Sheet()
    sheet.box(40, 40, 515, 400)
    sheet.text(58, 74, f"{words['label']} {returned.number}", 20, bold=True)
    sheet.text(58, 96, f"{words['order']} {order.number}")
    if returned.post_by is not None:
        sheet.text(320, 96, f"{words['post_by']} {_day(returned.post_by, order)}")
    sheet.line(40, 110, 555, 110)
    _address(sheet, 58, 132, words["to"], _WAREHOUSE)
    _address(sheet, 320, 132, words["from"], order.address)
    sheet.line(40, 250, 555, 250)
    sheet.barcode(70, 270, 455, 80, returned.tracking)
    sheet.text(220, 372, returned.tracking, 14, bold=True)
    is_paid = str(returned.ground.shipping_paid_by) == "shop"
    sheet.text(58, 410, words["paid"] if is_paid else words["unpaid"], bold=True)
    sheet.text(58, 428, words["cut"])
    return sheet.pdf()


def invoice_answer(order: ShopOrder) -> dict[str, Any]:
    """What is known of an invoice; raises Refused while there is none."""
    issued_at = _issued_at(order)
    return {
        "order_number": str(order.number),
        "number": _invoice_number(order),
        "issued_at": instant(issued_at),
        "access_key": _key(order, issued_at),
        "url": None,
    }


def invoice(order: ShopOrder) -> bytes:
    """The invoice of an order as PDF; raises Refused while there is none."""
    issued_at = _issued_at(order)
    words = _WORDS[order.customer.language]
    sheet = Sheet()
    sheet.text(40, 64, f"{words['invoice']} {_invoice_number(order)}", 20, bold=True)
    sheet.text(40, 86, "Passo Firme Calçados Ltda · CNPJ 11.222.333/0001-81")
    issued_on = _day(issued_at.astimezone(SHOP_ZONE), order)
    sheet.text(40, 104, f"{words['order']} {order.number} · {words['issued']} {issued_on}")
    y = 130.0
    key = _key(order, issued_at)
    if key is not None:
        sheet.barcode(40, y, 360, 44, key)
        grouped = " ".join(key[n : n + 4] for n in range(0, 44, 4))
        sheet.text(40, y + 60, f"{words['key']}: {grouped}", 9)
        y += 84
    _address(sheet, 40, y, words["buyer"], order.address)
    y += 118
    sheet.line(40, y - 14, 555, y - 14)
    for line in order.lines:
        price = line.product.prices[order.currency] * line.quantity
        color = line.color.en if order.customer.is_abroad else line.color.pt
        name = f"{line.quantity} × {line.name(order.customer.language)}, {line.size}, {color}"
        sheet.text(40, y, name)
        sheet.text(480, y, _amount(price, order))
        y += 18
    sheet.text(40, y, words["delivery"])
    sheet.text(480, y, _amount(order.delivery_fee, order))
    sheet.line(40, y + 8, 555, y + 8)
    sheet.text(40, y + 24, words["total"], 13, bold=True)
    sheet.text(480, y + 24, _amount(order.total, order), 13, bold=True)
    sheet.text(40, 800, words["sample"], 9)
    return sheet.pdf()


def _issued_at(order: ShopOrder) -> datetime:
    packed_at = order.reached("preparing")
    if packed_at is None:
        is_over = order.state == "cancelled"
        raise Refused("invoice_not_issued", "talk_to_person" if is_over else "wait")
    return packed_at


def _invoice_number(order: ShopOrder) -> str:
    return f"{order.number - 40_000:06d}"


def _key(order: ShopOrder, issued_at: datetime) -> str | None:
    if order.customer.country != "BR":
        return None
    return access_key(order.number, issued_at.astimezone(SHOP_ZONE))


def _address(sheet: Sheet, x: float, y: float, title: str, address: Address) -> None:
    sheet.text(x, y, title, 9)
    place = f"{address.city}, {address.state}" if address.state else address.city
    lines = [
        address.recipient,
        " ".join(f"{address.street}, {address.number} {address.complement}".split()),
        address.district,
        place,
        f"{address.postcode} {address.country}",
    ]
    for nth, line in enumerate(filter(None, lines), start=1):
        sheet.text(x, y + 18 * nth, line, bold=nth == 1)


def _day(day: date, order: ShopOrder) -> str:
    return f"{day:%d/%m/%Y}" if order.customer.language == "pt" else f"{day:%d %B %Y}"


def _amount(amount: Decimal, order: ShopOrder) -> str:
    written = f"{amount:,.2f}"
    if order.customer.language == "pt":
        written = written.replace(",", "\0").replace(".", ",").replace("\0", ".")
    return f"{_SIGNS[order.currency]} {written}"
