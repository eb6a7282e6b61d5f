"""Files on disk, each under the hash of what is in it."""

import asyncio
import contextlib
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sla_service.conversations.media_types import HEAD


class TooLarge(Exception):
    """There is more of a file than is accepted."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is safe on disk; `sha256` is hexadecimal."""

    sha256: str
    size: int
    head: bytes


@dataclass(frozen=True, slots=True)
class MediaStore:
    """A folder that all processes of a desk share."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where a file lies that was kept."""
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def has(self, sha256: str) -> bool:
        """Whether a file is there."""
        return self.path(sha256).is_file()

    def drop(self, sha256: str) -> None:
        """Let a file go; one that is gone already is no matter."""
        self.path(sha256).unlink(missing_ok=True)

    async def keep(self, pieces: AsyncIterator[bytes], most: int) -> Kept:
        """Put a file on disk, whole or not at all. Raises TooLarge, OSError where there is no room,
        and what `pieces` raises.
        """
        part = await asyncio.to_thread(self._open)
        is_kept = False
        try:
            hashed, size, head = hashlib.sha256(), 0, b""
            async for piece in pieces:
                size += len(piece)
                if size > most:
                    raise TooLarge
                head += piece[: HEAD - len(head)]
                await asyncio.to_thread(_add, part, hashed, piece)
            await asyncio.to_thread(self._move, part, hashed.hexdigest())
            is_kept = True
        finally:
            with contextlib.suppress(OSError):  # on a full disk, closing fails as writing did
                part.close()
            if not is_kept:
                await asyncio.to_thread(Path(part.name).unlink)
        return Kept(hashed.hexdigest(), size, head)

    def _open(self) -> BinaryIO:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, name = tempfile.mkstemp(prefix=".part-", dir=self.folder)
        os.close(number)
        return Path(name).open("wb")

    def _move(self, part: BinaryIO, sha256: str) -> None:
        part.flush()
        os.fsync(part.fileno())
        place = self.path(sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        Path(part.name).replace(place)


def _add(part: BinaryIO, hashed: "hashlib._Hash", piece: bytes) -> None:
    part.write(piece)
    hashed.update(piece)
