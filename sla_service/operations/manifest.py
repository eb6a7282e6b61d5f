"""What a backup says of itself: what is in it, how large, and under which checksums."""

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from sla_service.errors import DomainError

MANIFEST = "manifest.json"
DUMP = "database.dump"
MEDIA = "media/"
FORMAT = 1
_CHUNK = 1 << 20

type Told = Callable[[int], None]
"""Is told of each piece, in bytes."""


class NoBackup(DomainError):
    """This file is no backup of a desk, or it ends too soon."""


class Damaged(DomainError):
    """This backup is damaged: nothing of it was restored."""


class Part(BaseModel):
    """A file of a backup."""

    model_config = ConfigDict(frozen=True)

    name: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """The last file of a backup."""

    model_config = ConfigDict(frozen=True)

    format: int
    made_at: datetime
    version: str
    schema_revision: str
    server: int
    """PostgreSQL's version, as 18."""
    rows: dict[str, int]
    """How many rows each table has, of the same instant as the dump."""
    parts: list[Part]

    @property
    def size(self) -> int:
        """All of it, in bytes."""
        return sum(part.size for part in self.parts)


class Hashing:
    """A file to read from that is hashed on the way."""

    def __init__(self, inner: IO[bytes], told: Told) -> None:
        self._inner = inner
        self._told = told
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As a file does."""
        piece = self._inner.read(size)
        self._hash.update(piece)
        self._told(len(piece))
        return piece

    @property
    def sha256(self) -> str:
        """Of what was read so far."""
        return self._hash.hexdigest()


def read(path: Path) -> Manifest:
    """The manifest of a backup. Raises NoBackup."""
    try:
        with tarfile.open(path) as tar:
            inner = tar.extractfile(MANIFEST)
            if inner is None:
                raise NoBackup
            manifest = Manifest.model_validate_json(inner.read())
    except (tarfile.TarError, KeyError, ValidationError, EOFError, OSError) as error:
        raise NoBackup(why=str(path)) from error
    if manifest.format != FORMAT:
        raise NoBackup(why=f"its format is {manifest.format}; this desk reads {FORMAT}.")
    return manifest


def verify(path: Path, manifest: Manifest, told: Told) -> None:
    """Read all of a backup and compare its checksums. Raises Damaged."""
    wanted = {part.name: part for part in manifest.parts}
    try:
        with tarfile.open(path) as tar:
            for name, inner in files(tar):
                part = wanted.pop(name, None)
                if part is None or _hash(inner, told) != part.sha256:
                    raise Damaged(why=f"{name} is not as it was written.")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Damaged(why=f"{path}: {error}") from error
    if wanted:
        raise Damaged(why=f"{next(iter(wanted))} is missing.")


def files(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    """Every file of a backup but its manifest."""
    for member in tar:
        inner = tar.extractfile(member) if member.isreg() else None
        if inner is not None and member.name != MANIFEST:
            yield member.name, inner


def _hash(inner: IO[bytes], told: Told) -> str:
    hashing = Hashing(inner, told)
    while hashing.read(_CHUNK):
        pass
    return hashing.sha256
