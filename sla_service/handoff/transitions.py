"""Who may hold a conversation after whom: the one state machine, as a table."""

from enum import StrEnum

from sla_service.conversations.tables import Owner
from sla_service.errors import DomainError


class Act(StrEnum):
    """What can be done about who holds a conversation."""

    HAND_OVER = "hand_over"
    """The bot's conversation goes to the queue."""
    ASSIGN = "assign"
    """Somebody gets it: they take it, are given it, or it is passed on to them."""
    PUT_BACK = "put_back"
    """It waits in the queue again."""
    GIVE_BACK = "give_back"
    """The bot goes on."""
    RESOLVE = "resolve"
    """It is done with, and the bot listens again."""


class NotWithPeople(DomainError):
    """The bot holds this conversation: there is nothing to put back."""

    status = 409


def after(act: Act, owner: Owner) -> Owner:
    """Who holds a conversation after `act`; the same owner when it changes nothing.

    Raises NotWithPeople.
    """
    if (act, owner) == (Act.PUT_BACK, Owner.BOT):
        raise NotWithPeople
    return _AFTER.get((act, owner), owner)


_AFTER = {
    (Act.HAND_OVER, Owner.BOT): Owner.QUEUE,
    (Act.ASSIGN, Owner.BOT): Owner.AGENT,
    (Act.ASSIGN, Owner.QUEUE): Owner.AGENT,
    (Act.PUT_BACK, Owner.AGENT): Owner.QUEUE,
    (Act.GIVE_BACK, Owner.QUEUE): Owner.BOT,
    (Act.GIVE_BACK, Owner.AGENT): Owner.BOT,
    (Act.RESOLVE, Owner.QUEUE): Owner.BOT,
    (Act.RESOLVE, Owner.AGENT): Owner.BOT,
}
