"""Files in messages: kept on a shelf, served by URLs that die after five minutes."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.refusals import GraphError

MEGABYTE = 1024 * 1024
DOCUMENTS = {
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
ALLOWED: dict[str, tuple[set[str], int]] = {
    "audio": (
        {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/mp3", "audio/ogg"},
        16 * MEGABYTE,
    ),
    "document": (DOCUMENTS, 100 * MEGABYTE),
    "image": ({"image/jpeg", "image/png"}, 5 * MEGABYTE),
    "sticker": ({"image/webp"}, 500 * 1024),
    "video": ({"video/mp4", "video/3gpp"}, 16 * MEGABYTE),
}
_SIGNS: dict[str, tuple[int, bytes]] = {
    "image/jpeg": (0, b"\xff\xd8\xff"),
    "image/png": (0, b"\x89PNG\r\n\x1a\n"),
    "image/webp": (8, b"WEBP"),
    "application/pdf": (0, b"%PDF-"),
    "audio/ogg": (0, b"OggS"),
    "video/mp4": (4, b"ftyp"),
    "audio/mp4": (4, b"ftyp"),
}


@dataclass(frozen=True)
class Medium:
    """A file: `sha256` is base64 as in webhooks, `mime_type` may carry parameters."""

    id: str
    mime_type: str
    sha256: str
    size: int
    filename: str | None
    is_from_shopper: bool

    @property
    def sha256_hex(self) -> str:
        """The hash as the media endpoint spells it."""
        return base64.b64decode(self.sha256).hex()


class MediaShelf:
    """All files, in memory and, with a folder, on disk."""

    def __init__(
        self, public_url: str, lifetime: float, now: Callable[[], float], folder: Path | None
    ) -> None:
        self._public_url = public_url.rstrip("/")
        self._lifetime = lifetime
        self._now = now
        self._folder = folder
        self._key = secrets.token_bytes(32)
        self._media: dict[str, Medium] = {}
        self._data: dict[str, bytes] = {}

    def put(
        self, data: bytes, mime_type: str, *, filename: str | None, is_from_shopper: bool
    ) -> Medium:
        medium = Medium(
            id=str(10**15 + secrets.randbelow(9 * 10**15)),
            mime_type=mime_type,
            sha256=base64.b64encode(hashlib.sha256(data).digest()).decode(),
            size=len(data),
            filename=filename,
            is_from_shopper=is_from_shopper,
        )
        self._media[medium.id] = medium
        if self._folder is None:
            self._data[medium.id] = data
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / medium.id).write_bytes(data)
        return medium

    def restore(self, medium: Medium) -> None:
        if self._folder is not None and (self._folder / medium.id).exists():
            self._media[medium.id] = medium

    def get(self, media_id: str) -> Medium | None:
        return self._media.get(media_id)

    def data(self, medium: Medium) -> bytes:
        if self._folder is None:
            return self._data[medium.id]
        return (self._folder / medium.id).read_bytes()

    def all(self) -> Iterator[Medium]:
        yield from self._media.values()

    def remove(self, medium: Medium) -> None:
        self._media.pop(medium.id, None)
        self._data.pop(medium.id, None)
        if self._folder is not None:
            (self._folder / medium.id).unlink(missing_ok=True)

    def clear(self) -> None:
        for medium in list(self._media.values()):
            self.remove(medium)

    def url(self, medium: Medium) -> str:
        """Name the place of a file for the next five minutes."""
        until = f"{self._now() + self._lifetime:.3f}"
        proof = self._proof(medium.id, until)
        return f"{self._public_url}/attachments/?mid={medium.id}&ext={until}&hash={proof}"

    def open(self, media_id: str, until: str, proof: str) -> Medium | None:
        """Find the file of a URL, unless the URL is forged or too old."""
        if not hmac.compare_digest(proof.encode(), self._proof(media_id, until).encode()):
            return None
        return self.get(media_id) if float(until) >= self._now() else None

    def _proof(self, media_id: str, until: str) -> str:
        return hmac.new(self._key, f"{media_id} {until}".encode(), hashlib.sha256).hexdigest()[:32]


def kind_of(mime_type: str) -> str | None:
    """Say as which message type a MIME type is sent, or None when Meta takes it as no type."""
    bare = bare_type(mime_type)
    return next((kind for kind, (types, _) in ALLOWED.items() if bare in types), None)


def check_upload(data: bytes, mime_type: str) -> None:
    """Refuse what Meta refuses to keep: other types, too large, or not what it says it is."""
    kind = kind_of(mime_type)
    if kind is None:
        raise GraphError(
            100,
            f"Param file must be a file with one of the allowed types. Received file of type "
            f"'{bare_type(mime_type)}'.",
        )
    limit = ALLOWED[kind][1]
    if len(data) > limit:
        raise GraphError(131053, f"File is too large: a {kind} has at most {limit} bytes.")
    if not data:
        raise GraphError(131053, "File is empty.")
    offset, sign = _SIGNS.get(bare_type(mime_type), (0, b""))
    if not data[offset:].startswith(sign):
        raise GraphError(131053, f"The file's content is not of type {bare_type(mime_type)}.")


def bare_type(mime_type: str) -> str:
    """Drop the parameters of a MIME type."""
    return mime_type.split(";", maxsplit=1)[0].strip().lower()
