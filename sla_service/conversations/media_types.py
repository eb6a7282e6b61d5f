"""What a file is, whatever it says of itself, and what may be done with it."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

import filetype  # type: ignore[import-untyped]

from sla_service.whatsapp.values import MessageKind

HEAD = 8192
"""How many of a file's first bytes tell what it is."""
ANYTHING = "application/octet-stream"

_MEGABYTE = 1024 * 1024
_IMAGES = ("image/jpeg", "image/png", "image/webp", "image/gif")
_SOUNDS = ("audio/ogg", "audio/mpeg", "audio/mp4", "audio/amr", "audio/aac")
_VIDEOS = ("video/mp4", "video/3gpp")
_SHOWN = frozenset((*_IMAGES, *_SOUNDS, *_VIDEOS, "application/pdf"))
"""What a browser may show in place; none of it runs a script."""
_OTHER_NAMES = {
    "image/jpg": "image/jpeg",
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/opus": "audio/ogg",
    "application/ogg": "audio/ogg",
    "image/apng": "image/png",
    "video/x-m4v": "video/mp4",
}
_ONE_CONTAINER = frozenset(
    {"audio/mp4", "video/mp4", "video/3gpp", "audio/3gpp", "video/quicktime"}
)
"""Their first bytes are the same: what is said decides which of them it is."""
_SENT: dict[MessageKind, tuple[frozenset[str], int]] = {
    MessageKind.IMAGE: (frozenset({"image/jpeg", "image/png"}), 5 * _MEGABYTE),
    MessageKind.AUDIO: (frozenset(_SOUNDS), 16 * _MEGABYTE),
    MessageKind.VIDEO: (frozenset(_VIDEOS), 16 * _MEGABYTE),
    MessageKind.DOCUMENT: (
        frozenset(
            {
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                "text/plain",
            }
        ),
        100 * _MEGABYTE,
    ),
}
_MIX = "application/zip"
"""The container of office documents: what is said decides, within what is sent."""
_LONGEST_NAME = 120
_UNWELCOME = re.compile(r"""[\x00-\x1f\x7f/\\:*?"<>|]+""")


@dataclass(frozen=True, slots=True)
class Served:
    """How a file leaves to a browser."""

    mime: str
    is_shown: bool
    """In place; else it is saved."""


def sniff(head: bytes) -> str | None:
    """What a file's first bytes say it is; None when they say nothing."""
    found = filetype.guess_mime(head) if head else None
    return None if found is None else bare(found)


def bare(mime: str | None) -> str:
    """A type without its parameters, by its usual name."""
    plain = (mime or "").partition(";")[0].strip().lower()
    return _OTHER_NAMES.get(plain, plain)


def served(declared: str | None, sniffed: str | None) -> Served:
    """How a file is served. One that lies about its type is saved as bytes without any."""
    said = bare(declared)
    if sniffed is None:
        return Served("text/plain" if said == "text/plain" else ANYTHING, is_shown=False)
    is_true = said in {"", sniffed} or {said, sniffed} <= _ONE_CONTAINER
    actual = said if is_true and said else sniffed
    is_shown = is_true and actual in _SHOWN
    return Served(actual if is_shown else ANYTHING, is_shown)


def kind_to_send(mime: str) -> tuple[MessageKind, int] | None:
    """As which kind of message the channel takes a file, and how large at most."""
    for kind, (types, limit) in _SENT.items():
        if mime in types:
            return kind, limit
    return None


def type_to_send(declared: str | None, head: bytes) -> str:
    """The type of a file that an agent brings; `ANYTHING` where nothing better is certain."""
    said, sniffed = bare(declared), sniff(head)
    if sniffed is None:
        return "text/plain" if said in {"", ANYTHING, "text/plain"} and _is_text(head) else ANYTHING
    if sniffed in _ONE_CONTAINER and said in _ONE_CONTAINER:
        return said
    if sniffed == _MIX and said in _SENT[MessageKind.DOCUMENT][0]:
        return said
    return sniffed


def clean_name(name: str | None, otherwise: str) -> str:
    """A file's name without a path, signs that turn it around, or anything a system minds."""
    last = re.split(r"[/\\]", name or "")[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cf", "Cc", "Cs", "Co"})
    plain = _UNWELCOME.sub("_", unicodedata.normalize("NFC", kept)).strip(" .")
    if len(plain) > _LONGEST_NAME:
        stem, dot, ending = plain.rpartition(".")
        ending = dot + ending[:10] if dot else ""
        plain = (stem or plain)[: _LONGEST_NAME - len(ending)] + ending
    return plain or otherwise


def _is_text(head: bytes) -> bool:
    """Whether bytes read as text; the last character may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\x00" not in head
