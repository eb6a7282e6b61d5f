"""What the API shows of conversations and their threads."""

from datetime import datetime

from pydantic import BaseModel

from sla_service.conversations.tables import Author, Owner, SendState
from sla_service.handoff.tables import Reason
from sla_service.tickets.tables import Priority, TicketStatus
from sla_service.whatsapp.values import MessageKind


class ContactView(BaseModel):
    """Who the shopper is to the channel; at least one of number and user id is there."""

    name: str | None
    phone: str | None
    username: str | None
    bsuid: str | None


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


class ConversationView(BaseModel):
    """A row of the list, and the head of a thread."""

    id: int
    contact: ContactView
    language: str | None
    owner: Owner
    waiting: bool
    """People hold it, and none of them has answered the contact's last message."""
    last_message_at: datetime
    ticket: TicketView | None
    last_message: LastMessageView | None


class ConversationPage(BaseModel):
    """Conversations, the newest activity first; `next` is the cursor of what follows."""

    items: list[ConversationView]
    next: str | None


class OptionView(BaseModel):
    """A choice the contact was offered."""

    title: str
    taken: bool


class MediaView(BaseModel):
    """A file in a message; `link` is there for files we sent by address."""

    mime_type: str | None
    filename: str | None
    voice: bool
    link: str | None


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
    kind: MessageKind
    text: str
    edited: str | None
    """The words the contact put in place of `text`."""
    options: list[OptionView]
    media: MediaView | None
    place: PlaceView | None
    reaction: str | None
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
