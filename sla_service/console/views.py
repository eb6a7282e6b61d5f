"""What the API shows of conversations and their threads."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from sla_service.conversations.media_tables import MediaState
from sla_service.conversations.tables import Author, Owner, SendState
from sla_service.handoff.tables import Reason
from sla_service.sla.clocks import ClockState
from sla_service.sla.policy import Metric
from sla_service.tickets.tables import Priority, TicketStatus
from sla_service.whatsapp.values import MessageKind


class ContactView(BaseModel):
    """Who the shopper is to the channel; at least one of number and user id is there."""

    name: str | None
    phone: str | None
    username: str | None
    bsuid: str | None


class PersonView(BaseModel):
    """Somebody who answers."""

    id: int
    name: str


class TicketView(BaseModel):
    """A conversation's newest ticket."""

    number: int
    status: TicketStatus
    priority: Priority
    subject: str
    reason: Reason | None
    """Why people have it; None while the bot does."""


class LastMessageView(BaseModel):
    """The message a conversation ends with."""

    text: str
    author: Author
    kind: MessageKind
    at: datetime
    revoked: bool


class PromiseView(BaseModel):
    """The most urgent promise that is not kept yet."""

    metric: Metric
    due_at: datetime | None
    """The deadline, ahead or passed; None while the clock stands still."""
    state: ClockState
    breached_at: datetime | None
    paused: bool


class OfferView(BaseModel):
    """The conversation is offered to whoever asks."""

    id: int
    expires_at: datetime


class ConversationView(BaseModel):
    """A row of the list, and the head of a thread."""

    id: int
    contact: ContactView
    language: str | None
    owner: Owner
    owner_fence: int
    """Who takes it from somebody names this: nobody is overruled unseen."""
    agent: PersonView | None
    """Who holds it, when somebody does."""
    waiting: bool
    """People hold it, and none of them has answered the contact's last message."""
    waiting_since: datetime | None
    last_message_at: datetime
    window_closes_at: datetime | None
    """Until when anything but templates can be sent."""
    ticket: TicketView | None
    tags: list[str]
    intent: str | None
    promise: PromiseView | None
    last_message: LastMessageView | None
    unread: int
    """What whoever asks has not read and nobody has answered; 50 is 50 or more."""
    offer: OfferView | None


class ConversationPage(BaseModel):
    """Conversations in the order of their view; `next` is the cursor of what follows."""

    items: list[ConversationView]
    next: str | None


class OptionView(BaseModel):
    """A choice the contact was offered."""

    title: str
    taken: bool


class CountsView(BaseModel):
    """How many conversations there are in each view of whoever asks."""

    mine: int
    waiting: int
    open: int
    bot: int
    unread: int
    """Those of one's own with something new in them."""


class TranscriptView(BaseModel):
    """What was said in a recording; `heard` tells whether the bot went by it."""

    text: str
    language: str | None
    heard: bool


class MediaView(BaseModel):
    """A file in a message; `link` is there for files we sent by address.

    With `url` its contents can be had from the desk; `shown` says that a browser may show them in
    place.
    """

    mime_type: str | None
    filename: str | None
    voice: bool
    transcript: TranscriptView | None
    link: str | None
    state: MediaState | None
    url: str | None
    shown: bool
    size: int | None


class PlaceView(BaseModel):
    """A location the contact shared."""

    latitude: float
    longitude: float
    name: str | None
    address: str | None


class QuotedView(BaseModel):
    """The message that another one answers."""

    text: str
    author: Author
    kind: MessageKind


class FailureView(BaseModel):
    """Why a message did not arrive: our class, and Meta's code where Meta said no."""

    reason: str | None
    code: int | None


class TurnView(BaseModel):
    """What the bot understood of the messages it heard together."""

    id: int
    intent: str | None
    confidence: float | None


class MessageView(BaseModel):
    """One message of a thread. A revoked one keeps its place and loses its words."""

    id: int
    author: Author
    agent: PersonView | None
    """Which agent said it."""
    key: str | None
    """What they called it when they asked for it to be sent, so that they know it again."""
    kind: MessageKind
    text: str
    edited: str | None
    """The words the contact put in place of `text`."""
    options: list[OptionView]
    media: MediaView | None
    place: PlaceView | None
    reaction: str | None
    template: str | None
    """The template's name, if it is one."""
    quoted: QuotedView | None
    state: SendState | None
    failure: FailureView | None
    said_at: datetime
    revoked_at: datetime | None
    ticket: int | None
    turn: TurnView | None


class HandoffView(BaseModel):
    """A change of owner, and what whoever takes over should know."""

    id: int
    at: datetime
    from_owner: Owner
    to_owner: Owner
    reason: Reason
    summary: str | None
    ticket: int
    by: PersonView | None
    """Who did it, when a person did."""
    to_agent: PersonView | None
    details: dict[str, Any]
    """What the bot remembered and understood."""


class ThreadTicketView(BaseModel):
    """A ticket that messages of a page belong to."""

    number: int
    status: TicketStatus
    subject: str
    opened_at: datetime
    resolved_at: datetime | None
    follows: int | None


class ThreadPage(BaseModel):
    """A stretch of a thread, oldest first; `before` is the cursor of what came earlier."""

    messages: list[MessageView]
    handoffs: list[HandoffView]
    tickets: list[ThreadTicketView]
    before: str | None


class StoppedAccountView(BaseModel):
    """A business number of which nothing is sent until a person resumes it."""

    phone_number_id: str
    stopped_at: datetime
    reason: str | None
