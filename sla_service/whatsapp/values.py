"""What a channel says, in neutral words: the same values whichever provider carried them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a contact is to the channel; at least one of `wa_id` and `bsuid` is there.

    `wa_id` is opaque (digits as Meta spells them); `bsuid` is the business-scoped user id.
    """

    wa_id: str | None = None
    bsuid: str | None = None
    username: str | None = None
    name: str | None = None


class MessageKind(StrEnum):
    """What an inbound message is; a type we don't know is UNKNOWN and keeps its raw form."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    CHOICE = "choice"
    """A button or a list row, ours or a template's."""
    FORM = "form"
    """A finished flow or address form."""
    REACTION = "reaction"
    ORDER = "order"
    EDIT = "edit"
    REVOKE = "revoke"
    SYSTEM = "system"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Media:
    """A file at the provider; `sha256` is base64 of the file's hash, `None` where not told."""

    id: str
    mime_type: str | None = None
    sha256: str | None = None
    filename: str | None = None
    voice: bool = False


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message a contact sent."""

    wamid: str
    phone_number_id: str
    sender: Identity
    sent_at: datetime
    kind: MessageKind
    text: str = ""
    """What can be read of it: the body, a caption, a button's title."""
    payload: str | None = None
    """The id of the button or row that was pressed."""
    media: Media | None = None
    target: str | None = None
    """The message that a reaction, an edit or a revocation is about."""
    quoted: str | None = None
    """The message this one replies to."""
    group: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    """The rest, per kind: coordinates, cards, order lines, form answers, errors, referral."""


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """A contact known as `old` is `new` from now on; absent parts did not change."""

    old: Identity
    new: Identity


class DeliveryStatus(StrEnum):
    """How far an outbound message got."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StatusChange:
    """News of an outbound message, in no particular order."""

    wamid: str
    status: DeliveryStatus
    at: datetime
    callback: str | None
    """What we attached to the send (`biz_opaque_callback_data`)."""
    errors: tuple[dict[str, Any], ...] = ()
    pricing: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A choice offered to a contact: `payload` comes back when it is taken."""

    title: str
    payload: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelFile:
    """A file that the channel has under `id`, and what it is sent as."""

    id: str
    kind: MessageKind
    mime_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing to say to a contact: text, choices, a file, or a picture or document by link."""

    text: str = ""
    options: tuple[Option, ...] = ()
    image_url: str | None = None
    document_url: str | None = None
    filename: str | None = None
    file: ChannelFile | None = None
