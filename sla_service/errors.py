"""Refusals: what the desk says no to, with the status a caller sees."""

from typing import Any, ClassVar


class DomainError(Exception):
    """A request that the desk understood and refuses; a subclass's docstring is its message."""

    status: ClassVar[int] = 400

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.title)

    @property
    def title(self) -> str:
        """The message a caller reads: the first line of the class's docstring."""
        return (type(self).__doc__ or type(self).__name__).strip().splitlines()[0]

    @property
    def code(self) -> str:
        """The error's name for machines, in snake case: `TicketNotFound` is `ticket_not_found`."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class NotFound(DomainError):
    """There is no such thing here."""

    status = 404
