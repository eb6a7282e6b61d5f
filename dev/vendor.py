"""Bring what the console's page is built on: `.venv/bin/python -m dev.vendor` (needs npm)."""

import hashlib
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIST = ROOT / "sla_service" / "console" / "vendor.toml"
FOLDER = ROOT / "sla_service" / "console" / "static" / "vendor"
NOTICES = ROOT / "THIRD_PARTY_NOTICES"
_HEAD = "# What the page brings along. Change a version here, then run: python -m dev.vendor\n"
_INTRO = (
    "Balcão brings these along for the console's page, in sla_service/console/static/vendor.\n"
    "Everything else is installed from its own packages, under their own licences.\n"
)
_RULE = "=" * 78

Package = Mapping[str, Any]


def main() -> None:
    """Fetch each package at its version, keep the files that are listed, and note their hashes."""
    FOLDER.mkdir(exist_ok=True)
    texts = [_HEAD]
    notices = [_INTRO]
    for package in packages():
        with tempfile.TemporaryDirectory() as place:
            whole = _fetched(package, Path(place))
            for one in package["files"]:
                (FOLDER / one["to"]).write_bytes((whole / one["from"]).read_bytes())
            notices.append(_notice(package, whole))
        texts.append(_entry(package))
        print(f"{package['name']} {package['version']}")
    _forget_others()
    LIST.write_text("\n".join(texts))
    NOTICES.write_text("\n".join(notices))


def packages() -> list[Package]:
    """What is listed."""
    listed: list[Package] = tomllib.loads(LIST.read_text())["package"]
    return listed


def sha256(path: Path) -> str:
    """The hash of a file, as the list has it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fetched(package: Package, place: Path) -> Path:
    wanted = f"{package['name']}@{package['version']}"
    subprocess.run(["npm", "pack", "--silent", wanted], cwd=place, check=True, capture_output=True)
    with tarfile.open(next(place.glob("*.tgz"))) as bundle:
        bundle.extractall(place, filter="data")
    return place / "package"


def _notice(package: Package, whole: Path) -> str:
    title = f"{package['name']} {package['version']} ({package['licence']})"
    parts = [path.read_text().strip() for path in _licences(whole)]
    return "\n".join([_RULE, title, _RULE, "", "\n\n".join(parts), ""])


def _licences(whole: Path) -> Iterator[Path]:
    for path in sorted(whole.iterdir()):
        if path.is_file() and path.stem.upper() in {"LICENSE", "LICENCE", "NOTICE"}:
            yield path


def _entry(package: Package) -> str:
    head = [f'{name} = "{package[name]}"' for name in ("name", "version", "licence")]
    files = [_line(one["from"], one["to"]) for one in package["files"]]
    return "\n".join(["[[package]]", *head, "files = [", *files, "]", ""])


def _line(source: str, name: str) -> str:
    return f'  {{ from = "{source}", to = "{name}", sha256 = "{sha256(FOLDER / name)}" }},'


def _forget_others() -> None:
    listed = {one["to"] for package in packages() for one in package["files"]}
    for path in FOLDER.iterdir():
        if path.name not in listed:
            path.unlink()


if __name__ == "__main__":
    main()
