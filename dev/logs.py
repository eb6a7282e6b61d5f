"""One readable stream out of what all processes say."""

import os
import re
import sys
from collections.abc import Iterable
from typing import TextIO

from dev.commands import without_colours

_COLOURS = (36, 35, 33, 34, 32, 96, 95)
_OURS = 37
_BAD = 31
_WARNING = re.compile(r"/\S+/site-packages/\S+:\d+: \w*Deprecat\w*: ")
_LONGEST_WARNING = 3  # lines after the first


class Log:
    """Prefixes each line with the padded, coloured name of the process that said it."""

    def __init__(self, names: Iterable[str], stream: TextIO = sys.stdout) -> None:
        names = list(names)
        self._stream = stream
        self._width = max(map(len, [*names, "dev"]))
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ
        self._colours = {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(names)}
        self._inside_warning = dict.fromkeys(names, 0)

    def line(self, name: str, text: str) -> None:
        """Pass on a line that the process `name` said."""
        if not self._is_noise(name, text):
            prefix = self._painted(f"{name:<{self._width}} │", self._colours[name])
            self._write(f"{prefix} {text if self._coloured else without_colours(text)}")

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say something ourselves."""
        prefix = self._painted(f"{'dev':<{self._width}} │", _OURS)
        self._write(f"{prefix} {self._painted(text, _BAD) if bad else text}")

    def _is_noise(self, name: str, text: str) -> bool:
        """Whether the line belongs to a library's warning of another library's deprecation.

        Such a warning ends with the line of source that caused it, which is indented. Python's
        own filters don't reach them: some libraries set theirs when they are imported.
        """
        if _WARNING.match(text):
            self._inside_warning[name] = _LONGEST_WARNING
            return True
        left = self._inside_warning[name]
        self._inside_warning[name] = 0 if text.startswith("  ") else max(0, left - 1)
        return left > 0

    def _painted(self, text: str, colour: int) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured else text

    def _write(self, text: str) -> None:
        self._stream.write(f"{text}\n")
        self._stream.flush()
