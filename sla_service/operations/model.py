"""The name of the bot's model: a fingerprint of all that it is trained from."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

_SINGLE_INPUTS = ("domain.yml", "config.yml", "bot/uv.lock")


def fingerprint(root: Path) -> str:
    """A name for the model that would be trained from the files under `root`."""
    digest = hashlib.sha256()
    for path in _inputs(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _inputs(root: Path) -> Iterator[Path]:
    found = [path for name in _SINGLE_INPUTS if (path := root / name).is_file()]
    found += [path for path in (root / "data").rglob("*") if path.is_file()]
    found += [path for path in (root / "bot").rglob("*.py") if ".venv" not in path.parts]
    yield from sorted(path for path in found if "__pycache__" not in path.parts)


if __name__ == "__main__":
    print(fingerprint(Path.cwd()))  # noqa: T201 - for whoever trains it by hand
