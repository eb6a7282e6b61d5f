"""What the desk asks of any shop platform, and the two ways in which asking can fail."""

from typing import ClassVar, Protocol

from order_system.model import Order


class OrderSystem(Protocol):
    """Read access to the shop's orders; every method may raise an `OrderSystemError`."""

    async def by_number(self, number: str) -> Order | None:
        """The order with this display number, as a person would type it, or None."""

    async def by_phone(self, phone: str, limit: int = 5) -> list[Order]:
        """The latest orders of this phone, newest first; the phone carries its country code."""

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
