"""What the desk asks of any shop platform, and the two ways in which asking can fail."""

from typing import ClassVar, Protocol

from order_system.addresses import Address
from order_system.catalogue import Availability, Product, Promo, PromoAnswer
from order_system.model import Money, Order
from order_system.papers import Document, Invoice
from order_system.payments import OrderPayments, Payment
from order_system.policies import ShopPolicies
from order_system.refusals import Refusal
from order_system.returns import Return, ReturnOptions, ReturnRequest
from order_system.sizes import SizeChart
from order_system.stores import Store


class OrderReading(Protocol):
    """Questions about orders; None is an order (or a return) that nobody has.

    Every method of the protocols may raise an `OrderSystemError`. Orders and returns are asked
    for by the number a person would type.
    """

    async def by_number(self, number: str) -> Order | None:
        """The order with this display number, as a person would type it, or None."""

    async def by_phone(self, phone: str, limit: int = 5) -> list[Order]:
        """The latest orders of this phone, newest first; the phone carries its country code."""

    async def return_options(self, number: str) -> ReturnOptions | None:
        """What of this order may go back today, and on which grounds."""

    async def returns_of(self, number: str) -> list[Return]:
        """The returns of this order, newest first; none too where there is no such order."""

    async def return_by_number(self, number: str) -> Return | None:
        """The return with this number."""

    async def return_label(self, number: str) -> Document | Refusal | None:
        """The label of this return, as a PDF to print or show."""

    async def payments_of(self, number: str) -> OrderPayments | None:
        """What was paid for this order, what comes back, and what went wrong."""

    async def invoice_of(self, number: str) -> Invoice | Refusal | None:
        """What is known of this order's invoice."""

    async def invoice_document(self, number: str) -> Document | Refusal | None:
        """This order's invoice as a PDF."""


class OrderChanging(Protocol):
    """What may be done to orders: the outcome, or the shop's no as a value.

    `key` names the wish, not the attempt: the same key again, after a lost answer or a crash,
    changes nothing and gives the first outcome. `version` is the order's as the shopper was
    shown it; the shop refuses with `CHANGED_MEANWHILE` when it is another by now.
    """

    async def open_return(
        self, number: str, request: ReturnRequest, *, key: str, version: str | None = None
    ) -> Return | Refusal:
        """Ask for a return or an exchange; the shop authorises it or says why not."""

    async def cancel_return(self, number: str, *, key: str) -> Return | Refusal:
        """Take back a return that isn't on its way yet."""

    async def cancel_order(
        self, number: str, *, key: str, version: str | None = None
    ) -> Order | Refusal:
        """Cancel an order that isn't sent yet; what was paid comes back by itself."""

    async def change_address(
        self, number: str, address: Address, *, key: str, version: str | None = None
    ) -> Order | Refusal:
        """Send the order to another address, while that can still be done."""

    async def renew_payment(self, number: str, *, key: str) -> Payment | Refusal:
        """A new Pix code, or the second copy of a boleto, for an order that isn't paid."""


class ShopAsking(Protocol):
    """Questions that are about no order."""

    async def products(self, words: str, language: str, limit: int = 5) -> list[Product]:
        """The products these words mean, the best first."""

    async def availability(
        self, product: str, *, size: str | None = None, color: str | None = None
    ) -> Availability | None:
        """What of a product is in stock, and what could be taken instead."""

    async def promo(
        self, code: str, *, amount: Money | None = None, phone: str | None = None
    ) -> PromoAnswer:
        """Whether a promo code works, for an amount and for whose phone this is."""

    async def promos(self) -> list[Promo]:
        """The codes that anybody may be told of, and that can be used today."""

    async def size_charts(
        self, *, product: str | None = None, category: str | None = None, gender: str | None = None
    ) -> list[SizeChart]:
        """The charts of a product or a category, the best first."""

    async def size_chart_image(self, chart: str, language: str) -> Document | None:
        """A chart as a picture, where the shop has one."""

    async def stores(self) -> list[Store]:
        """Where the shop is, and when somebody is there."""

    async def policies(self) -> ShopPolicies:
        """The rules of the shop: the one truth about them."""


class OrderSystem(OrderReading, OrderChanging, ShopAsking, Protocol):
    """All that the desk asks of a shop platform."""

    async def aclose(self) -> None:
        """Let go of the connections; nothing may be asked afterwards."""


class OrderSystemError(Exception):
    """The order system gave no usable answer."""

    retryable: ClassVar[bool] = False

    def __init__(self, reason: str) -> None:
        super().__init__(f"{self.__doc__} ({reason})")
        self.reason = reason


class OrderSystemUnavailable(OrderSystemError):
    """The order system can't answer just now; the same question may work later."""

    retryable = True

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after  # seconds the shop asked us to wait, where it said so


class OrderSystemRefused(OrderSystemError):
    """The order system refuses the question or answers nonsense; asking again won't help."""
